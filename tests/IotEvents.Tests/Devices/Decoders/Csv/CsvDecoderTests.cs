using IotEvents.Devices.Contracts;
using IotEvents.Devices.Decoders.Csv;
using Xunit;

namespace IotEvents.Tests.Devices.Decoders.Csv;

public sealed class CsvDecoderTests : DecoderConformance
{
    protected override IReadOnlyList<string> Samples =>
        ["temp [°C],hum\n21.5,40\n", "21.5;40,5", "time\ta\r\n2023-11-14T22:13:20Z\t1\r\n2023-11-14T22:13:21Z\t2", "1 2 3"];

    protected override IPayloadDecoder Create() => new CsvDecoder();

    [Theory]
    [InlineData("temp,hum\n21.5,40", "site/a/temp=21.5 site/a/hum=40")]
    [InlineData("temp [°C],hum (%),door (left)\n21.5,40,1", "site/a/temp=21.5°C site/a/hum=40% site/a/door (left)=1")]
    [InlineData("temp [furlong],hum\n21.5,40", "site/a/hum=40 !unknown-unit×1")]
    [InlineData("21.5,40", "site/a/column_1=21.5 site/a/column_2=40")]
    [InlineData("a;b\n1,5;2", "site/a/a=1.5 site/a/b=2")]
    [InlineData("ts,a\n1700000000,1\n1700000001,2", "site/a/a=1@2023-11-14T22:13:20Z site/a/a=2@2023-11-14T22:13:21Z")]
    [InlineData("ts,a\nnever,1", "site/a/a=1 !absurd-time×1")]
    [InlineData("a,b\n,2", "site/a/b=2")]
    [InlineData("a,b\n1,2,3", "site/a/a=1 site/a/b=2 !too-many×1")]
    [InlineData("a,b\nx,nan", "!wrong-type×1 !not-finite×1")]
    [InlineData("a,a\n1,2", "site/a/a=2 !duplicate×1")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"", "site/a/a=1 site/a/b=2")]
    [InlineData("a,b", "!!empty")]
    public void Decode_Lines_BecomeReadings(string payload, string expected) =>
        Assert.Equal(expected, Decoding.Show(new CsvDecoder(), payload));

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    public void Decode_Columns_AreLimited(int columns, bool isCounted)
    {
        var output = new ReadingBuffer();
        Decoding.Run(new CsvDecoder(), System.Text.Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Repeat("1", columns))), output);
        Assert.Equal(64, output.Count);
        Assert.Equal(isCounted ? 1 : 0, output.Rejected(RejectReason.TooMany));
    }

    [Theory]
    [InlineData("temp,hum", true)]
    [InlineData("temp,21.5", false)]
    [InlineData("on,off", false)]
    [InlineData("2023-11-14T22:13:20Z,a", false)]
    [InlineData(",", false)]
    [InlineData("", false)]
    public void IsHeader_Line_HasNamesOnly(string line, bool expected) =>
        Assert.Equal(expected, CsvDecoder.IsHeader(System.Text.Encoding.UTF8.GetBytes(line)));
}
