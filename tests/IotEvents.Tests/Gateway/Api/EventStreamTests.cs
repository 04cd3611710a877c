using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Streams;
using IotEvents.Gateway.Events;
using IotEvents.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IotEvents.Tests.Gateway.Api;

public sealed class EventStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeGateway _gateway = new(TimeProvider.System) { Feed = new LiveFeed(readingsMax: 40) };

    [Fact]
    public async Task Follow_NewCommit_ComesAsCloudEventWithItsPlace()
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        using var client = await OpenAsync(server, "/api/events");
        _gateway.Read(_gateway.Series("a", "m", "Cel"), 21.5);

        var (id, type, data) = await NextAsync(client.Lines);

        Assert.Equal(("1-0", EventTypes.Reading), (id, type));
        Assert.Equal("1.0", data.GetProperty("specversion").GetString());
        Assert.Equal("/devices/a", data.GetProperty("source").GetString());
        Assert.Equal(21.5, data.GetProperty("data").GetProperty("value").GetDouble());
    }

    [Theory]
    [InlineData("3-1")]
    [InlineData("4-0")]
    public async Task Follow_WithLastEventId_GoesOnAfterItWithoutGapOrRepeat(string last)
    {
        var series = _gateway.Series("a", "m");
        for (var batch = 0; batch < 60; batch++)
        {
            _gateway.Commit([.. Readings(series, 2)], []);
        }

        await using var server = await ApiServer.StartAsync(_gateway);
        using var client = await OpenAsync(server, "/api/events", last);
        var expected = Enumerable.Range(1, 61).SelectMany(offset => new[] { $"{offset}-0", $"{offset}-1" })
            .SkipWhile(id => id != last).Skip(1).ToList();
        _gateway.Commit([.. Readings(series, 2)], []);

        var ids = new List<string>();
        while (ids.Count < expected.Count)
        {
            ids.Add((await NextAsync(client.Lines)).Id!);
        }

        Assert.Equal(expected, ids);
    }

    [Fact]
    public async Task Follow_JournalTruncatedBehindIt_IsToldTheGap()
    {
        var series = _gateway.Series("a", "m");
        for (var batch = 0; batch < 60; batch++)
        {
            _gateway.Commit([.. Readings(series, 2)], []);
        }

        _gateway.FirstOffset = 10;
        await using var server = await ApiServer.StartAsync(_gateway);
        using var client = await OpenAsync(server, "/api/events", "2-0");

        var gap = await NextAsync(client.Lines);
        Assert.Equal("gap", gap.Type);
        Assert.Equal(10, gap.Data.GetProperty("to").GetInt64());
        Assert.Equal("10-0", (await NextAsync(client.Lines)).Id);
    }

    [Theory]
    [InlineData("type=iotevents.threshold.*", "2-0")]
    [InlineData("device=b*", "3-0")]
    [InlineData("type=door.*", "4-0")]
    [InlineData("device=hot&type=*raised", "2-0")]
    public async Task Follow_WithFilter_GetsOnlyWhatItWants(string query, string first)
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        using var client = await OpenAsync(server, $"/api/events?{query}");
        _gateway.Read(_gateway.Series("a", "m"), 1);
        _gateway.Commit([], [_gateway.Event(EventTypes.ThresholdRaised, "/devices/hot")]);
        _gateway.Read(_gateway.Series("b/1", "m"), 2);
        _gateway.Commit([], [_gateway.Event("door.opened", "/door")]);

        Assert.Equal(first, (await NextAsync(client.Lines)).Id);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("1-2147483647")]
    public async Task Follow_UnreadableLastEventId_Is400(string last)
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", last);

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Follow_Quiet_SaysThatItLives()
    {
        await using var server = await ApiServer.StartAsync(_gateway, new HttpOptions { Heartbeat = TimeSpan.FromMilliseconds(30) });
        using var client = await OpenAsync(server, "/api/events");

        Assert.Equal(": alive", await ReadLineUntilAsync(client.Lines, line => line.StartsWith(": a", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Follow_MoreThanTheLimit_Is503UntilOneGoes()
    {
        await using var server = await ApiServer.StartAsync(_gateway, new HttpOptions { StreamsMax = 1 });
        var gate = server.Services.GetRequiredService<StreamGate>();
        using (var first = await OpenAsync(server, "/api/events"))
        {
            using var refused = await server.Client.GetAsync("/api/live", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(1, gate.Refused);
        }

        await UntilAsync(() => gate.Open == 0);
        using var again = await OpenAsync(server, "/api/live");
    }

    [Fact]
    public async Task Follow_ClientThatDoesNotRead_IsCutAndCounted()
    {
        await using var server = await ApiServer.StartAsync(_gateway, new HttpOptions { StallMax = TimeSpan.FromMilliseconds(100) });
        var gate = server.Services.GetRequiredService<StreamGate>();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"), TestContext.Current.CancellationToken);
        await UntilAsync(() => gate.Open == 1);
        var large = _gateway.Event("big") with { Data = Encoding.UTF8.GetBytes($"\"{new string('x', 100_000)}\"") };

        await UntilAsync(() =>
        {
            if (gate.Open > 0)
            {
                _gateway.Commit([], [large]);
            }

            return gate.Cut == 1;
        });
        await UntilAsync(() => gate.Open == 0);
    }

    [Fact]
    public async Task Watch_ManyReadings_GivesOnlyTheNewestOfEach()
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        using var client = await OpenAsync(server, "/api/live");
        var series = _gateway.Series("a", "m");
        Assert.Equal("status", (await NextAsync(client.Lines)).Type);
        _gateway.Commit([.. Readings(series, 30)], []);

        (string? Id, string Type, JsonElement Data) frame;
        do
        {
            frame = await NextAsync(client.Lines);
        }
        while (frame.Type != "values");

        var change = Assert.Single(frame.Data.EnumerateArray().ToList());
        Assert.Equal("a/m", change[0].GetString());
        Assert.Equal(29, change[1].GetDouble());
    }

    private IEnumerable<Reading> Readings(Series series, int count) =>
        Enumerable.Range(0, count).Select(i => new Reading(series.Id, Quality.Good, _gateway.Now, _gateway.Now, i));

    private static async Task<Stream> OpenAsync(ApiServer server, string address, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await ReadLineUntilAsync(lines, line => line == ": connected");
        return new Stream(answer, lines);
    }

    private static async Task<(string? Id, string Type, JsonElement Data)> NextAsync(StreamReader lines)
    {
        string? id = null;
        var type = "";
        while (true)
        {
            var line = await ReadLineUntilAsync(lines, line => line.Contains(": ", StringComparison.Ordinal));
            var (field, value) = (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            (id, type) = (field == "id" ? value : id, field == "event" ? value : type);
            if (field == "data")
            {
                return (id, type, JsonDocument.Parse(value).RootElement);
            }
        }
    }

    private static async Task<string> ReadLineUntilAsync(StreamReader lines, Func<string, bool> found)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var line = await lines.ReadLineAsync(timeout.Token) ?? throw new EndOfStreamException("The stream ended.");
            if (found(line))
            {
                return line;
            }
        }
    }

    private static async Task UntilAsync(Func<bool> done)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!done())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, timeout.Token);
        }
    }

    private sealed record Stream(HttpResponseMessage Answer, StreamReader Lines) : IDisposable
    {
        public void Dispose()
        {
            Lines.Dispose();
            Answer.Dispose();
        }
    }
}
