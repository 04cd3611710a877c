using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Decoders.Json;
using Xunit;

namespace IotEvents.Tests.Devices.Decoders.Json;

public sealed class JsonDecoderTests : DecoderConformance
{
    private static readonly JsonDecoder Decoder = new();

    protected override IReadOnlyList<string> Samples =>
    [
        """{"temperature":21.5,"humidity":40}""",
        """{"Time":"2023-11-14T22:13:20+01:00","ENERGY":{"Power":12,"Voltage":[230,231.5]},"POWER":"ON","nothing":null,"t":nan}""",
        """[{"ts":1700000000,"a":1},{"ts":1700000001,"a":2}]""",
        """{"value":21.5,"unit":"\u00b0C","na\u006de/\n":1e3}""",
        "21.5", "[1,2.5]",
    ];

    protected override IPayloadDecoder Create() => new JsonDecoder();

    [Theory]
    [InlineData("""{"t":21.5}""", "site/a/t=21.5")]
    [InlineData("""{"a":{"b":{"c":1}},"d":2}""", "site/a/a.b.c=1 site/a/d=2")]
    [InlineData("""{"v":[1,2,{"x":3}]}""", "site/a/v.0=1 site/a/v.1=2 site/a/v.2.x=3")]
    [InlineData("""{"a":true,"b":false}""", "site/a/a=1 site/a/b=0")]
    [InlineData("""{"a":"ON","b":"off","c":"open","d":"CLOSED","e":"online","f":"offline"}""",
        "site/a/a=1 site/a/b=0 site/a/c=1 site/a/d=0 site/a/e=1 site/a/f=0")]
    [InlineData("""{"a":"21.5","b":" 3e2 ","c":"22.5 °C","d":"55%"}""", "site/a/a=21.5 site/a/b=300 site/a/c=22.5°C site/a/d=55%")]
    [InlineData("""{"a":1,"id":"3F","ver":"1.2.3","mac":"00:11"}""", "site/a/a=1 !wrong-type×3")]
    [InlineData("""{"a":1,"b":"text","c":null}""", "site/a/a=1 !wrong-type×2")]
    [InlineData("""{"a":-0,"b":-0.0}""", "site/a/a=0 site/a/b=0")]
    [InlineData("{}", "!!empty")]
    [InlineData("[]", "!!empty")]
    [InlineData("  ", "!!empty")]
    [InlineData("\uFEFF{\"a\":1}", "site/a/a=1")]
    [InlineData("""{"a/b":1,"c\u0000d":2,"":3,"e\u0085f":4}""", "site/a/a_b=1 site/a/c_d=2 site/a/_=3 site/a/e_f=4")]
    [InlineData("""{"a":1,"a":2}""", "site/a/a=2 !duplicate×1")]
    [InlineData("""{"\u0061":1,"x\"y":2}""", "site/a/a=1 site/a/x\"y=2")]
    public void Decode_Members_BecomeReadings(string json, string expected) => Assert.Equal(expected, Decoding.Show(Decoder, json));

    [Theory]
    [InlineData("""{"t":nan,"h":40}""")]
    [InlineData("""{"t":NaN,"h":40}""")]
    [InlineData("""{"t":-nan,"h":40}""")]
    [InlineData("""{"t":Infinity,"h":40}""")]
    [InlineData("""{"t":-inf,"h":40}""")]
    [InlineData("""{"t":"nan","h":40}""")]
    [InlineData("""{"t":1e400,"h":40}""")]
    [InlineData("""{"t":-1e400,"h":40}""")]
    public void Decode_NotFinite_CostsItsMemberOnly(string json) =>
        Assert.Equal("site/a/h=40 !not-finite×1", Decoding.Show(Decoder, json));

    [Theory]
    [InlineData("""{"value":21.5,"unit":"C"}""", "site/a/value=21.5°C")]
    [InlineData("""{"unit":"\u00b0C","value":21.5}""", "site/a/value=21.5°C")]
    [InlineData("""{"p":{"u":"kPa","value":"101"}}""", "site/a/p.value=101kPa")]
    [InlineData("""{"value":21.5,"unit":"furlong"}""", "!unknown-unit×1")]
    [InlineData("""{"value":null,"unit":"C"}""", "!wrong-type×1")]
    [InlineData("""{"value":21.5,"unit":""}""", "site/a/value=21.5")]
    [InlineData("""{"value":1,"value":2}""", "site/a/value=2 !duplicate×1")]
    [InlineData("""{"u":230}""", "site/a/u=230")]
    [InlineData("""{"unit":"C","a":1}""", "site/a/a=1 !wrong-type×1")]
    [InlineData("""{"value":{"x":1},"unit":"C"}""", "site/a/value.x=1 !wrong-type×1")]
    public void Decode_ValueAndUnit_BelongTogether(string json, string expected) =>
        Assert.Equal(expected, Decoding.Show(Decoder, json));

