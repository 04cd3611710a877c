using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>A real series with its own timestamps through the whole gateway, against promtool as the oracle.</summary>
public partial class NabReplayTests
{
    private const int GridSeconds = 3600;

    [Fact]
    public async Task Replay_AmbientTemperature_FiresWhereTheOracleFires()
    {
        var file = Checkout.Data("nab/ambient_temperature_system_failure.csv");
        var oracle = await OracleIntervalsAsync(file);
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            folder,
            rules: """
                rules:
                  - id: too-warm
                    match: { device: "replay/*", metric: value }
                    raise: value > 75
                    for: 3h
                    notify: [ops]
                """,
            alerts: webhook.AsChannel());

        var (code, output) = await RunningProgram.RunAsync(
            Checkout.Simulator, ["replay", file, "--mqtt", $"127.0.0.1:{gateway.MqttPort}"], TimeSpan.FromMinutes(3));

        Assert.True(code == 0, output);
        var start = new DateTimeOffset(2013, 7, 4, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var intervals = await Until.NotNullAsync(
            async () =>
            {
                var alerts = (await gateway.GetAsync("/api/alerts")).EnumerateArray().ToList();
                return alerts.Count >= oracle.Count ? alerts : null;
            },
            $"{oracle.Count} alerts");
        Assert.Equal(oracle, intervals.Select(alert => Interval(alert, start)).Order().ToList());
        Assert.All(intervals, alert => Assert.True(alert.GetProperty("historical").GetBoolean()));
        Assert.Empty(webhook.Received);
    }

    private static (long First, long Last) Interval(JsonElement alert, long start) =>
    (
        (alert.GetProperty("raisedAt").GetInt64() - start) / 1000 / GridSeconds,
        alert.GetProperty("endedAt").ValueKind == JsonValueKind.Null ? long.MaxValue
            : ((alert.GetProperty("endedAt").GetInt64() - start) / 1000 / GridSeconds) - 1
    );

    private static async Task<List<(long First, long Last)>> OracleIntervalsAsync(string file)
    {
        await using var oracle = RunningProgram.Start(
            "python3", [Checkout.Data("oracles/promtool_oracle.py"), file, GridSeconds.ToString(CultureInfo.InvariantCulture), "m > 75", "3h"],
            environment: [new("LIMIT", "100000")]);
        Assert.Equal(0, await oracle.EndAsync(TimeSpan.FromMinutes(3)));
        var intervals = Pair().Matches(oracle.Output)
            .Select(match => (long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)))
            .ToList();
        Assert.True(intervals.Count > 10, oracle.Output);
        return intervals;
    }

    [GeneratedRegex(@"\[(\d+), (\d+)\]")]
    private static partial Regex Pair();
}
