using System.IO.Compression;
using System.Net;
using System.Text;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Sinks.InfluxDb;
using IotEvents.Tests.Gateway.Alerts.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Sinks.InfluxDb;

public sealed class InfluxSinkTests : IAsyncDisposable
{
    private readonly JumpingClock _clock = new(Batches.Start.ToDateTimeOffset(), neverEnds: TimeSpan.FromSeconds(30));
    private readonly Batches _batches = new();
    private readonly List<string> _stored = [];
    private readonly FakeReceiver _server;
    private Func<ReceivedRequest, string[], string> _answer = (_, _) => Ok;

    public InfluxSinkTests() => _server = new FakeReceiver(async (request, socket, stop) =>
    {
        var answer = _answer(request, Lines(request));
        if (answer == Ok)
        {
            lock (_stored)
            {
                _stored.AddRange(Lines(request));
            }
        }

        await FakeReceiver.SendAsync(socket, answer, stop);
    });

    private static string Ok { get; } = FakeReceiver.Answer("204 No Content");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Consume_Accepted_ReturnsTheNextOffset()
    {
        Assert.Equal(9, await ConsumeAsync(Options(), _batches.Of(7, 3), _batches.Of(8, 2, first: 3)));
        Assert.Equal(5, _stored.Count);
        var request = Assert.Single(_server.Requests);
        Assert.Equal("POST /write?db=iotevents&precision=ns HTTP/1.1", request.Line);
        Assert.Equal("gzip", request.Headers["Content-Encoding"]);
    }

