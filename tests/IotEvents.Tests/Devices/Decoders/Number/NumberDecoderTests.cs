using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Decoders.Number;
using Xunit;

namespace IotEvents.Tests.Devices.Decoders.Number;

public sealed class NumberDecoderTests : DecoderConformance
{
    protected override IReadOnlyList<string> Samples => ["21.5", " -3e2\n", "ON", "21.5 °C", "40%", "\"closed\""];

    protected override IPayloadDecoder Create() => new NumberDecoder();

    [Theory]
    [InlineData("21.5", "home/kitchen/temp=21.5")]
    [InlineData(" 21.5\r\n", "home/kitchen/temp=21.5")]
    [InlineData("\"21.5\"", "home/kitchen/temp=21.5")]
    [InlineData("21.5C", "home/kitchen/temp=21.5°C")]
    [InlineData("21.5 °C", "home/kitchen/temp=21.5°C")]
    [InlineData("+5", "home/kitchen/temp=5")]
    [InlineData(".5", "home/kitchen/temp=0.5")]
    [InlineData("on", "home/kitchen/temp=1")]
    [InlineData("CLOSED", "home/kitchen/temp=0")]
    [InlineData("online", "home/kitchen/temp=1")]
    [InlineData("nan", "!!not-finite")]
    [InlineData("-Infinity", "!!not-finite")]
    [InlineData("1e999", "!!not-finite")]
    [InlineData("hello", "!!wrong-type")]
    [InlineData("21.5 furlong", "!!wrong-type")]
    [InlineData("1,5", "!!wrong-type")]
    [InlineData("\"\"", "!!wrong-type")]
    [InlineData("  ", "!!empty")]
    public void Decode_OneValue_IsNamedByTheAddress(string payload, string expected) =>
        Assert.Equal(expected, Decoding.Show(new NumberDecoder(), payload, "home/kitchen/temp"));

    [Fact]
    public void Decode_MetricAtTheLimit_IsReadAndBeyondRefused()
    {
        Assert.EndsWith("=1", Decoding.Show(new NumberDecoder(), "1", "a/" + new string('m', 128)));
        Assert.Equal("!!invalid-topic", Decoding.Show(new NumberDecoder(), "1", "a/" + new string('m', 129)));
    }

    [Fact]
    public void Decode_LongText_IsNoValue()
    {
        Assert.Equal("site/a=1", Decoding.Show(new NumberDecoder(), new string('0', 63) + "1"));
        Assert.Equal("!!wrong-type", Decoding.Show(new NumberDecoder(), new string('0', 64) + "1"));
    }

    [Fact]
    public void Decode_NotUtf8_SaysSo() =>
        Assert.Equal(RejectReason.BadUtf8, Decoding.Run(new NumberDecoder(), [0xFF, 0xFE, 0x31], new ReadingBuffer(), Encoding.UTF8.GetString("a/b"u8)));
}
