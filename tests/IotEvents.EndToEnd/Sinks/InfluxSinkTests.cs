using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Sinks.InfluxDb;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.EndToEnd.Sinks;

/// <summary>The sink against a real InfluxDB 1.</summary>
public sealed class InfluxSinkTests : IAsyncDisposable
{
    private const int Seconds = 2_000;
    private static readonly Timestamp Start = Timestamp.FromUnixMilliseconds(1_790_000_000_000);

    private readonly InfluxdServer _server = new();
    private readonly Fleet _fleet = new(Start);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Consume_ServerKilledUnderLoad_CountsAreEqualAfterwards()
    {
        await _server.StartAsync();
        using var sink = Sink();
        var cursor = 1L;
        var kills = 0;
        while (cursor <= Seconds)
        {
            var batches = Enumerable.Range(0, 50).Select(i => _fleet.Second(cursor + i)).ToList();
            var consuming = sink.ConsumeAsync(batches, TestContext.Current.CancellationToken).AsTask();
            if (cursor % 400 == 201)
            {
                // Hard, while requests are under way; the sink meets a server that is gone and then comes back.
                await _server.KillAsync();
                kills++;
                await _server.StartAsync();
            }

            var next = await consuming.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            Assert.Equal(cursor + 50, next);
            cursor = next;
        }

        Assert.Equal(5, kills);
        foreach (var metric in new[] { "temperature", "level" })
        {
            Assert.Equal([$"{metric} [0,{4 * Seconds}]"], await _server.QueryAsync($"SELECT count(value) FROM {metric}"));
        }

        Assert.Equal([$"alerts [0,{Seconds / 100}]"], await _server.QueryAsync("SELECT count(summary) FROM alerts"));
        Assert.Equal(0, sink.Status.Quarantined);
    }

    [Fact]
    public async Task Consume_ServerDownAtFirst_WritesOnceItIsUp()
    {
        using var sink = Sink();
        var consuming = sink.ConsumeAsync([_fleet.Second(1)], TestContext.Current.CancellationToken).AsTask();
        await _server.StartAsync();
        Assert.Equal(2, await consuming.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Equal(["level [0,4]"], await _server.QueryAsync("SELECT count(value) FROM level"));
    }

    [Fact]
    public async Task Consume_NamesWithEverySpecialCharacter_ComeBackAsTheyWere()
    {
        await _server.StartAsync();
        using var sink = Sink();
        await sink.ConsumeAsync([_fleet.Second(1)], TestContext.Current.CancellationToken);
        Assert.Equal(
            ["""level ["device","a=b,c"]""", """level ["device","hall 2"]""", """level ["device","hall/1"]""", """level ["device","tank"]"""],
            await _server.QueryAsync("SHOW TAG VALUES FROM level WITH KEY = device"));
        Assert.Equal(["level [1790000001000000000,1.05,\"x y\"]"], await _server.QueryAsync(
            "SELECT value, site FROM level WHERE device = 'a=b,c'"));
    }

    [Fact]
    public async Task Consume_FieldOfAnotherTypeThere_LeavesOutThoseLinesOnly()
    {
        await _server.StartAsync();
        await _server.QueryAsync("CREATE DATABASE iotevents");
        using (var http = new HttpClient())
        using (var text = new StringContent($"level,device=tank,site=x\\ y value=\"a text\" {Start.Nanoseconds + 1_000_000_000}"))
        using (var written = await http.PostAsync(
            new Uri(_server.Url, "/write?db=iotevents"), text, TestContext.Current.CancellationToken))
        {
            Assert.True(written.IsSuccessStatusCode);
        }

        using var sink = Sink();
        await sink.ConsumeAsync([_fleet.Second(1), _fleet.Second(2)], TestContext.Current.CancellationToken);

        Assert.Equal(["temperature [0,8]"], await _server.QueryAsync("SELECT count(value) FROM temperature"));
        Assert.Equal(8, sink.Status.Quarantined);
    }

    private InfluxSink Sink() => new(
        new InfluxOptions { Name = "lake", Url = _server.Url, BatchLinesMax = 100 }, _fleet.Catalog, _fleet, TimeProvider.System,
        seed: 11, NullLogger.Instance);
}
