using System.Buffers;
using System.Text;
using System.Text.Json;
using IotEvents.Gateway.Sinks.InfluxDb;
using Xunit;

namespace IotEvents.Tests.Gateway.Sinks.InfluxDb;

public sealed class LineProtocolTests
{
    [Fact]
    public void Write_PublicCorpus_GivesTheSameLines()
    {
        var file = Path.Combine(Data(), "line-protocol", "encode.jsonl");
        Assert.SkipUnless(File.Exists(file), $"{file} is not there");
        var compared = 0;
        foreach (var text in File.ReadLines(file))
        {
            using var json = JsonDocument.Parse(text);
            var point = json.RootElement.GetProperty("input").GetProperty("point");
            if (!point.GetProperty("fields").EnumerateArray().All(field => IsOurs(field.GetProperty("value"))))
            {
                continue; // Whole numbers and booleans: the sink writes neither.
            }

            Assert.Equal(json.RootElement.GetProperty("output").GetProperty("result").GetString(), Write(point));
            compared++;
        }

        Assert.True(compared >= 30, $"only {compared} cases were compared");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a b,c=d", @"a\ b\,c=d")]
    [InlineData("#comment", "_comment")]
    [InlineData("a#b", "a#b")]
    [InlineData("a\nb", "a_b")]
    [InlineData(@"back\slash", @"back\slash")]
    [InlineData(@"end\", "end_")]
    [InlineData("température", "température")]
    public void Measurement_AnyName_StaysOneName(string name, string expected) =>
        Assert.Equal(expected, Line(line => LineProtocol.Measurement(line, name)));

    [Theory]
    [InlineData("site", "hamburg", ",site=hamburg")]
    [InlineData("a b", "c=d,e f", @",a\ b=c\=d\,e\ f")]
    [InlineData("site", "", "")]
    [InlineData("", "x", "")]
    [InlineData("site", "x\r\ny\0", ",site=x__y_")]
    [InlineData("site", @"C:\", ",site=C:_")]
    [InlineData("#", "#", ",#=#")]
    public void Tag_AnyValue_StaysOneTag(string key, string value, string expected) =>
        Assert.Equal(expected, Line(line => LineProtocol.Tag(line, key, value)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(21.5, "21.5")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(1e21, "1e+21")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(double.Epsilon, "5e-324")]
    public void Float_GivesTheShortestThatReadsBack(double value, string expected)
    {
        Assert.Equal(expected, Line(line => LineProtocol.Float(line, value)));
        Assert.Equal(value, double.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(long.MaxValue, " 9223372036854775807\n")]
    [InlineData(long.MinValue + 1, " -9223372036854775807\n")]
    public void End_GivesNanoseconds(long time, string expected) => Assert.Equal(expected, Line(line => LineProtocol.End(line, time)));

    internal static string Data()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IotEvents.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? "", "shared", "data");
    }

    private static bool IsOurs(JsonElement value) => value.TryGetProperty("float", out _) || value.TryGetProperty("string", out _);

    private static string Write(JsonElement point) => Line(line =>
    {
        LineProtocol.Measurement(line, point.GetProperty("name").GetString()!);
        foreach (var tag in point.GetProperty("tags").EnumerateArray())
        {
            LineProtocol.Tag(line, tag.GetProperty("key").GetString()!, tag.GetProperty("value").GetString()!);
        }

        var separator = " ";
        foreach (var field in point.GetProperty("fields").EnumerateArray())
        {
            line.Write(Encoding.UTF8.GetBytes(separator));
            separator = ",";
            LineProtocol.FieldKey(line, field.GetProperty("key").GetString()!);
            WriteValue(line, field.GetProperty("value"));
        }

        LineProtocol.End(line, point.GetProperty("time").GetInt64());
    }).TrimEnd('\n');

    private static void WriteValue(ArrayBufferWriter<byte> line, JsonElement value)
    {
        if (value.TryGetProperty("float", out var number))
        {
            LineProtocol.Float(line, number.GetDouble());
        }
        else
        {
            LineProtocol.String(line, value.GetProperty("string").GetString()!);
        }
    }

    private static string Line(Action<ArrayBufferWriter<byte>> write)
    {
        var line = new ArrayBufferWriter<byte>();
        write(line);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}