    [Fact]
    public async Task Consume_Version1WithUser_SendsBasicAuthorization()
    {
        await ConsumeAsync(Options() with { Username = "u", Password = "p:ä", Database = "a b" }, _batches.Of(1, 1));
        var request = Assert.Single(_server.Requests);
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("u:p:ä"))}", request.Headers["Authorization"]);
        Assert.StartsWith("POST /write?db=a%20b&", request.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Consume_Version2And3_SendTokenOrganizationAndBucket(int version)
    {
        var options = Options() with { Version = version, Organization = "o&", Bucket = "b", Token = "t" };
        await ConsumeAsync(options, _batches.Of(1, 1));
        var request = Assert.Single(_server.Requests);
        Assert.Equal("POST /api/v2/write?org=o%26&bucket=b&precision=ns HTTP/1.1", request.Line);
        Assert.Equal("Token t", request.Headers["Authorization"]);
    }

    [Fact]
    public async Task Consume_UrlWithPath_KeepsIt()
    {
        await ConsumeAsync(Options() with { Url = new Uri(_server.Url, "/influx/") }, _batches.Of(1, 1));
        Assert.StartsWith("POST /influx/write?", Assert.Single(_server.Requests).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consume_NothingToCopy_AsksNobody()
    {
        var batch = _batches.Of(1, 0) with { Events = [Batches.Raised("{}", EventTypes.DeviceOnline)] };
        Assert.Equal(2, await ConsumeAsync(Options(), batch));
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(25, 3)]
    public async Task Consume_MoreLinesThanTheLimit_TakesSeveralRequests(int readings, int requests)
    {
        await ConsumeAsync(Options() with { BatchLinesMax = 10 }, _batches.Of(1, readings));
        Assert.Equal(requests, _server.Requests.Count);
        Assert.Equal(readings, _stored.Distinct().Count());
        Assert.All(_server.Requests, request => Assert.InRange(Lines(request).Length, 1, 10));
    }

    [Fact]
    public async Task Consume_MoreBytesThanTheLimit_TakesSeveralRequests()
    {
        _batches.Describe("d", ("site", new string('x', 1_000)));
        await ConsumeAsync(Options(), _batches.Of(1, 2_000));
        Assert.Equal(3, _server.Requests.Count);
        Assert.All(_server.Requests, request => Assert.InRange(Lines(request).Sum(line => line.Length + 1), 1, 1_000_000));
    }

    [Theory]
    [InlineData("401 Unauthorized")]
    [InlineData("403 Forbidden")]
    [InlineData("404 Not Found")]
    [InlineData("429 Too Many Requests")]
    [InlineData("500 Internal Server Error")]
    [InlineData("503 Service Unavailable")]
    [InlineData("302 Found")]
    [InlineData("418 Teapot")]
    public async Task Consume_Outage_WaitsAndLosesNothing(string status)
    {
        var failures = 5;
        _answer = (_, _) => failures-- > 0 ? FakeReceiver.Answer(status, body: "no") : Ok;
        var sink = Sink(Options());

        Assert.Equal(2, await sink.ConsumeAsync([_batches.Of(1, 3)], TestContext.Current.CancellationToken));

        Assert.Equal(3, _stored.Count);
        Assert.Equal(new InfluxSinkStatus(3, 0, 5, ""), sink.Status);
    }

    [Fact]
    public async Task Consume_ConnectionBreaks_WaitsAndLosesNothing()
    {
        var failures = 3;
        _answer = (_, _) => failures-- > 0 ? "" : Ok;
        await ConsumeAsync(Options(), _batches.Of(1, 3));
        Assert.Equal(3, _stored.Count);
    }

    [Fact]
    public async Task Consume_RetryAfter_IsHonoured()
    {
        var asked = new List<DateTimeOffset>();
        _answer = (_, _) =>
        {
            asked.Add(_clock.GetUtcNow());
            return asked.Count == 1 ? FakeReceiver.Answer("429 Too Many Requests", "Retry-After: 120\r\n") : Ok;
        };
        await ConsumeAsync(Options(), _batches.Of(1, 1));
        Assert.InRange((asked[1] - asked[0]).TotalSeconds, 120, 120);
    }

    [Fact]
    public async Task Consume_LongOutage_PausesAtMost30Seconds()
    {
        var asked = new List<DateTimeOffset>();
        _answer = (_, _) =>
        {
            asked.Add(_clock.GetUtcNow());
            return asked.Count <= 12 ? FakeReceiver.Answer("503 Service Unavailable") : Ok;
        };
        await ConsumeAsync(Options(), _batches.Of(1, 1));
        var pauses = asked.Zip(asked.Skip(1), (from, to) => (to - from).TotalSeconds).ToList();
        Assert.All(pauses, pause => Assert.InRange(pause, 0.25, 30));
        Assert.InRange(pauses[^1], 15, 30);
    }

    [Fact]
    public async Task Consume_StoppedInAnOutage_KeepsTheCursor()
    {
        using var stop = new CancellationTokenSource();
        _answer = (_, _) =>
        {
            stop.Cancel();
            return FakeReceiver.Answer("503 Service Unavailable");
        };
        using var sink = Sink(Options());
        Assert.Equal(4, await sink.ConsumeAsync([_batches.Of(4, 3), _batches.Of(5, 3)], stop.Token));
    }

    [Theory]
    [InlineData("400 Bad Request", 1)]
    [InlineData("413 Too Large", 1)]
    [InlineData("422 Unprocessable", 3)]
    public async Task Consume_PoisonLines_AreLeftOutAloneAndTheRestArrives(string status, int poisons)
    {
        var values = Enumerable.Range(0, poisons).Select(i => $"value={(i * 13) + 7} ").ToList();
        _answer = (_, lines) => lines.Any(line => values.Exists(line.Contains)) ? FakeReceiver.Answer(status, body: "bad line") : Ok;
        var sink = Sink(Options());

        Assert.Equal(2, await sink.ConsumeAsync([_batches.Of(1, 100)], TestContext.Current.CancellationToken));

        Assert.Equal(new InfluxSinkStatus(100 - poisons, poisons, 0, ""), sink.Status);
        Assert.Equal(100 - poisons, _stored.Distinct().Count());
    }

    [Fact]
    public async Task Consume_PartialWriteDroppedAll_IsNotHalved()
    {
        _answer = (_, lines) => FakeReceiver.Answer(
            "400 Bad Request", body: $"{{\"error\":\"partial write: field type conflict dropped={lines.Length}\"}}");
        var sink = Sink(Options());
        await sink.ConsumeAsync([_batches.Of(1, 100)], TestContext.Current.CancellationToken);
        Assert.Single(_server.Requests);
        Assert.Equal(100, sink.Status.Quarantined);
    }

    [Fact]
    public async Task Consume_OutageWhileHalving_Waits()
    {
        var requests = 0;
        _answer = (_, lines) => ++requests is 2 or 4 ? FakeReceiver.Answer("503 Service Unavailable")
            : lines.Any(line => line.Contains("value=7 ", StringComparison.Ordinal)) ? FakeReceiver.Answer("400 Bad Request") : Ok;
        await ConsumeAsync(Options(), _batches.Of(1, 16));
        Assert.Equal(15, _stored.Distinct().Count());
    }

    [Fact]
    public async Task Consume_DatabaseMissing_IsCreated()
    {
        var created = false;
        _answer = (request, _) =>
        {
            created |= request.Line.StartsWith("POST /query", StringComparison.Ordinal);
            return created ? Ok : FakeReceiver.Answer("404 Not Found", body: """{"error":"database not found: \"a\""}""");
        };
        await ConsumeAsync(Options() with { Database = "a\"b" }, _batches.Of(1, 2));

        var query = Assert.Single(_server.Requests, request => request.Line.StartsWith("POST /query", StringComparison.Ordinal));
        Assert.Equal("CREATE DATABASE \"a\\\"b\"", WebUtility.UrlDecode(Encoding.UTF8.GetString(query.Body))[2..]);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task Consume_DatabaseMissingOnVersion2_IsAnOutage()
    {
        var failures = 1;
        _answer = (_, _) => failures-- > 0 ? FakeReceiver.Answer("404 Not Found", body: "database not found") : Ok;
        await ConsumeAsync(Options() with { Version = 2, Organization = "o" }, _batches.Of(1, 1));
        Assert.DoesNotContain(_server.Requests, request => request.Line.Contains("/query", StringComparison.Ordinal));
    }

    [Fact]
    public void Name_IsStable()
    {
        using var sink = Sink(Options());
        Assert.Equal("influx:lake", sink.Name);
        Assert.Equal(17, sink.Start(17));
    }

    private static string[] Lines(ReceivedRequest request)
    {
        if (!request.Headers.ContainsKey("Content-Encoding"))
        {
            return [];
        }

        using var reader = new StreamReader(new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress));
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }

    private InfluxOptions Options() => new() { Name = "lake", Url = new Uri($"http://127.0.0.1:{_server.Port}") };

    private InfluxSink Sink(InfluxOptions options) => new(options, _batches.Catalog, _batches, _clock, seed: 5, NullLogger.Instance);

    private async Task<long> ConsumeAsync(InfluxOptions options, params CommittedBatch[] batches)
    {
        using var sink = Sink(options);
        return await sink.ConsumeAsync(batches, TestContext.Current.CancellationToken);
    }
}
