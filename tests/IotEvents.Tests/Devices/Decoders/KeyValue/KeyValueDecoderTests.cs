using IotEvents.Devices.Contracts;
using IotEvents.Devices.Decoders.KeyValue;
using Xunit;

namespace IotEvents.Tests.Devices.Decoders.KeyValue;

public sealed class KeyValueDecoderTests : DecoderConformance
{
    protected override IReadOnlyList<string> Samples =>
        ["T=21.5 H=40", "temp:21.5;hum:40", "T=21.5C,H=40%", "T: 21.5 °C", "ts=1700000000&a=1|b=\"on\""];

    protected override IPayloadDecoder Create() => new KeyValueDecoder();

    [Theory]
    [InlineData("T=21.5 H=40", "site/a/T=21.5 site/a/H=40")]
    [InlineData("temp:21.5;hum:40", "site/a/temp=21.5 site/a/hum=40")]
    [InlineData("T=21.5C,H=40%", "site/a/T=21.5°C site/a/H=40%")]
    [InlineData("T=21,5;H=40", "site/a/T=21.5 site/a/H=40")]
    [InlineData("T: 21.5 °C H: 40", "site/a/T=21.5°C site/a/H=40")]
    [InlineData("T = 21.5 L = 40", "site/a/T=21.5 site/a/L=40")]
    [InlineData("a=1 a=2", "site/a/a=2 !duplicate×1")]
    [InlineData("a=1 ts=1700000000", "site/a/a=1@2023-11-14T22:13:20Z")]
    [InlineData("time=2023-11-14T22:13:20Z a=1", "site/a/a=1@2023-11-14T22:13:20Z")]
    [InlineData("time=yesterday a=1", "site/a/a=1 !absurd-time×1")]
    [InlineData("OK a=1", "site/a/a=1 !wrong-type×1")]
    [InlineData("a=nan b=2", "site/a/b=2 !not-finite×1")]
    [InlineData("a= b", "!wrong-type×1")]
    [InlineData("a/b=1", "site/a/a_b=1")]
    [InlineData("no pairs here", "!!malformed")]
    [InlineData(" \r\n", "!!empty")]
    public void Decode_Pairs_BecomeReadings(string payload, string expected) =>
        Assert.Equal(expected, Decoding.Show(new KeyValueDecoder(), payload));

    [Fact]
    public void Decode_NameAtTheLimit_IsReadAndBeyondCounted()
    {
        Assert.EndsWith("=1", Decoding.Show(new KeyValueDecoder(), new string('n', 128) + "=1"));
        Assert.Equal("!oversize×1", Decoding.Show(new KeyValueDecoder(), new string('n', 129) + "=1"));
    }

    [Fact]
    public void Decode_NotUtf8_SaysSo() =>
        Assert.Equal(RejectReason.BadUtf8, Decoding.Run(new KeyValueDecoder(), [(byte)'a', (byte)'=', 0xFF], new ReadingBuffer()));
}