    [Theory]
    [InlineData("""{"a":1,"ts":1700000000}""", "site/a/a=1@2023-11-14T22:13:20Z")]
    [InlineData("""{"Time":"2023-11-14T22:13:20","a":1}""", "site/a/a=1@2023-11-14T22:13:20Z")]
    [InlineData("""{"timestamp":"1700000000123","a":1}""", "site/a/a=1@2023-11-14T22:13:20.123Z")]
    [InlineData("""{"time":5,"a":1}""", "site/a/a=1 !absurd-time×1")]
    [InlineData("""{"time":"soon","a":1}""", "site/a/a=1 !absurd-time×1")]
    [InlineData("""{"time":null,"a":1}""", "site/a/a=1 !absurd-time×1")]
    [InlineData("""{"a":{"time":7}}""", "site/a/a.time=7")]
    [InlineData("""[{"ts":1700000000,"a":1},{"a":2}]""", "site/a/a=1@2023-11-14T22:13:20Z site/a/a=2")]
    public void Decode_TimeMember_IsTheRecordsTime(string json, string expected) => Assert.Equal(expected, Decoding.Show(Decoder, json));

    [Theory]
    [InlineData("21.5", "home/kitchen/temp", "home/kitchen/temp=21.5")]
    [InlineData("\"ON\"", "home/relay", "home/relay=1")]
    [InlineData("[1,2]", "home/kitchen/temp", "home/kitchen/temp.0=1 home/kitchen/temp.1=2")]
    [InlineData("7", "meter", "meter/value=7")]
    [InlineData("null", "home/x", "!wrong-type×1")]
    [InlineData("""{"a":1}""", "tele/plug/SENSOR", "tele/plug/a=1")]
    [InlineData("""{"a":1}""", "/site/b/telemetry/", "site/b/a=1")]
    [InlineData("""{"a":1}""", "telemetry", "telemetry/a=1")]
    public void Decode_Address_NamesDeviceAndMetric(string json, string address, string expected) =>
        Assert.Equal(expected, Decoding.Show(Decoder, json, address));

    [Theory]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":1.}""")]
    [InlineData("""{"a":.5}""")]
    [InlineData("""{"a":+1}""")]
    [InlineData("""{"a":1}x""")]
    [InlineData("""{'a':1}""")]
    [InlineData("{\"a\":1 // no\n}")]
    [InlineData("""{"a":TRUE}""")]
    [InlineData("-")]
    public void Decode_NotJson_IsMalformedAsAWhole(string json) => Assert.Equal("!!malformed", Decoding.Show(Decoder, json));

    [Fact]
    public void Decode_DepthAtTheLimit_IsReadAndBeyondRefused()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{\"b\":1}" + new string('}', depth - 1);

        Assert.EndsWith(".b=1", Decoding.Show(Decoder, Nested(JsonDecoder.DepthMax)));
        Assert.Equal("!!too-deep", Decoding.Show(Decoder, Nested(JsonDecoder.DepthMax + 1)));
        Assert.Equal("!!too-deep", Decoding.Show(Decoder, new string('[', 100_000)));
    }

    [Fact]
    public void Decode_NameAtTheLimit_IsReadAndBeyondCounted()
    {
        static string Named(int length) =>
            $$$"""{"{{{new string('n', length)}}}":1,"b":2,"{{{new string('o', length - 2)}}}":{"p":3}}""";

        Assert.EndsWith("p=3", Decoding.Show(Decoder, Named(128)));
        Assert.Equal("site/a/b=2 !oversize×2", Decoding.Show(Decoder, Named(129)));
        Assert.Equal("site/a/b=2 !oversize×1", Decoding.Show(Decoder, $$"""{"\u0061{{new string('n', 5000)}}":1,"b":2}"""));
    }

    [Fact]
    public void Decode_MoreValuesThanTheLimit_AreCounted()
    {
        var items = string.Join(',', Enumerable.Range(0, ReadingBuffer.ReadingsMax + 1));
        Assert.EndsWith("!too-many×1", Decoding.Show(Decoder, $"[{items}]"));
    }

    [Fact]
    public void Decode_NotUtf8_SaysSo()
    {
        var output = new ReadingBuffer();
        Assert.Equal(RejectReason.BadUtf8, Decoding.Run(Decoder, [(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}'], output));
        Assert.Equal(RejectReason.BadUtf8, Decoding.Run(Decoder, Encoding.Unicode.GetBytes("{\"a\":1}"), output));
        Assert.Equal(RejectReason.BadUtf8, Decoding.Run(Decoder, Encoding.BigEndianUnicode.GetBytes("{\"a\":1}"), output));
        Assert.Equal(RejectReason.BadUtf8, Decoding.Run(Decoder, "{\"\\ud800\":1}"u8, output));
    }

    [Fact]
    public void Decode_SeededNumbers_AreTheNearestDoubles()
    {
        const int seed = 99;
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var digits = random.NextInt64(0, (long)Math.Pow(10, random.Next(1, 19))).ToString(CultureInfo.InvariantCulture);
            var fraction = random.Next(3) == 0 ? "" : "." + random.NextInt64(0, (long)Math.Pow(10, random.Next(1, 18)));
            var exponent = random.Next(4) == 0 ? "e" + random.Next(-30, 30) : "";
            var text = (random.Next(2) == 0 ? "-" : "") + digits + fraction + exponent;
            var output = new ReadingBuffer();
            Assert.Equal(RejectReason.None, Decoding.Run(Decoder, Encoding.UTF8.GetBytes($"{{\"a\":{text}}}"), output));
            var expected = double.Parse(text, CultureInfo.InvariantCulture);
            Assert.True(expected == output[0].Value, $"seed {seed}: {text}");
        }
    }
}
