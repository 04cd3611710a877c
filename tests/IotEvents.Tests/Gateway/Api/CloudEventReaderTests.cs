using System.Text;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api.CloudEvents;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Api;

public sealed class CloudEventReaderTests
{
    private const string Head = """ "specversion":"1.0","id":"1","type":"a.b","source":"/x" """;

    private static readonly Timestamp Now = Timestamp.FromUnixMilliseconds(1_770_000_000_000);

    [Fact]
    public void ReadJson_EveryConformanceCase_IsJudgedRight()
    {
        var path = SharedData.Find("cloudevents-json/cases.jsonl");
        Assert.SkipUnless(path is not null, "../shared/data/cloudevents-json is not here");
        var wrong = new List<string>();
        var cases = File.ReadLines(path!).Where(line => line.Length > 0).ToList();
        foreach (var line in cases)
        {
            using var one = JsonDocument.Parse(line);
            var batch = one.RootElement.TryGetProperty("batch", out var body);
            body = batch ? body : one.RootElement.GetProperty("event");
            var problem = CloudEventReader.ReadJson(Encoding.UTF8.GetBytes(body.GetRawText()), batch, Now, []);
            if (problem is null != one.RootElement.GetProperty("valid").GetBoolean())
            {
                wrong.Add($"{one.RootElement.GetProperty("id")}: {problem ?? "accepted"}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(cases.Count >= 43, $"only {cases.Count} cases");
    }

    [Fact]
    public void ReadJson_AllAttributes_AreKept()
    {
        var read = One($$"""{ {{Head}}, "subject":"s", "time":"2026-01-31T12:00:00.123456789+01:00", "flag":true, "n":7, "data":{"v":1.50} }""");

        Assert.Equal(("1", "a.b", "/x", "s"), (read.Id, read.Type, read.Source, read.Subject));
        Assert.Equal(1_769_857_200_123_456_789, read.Time.Nanoseconds);
        Assert.Equal(Now, read.RecordedAt);
        Assert.Equal("""{"v":1.50}""", Encoding.UTF8.GetString(read.Data.Span));
        Assert.Equal(new Dictionary<string, string> { ["flag"] = "true", ["n"] = "7" }, read.Extensions);
    }

    [Fact]
    public void ReadJson_NoTime_IsWhenItCame() => Assert.Equal(Now, One($"{{ {Head} }}").Time);

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"1","id":"2","type":"a","source":"/x"}""", "JSON")]
    [InlineData("""{"specversion":"1.0","id":"\ud800","type":"a","source":"/x"}""", "Unicode")]
    [InlineData("""{"specversion":"1.0","id":"a\u0000","type":"a","source":"/x"}""", "id")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"a\nevent: b","source":"/x"}""", "type")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"iotevents.threshold.raised","source":"/x"}""", "gateway's own")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"a","source":"/x","time":"1600-01-01T00:00:00Z"}""", "time")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"a","source":"/x","time":"2026-02-30T00:00:00Z"}""", "time")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"a","source":"/x","big":2147483648}""", "big")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"a","source":"/x","list":[]}""", "list")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"a","source":"/x","data_base64":"%%"}""", "Base64")]
    [InlineData("[]", "object")]
    [InlineData("", "JSON")]
    [InlineData("{", "JSON")]
    public void ReadJson_Hostile_IsRefusedWithTheReason(string body, string reason)
    {
        var into = new List<EventRecord>();

        Assert.Contains(reason, CloudEventReader.ReadJson(Encoding.UTF8.GetBytes(body), batch: false, Now, into), StringComparison.Ordinal);
        Assert.Empty(into);
    }

    [Fact]
    public void ReadJson_AttributeAtTheLimit_IsTakenAndOneBeyondRefused()
    {
        string Body(int length) => $$"""{ {{Head}}, "ext":"{{new string('x', length)}}" }""";

        Assert.NotNull(One(Body(CloudEventText.AttributeCharactersMax)).Extensions);
        Assert.NotNull(CloudEventReader.ReadJson(Encoding.UTF8.GetBytes(Body(CloudEventText.AttributeCharactersMax + 1)), false, Now, []));
    }

    [Fact]
    public void ReadJson_OneBadEventOfABatch_TakesNone()
    {
        var into = new List<EventRecord>();
        var problem = CloudEventReader.ReadJson(Encoding.UTF8.GetBytes($$"""[{ {{Head}} },{}]"""), batch: true, Now, into);

        Assert.StartsWith("Event 2:", problem, StringComparison.Ordinal);
        Assert.Empty(into);
    }

    [Theory]
    [InlineData(CloudEventReader.EventsMax, true)]
    [InlineData(CloudEventReader.EventsMax + 1, false)]
    public void ReadJson_BatchAroundTheLimit_IsJudged(int count, bool taken)
    {
        var body = $"[{string.Join(',', Enumerable.Repeat($"{{{Head}}}", count))}]";

        Assert.Equal(taken, CloudEventReader.ReadJson(Encoding.UTF8.GetBytes(body), batch: true, Now, []) is null);
    }

    [Theory]
    [InlineData("application/json", """{"v":1}""", """{"v":1}""")]
    [InlineData("text/plain; charset=utf-8", "21.4 °C", "\"21.4 \\u00B0C\"")]
    public void ReadBinary_TextAndJson_BecomeJsonData(string type, string body, string data)
    {
        var read = Binary(Encoding.UTF8.GetBytes(body), ("Content-Type", type));

        Assert.Equal(data, Encoding.UTF8.GetString(read.Data.Span));
        Assert.Equal(type, read.Extensions!["datacontenttype"]);
    }

    [Fact]
    public void ReadBinary_Bytes_AreKeptAsBase64AndWrittenSo()
    {
        var read = Binary([0xff, 0x00], ("Content-Type", "application/octet-stream"));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            CloudEventWriter.Write(json, read);
        }

        using var written = JsonDocument.Parse(buffer.ToArray());
        Assert.Equal("/wA=", written.RootElement.GetProperty("data_base64").GetString());
        Assert.False(written.RootElement.TryGetProperty("data", out _));
    }

    [Fact]
    public void ReadBinary_EscapedHeader_IsReadBack() =>
        Assert.Equal("Zürich", Binary([], ("ce-subject", "Z%C3%BCrich")).Subject);

    [Fact]
    public void ReadBinary_BodyIsNotTheJsonItSays_IsRefused()
    {
        var headers = new Dictionary<string, string> { ["ce-specversion"] = "1.0", ["ce-id"] = "1", ["ce-type"] = "a", ["ce-source"] = "/x" };

        Assert.NotNull(CloudEventReader.ReadBinary(headers, "{"u8.ToArray(), Now, []));
    }

    [Fact]
    public void Write_WhatWasRead_ReadsBackTheSame()
    {
        var read = One($$"""{ {{Head}}, "subject":"s", "time":"2026-01-31T12:00:00Z", "ext":"e", "datacontenttype":"application/json", "data":[1,"ü"] }""");
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            CloudEventWriter.Write(json, read);
        }

        var again = One(Encoding.UTF8.GetString(buffer.ToArray()));
        Assert.Equal((read.Id, read.Type, read.Source, read.Subject, read.Time), (again.Id, again.Type, again.Source, again.Subject, again.Time));
        Assert.Equal(read.Data.ToArray(), again.Data.ToArray());
        Assert.Equal(read.Extensions, again.Extensions);
    }

    private static EventRecord One(string body)
    {
        var into = new List<EventRecord>();
        Assert.Null(CloudEventReader.ReadJson(Encoding.UTF8.GetBytes(body), batch: false, Now, into));
        return Assert.Single(into);
    }

    private static EventRecord Binary(byte[] body, params (string Name, string Value)[] more)
    {
        var headers = new Dictionary<string, string> { ["ce-specversion"] = "1.0", ["ce-id"] = "1", ["ce-type"] = "a", ["ce-source"] = "/x" };
        foreach (var (name, value) in more)
        {
            headers[name] = value;
        }

        var into = new List<EventRecord>();
        Assert.Null(CloudEventReader.ReadBinary(headers, body, Now, into));
        return Assert.Single(into);
    }
}
