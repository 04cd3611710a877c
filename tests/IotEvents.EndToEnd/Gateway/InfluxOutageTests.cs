using System.Globalization;
using IotEvents.EndToEnd.Sinks;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>InfluxDB goes away under load and comes back: the copy is whole afterwards.</summary>
public class InfluxOutageTests
{
    private const int Devices = 10;
    private const int MessagesPerSecond = 50;

    /// <summary>How long the outage lasts: 15 s, or <c>IOTEVENTS_OUTAGE_SECONDS</c>.</summary>
    private static int OutageSeconds => int.TryParse(
        Environment.GetEnvironmentVariable("IOTEVENTS_OUTAGE_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 15;

    [Fact]
    public async Task Influx_GoneUnderAHundredReadingsASecond_HasAllAfterwards()
    {
        await using var influx = new InfluxdServer();
        await influx.StartAsync();
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(
            folder,
            $$"""
            linux: { host: false, hwmon: false, iio: false, onewire: false }
            influx: [ { name: lake, url: "{{influx.Url}}" } ]
            """,
            """
            rules:
              - id: wandered-off
                match: { device: "load-*", metric: value }
                raise: value > 20.3
                clear: value < 20.1
            """);

        // Each message holds two readings.
        var messages = MessagesPerSecond * (OutageSeconds + 10);
        await using var load = LoadProgram.Start(
            folder, gateway, "--count", $"{messages}", "--rate", $"{MessagesPerSecond}", "--devices", $"{Devices}");
        await load.UntilAcknowledgedAsync(MessagesPerSecond * 3);
        await influx.KillAsync();
        var before = load.Ledger().Count;
        await load.UntilAcknowledgedAsync(before + (MessagesPerSecond * OutageSeconds), TimeSpan.FromSeconds(OutageSeconds * 2));
        var during = load.Ledger().Count - before;
        await influx.StartAsync();
        await load.EndAsync(TimeSpan.FromMinutes(1));

        await UntilCopiedAsync(gateway);
        await gateway.UntilStoredAsync();
        Assert.Equal(messages, load.Ledger().Count);
        foreach (var metric in new[] { "seq", "value" })
        {
            for (var device = 1; device <= Devices; device++)
            {
                var stored = (await gateway.ReadingsAsync($"load-{device}/{metric}")).Count;
                Assert.Equal(messages / Devices, stored);
                Assert.Equal(
                    [$"{metric} [0,{stored}]"],
                    await influx.QueryAsync($"SELECT count(value) FROM {metric} WHERE device = 'load-{device}'"));
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{2 * messages} readings at {2 * MessagesPerSecond}/s, {2 * during} of them while InfluxDB was away: all in both");
        foreach (var query in DashboardQueries.All())
        {
            Assert.NotEmpty(await influx.QueryAsync(DashboardQueries.AsGrafanaAsks(query, "(load-1|load-2)", "(seq|value)")));
        }
    }

    private static Task UntilCopiedAsync(GatewayProcess gateway) => Until.TrueAsync(
        async () => (await gateway.GetAsync("/api/status")).GetProperty("consumers").EnumerateArray()
            .Single(consumer => consumer.GetProperty("name").GetString()!.Contains("lake", StringComparison.Ordinal)).GetProperty("lag").GetInt64() == 0,
        "the copy to be whole", TimeSpan.FromMinutes(1));
}
