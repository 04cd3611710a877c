using System.Text;
using IotEvents.Devices.Decoders;
using IotEvents.Devices.Decoders.Json;
using Xunit;

namespace IotEvents.Tests.Devices.Decoders;

public class PayloadDecodersTests
{
    [Fact]
    public void Names_ByDefault_AreTheFourFamilies() => Assert.Equal(["csv", "json", "kv", "number"], new PayloadDecoders().Names);

    [Fact]
    public void Get_KnownAndUnknown_FindsOrNamesTheKnown()
    {
        var decoders = new PayloadDecoders();
        Assert.Equal("kv", decoders.Get("kv").Name);
        Assert.Contains("csv, json, kv, number", Assert.Throws<ArgumentException>(() => decoders.Get("xml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NameTwice_Throws() => Assert.Throws<ArgumentException>(() => new PayloadDecoders(new JsonDecoder()));

    [Theory]
    [InlineData("{\"a\":1}", "json")]
    [InlineData(" \n[1]", "json")]
    [InlineData("\uFEFF{}", "json")]
    [InlineData("21.5", "number")]
    [InlineData("ON", "number")]
    [InlineData("", "number")]
    public void Choose_UnknownMessage_LooksAtItsBeginning(string payload, string expected) =>
        Assert.Equal(expected, new PayloadDecoders().Choose(Encoding.UTF8.GetBytes(payload)).Name);
}
