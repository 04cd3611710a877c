using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>The gateway is killed under load, and keeps what it has promised.</summary>
public class KillTests
{
    private const int Devices = 20;
    private const int Messages = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Kill_TwiceUnderLoad_NothingAcknowledgedAndNoAlertIsLost(int qos)
    {
        var seed = (int)(TimeProvider.System.GetTimestamp() % 1_000_000);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var run = await RunAsync(qos, seed);
        var alerts = run.Alerts.Count;

        Assert.True(run.Problems() is { Count: 0 }, $"seed {seed}:\n{string.Join('\n', run.Problems().Take(20))}");
        Assert.Equal(Messages, run.Acknowledged.Distinct().Count());
        Assert.Equal(Messages, run.Stored.Count);
        Assert.True(alerts >= 10, $"seed {seed}: only {alerts} alerts");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"QoS {qos}: {run.Stored.Count} stored, {alerts} alerts, {run.Received.Count} notifications, "
            + $"{run.Received.Count - run.Received.DistinctBy(one => one.Key).Count()} of them repeats");
        AssertNoticesEveryLoss(run);
    }

    /// <summary>The control: the same run with one thing taken away, or said twice, must not pass.</summary>
    private static void AssertNoticesEveryLoss(Deliveries run)
    {
        var lost = run.Acknowledged[run.Acknowledged.Count / 2];
        Assert.Equal($"acknowledged and not stored: {lost}", Assert.Single((run with { Stored = [.. run.Stored.Where(one => one != lost)] }).Problems()));
        Assert.Equal($"stored 2 times: {lost}", Assert.Single((run with { Stored = [.. run.Stored, lost] }).Problems()));

        var (key, body) = run.Received[^1];
        var untold = run with { Received = [.. run.Received.Where(one => one.Key != key)] };
        Assert.StartsWith("never told: ", Assert.Single(untold.Problems()), StringComparison.Ordinal);

        using var other = JsonDocument.Parse(body.GetRawText().Replace("\"possible_duplicate\":false", "\"possible_duplicate\":true", StringComparison.Ordinal)
            .Replace("\"value\":", "\"value\":1", StringComparison.Ordinal));
        Assert.Contains(
            $"one key for different notifications: {key}", (run with { Received = [.. run.Received, (key, other.RootElement)] }).Problems());
        using var again = JsonDocument.Parse(body.GetRawText().Replace("\"possible_duplicate\":true", "\"possible_duplicate\":false", StringComparison.Ordinal));
        Assert.Contains($"told again without saying so: {key}", (run with { Received = [.. run.Received, (key, again.RootElement)] }).Problems());
    }

    private static async Task<Deliveries> RunAsync(int qos, int seed)
    {
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules, alerts: webhook.AsChannel());
        await using var load = LoadProgram.Start(
            folder, gateway, "--count", $"{Messages}", "--rate", "500", "--devices", $"{Devices}", "--connections", "4",
            "--qos", $"{qos}", "--seed", $"{seed}");
        foreach (var acknowledged in new[] { Messages / 4, Messages * 5 / 8 })
        {
            await load.UntilAcknowledgedAsync(acknowledged);
            await gateway.KillAsync();
            await gateway.StartAgainAsync();
        }

        await load.EndAsync(TimeSpan.FromMinutes(2));
        await gateway.UntilStoredAsync();
        await Until.TrueAsync(
            async () => !gateway.Output.Contains("does not take", StringComparison.Ordinal) && await IsAllToldAsync(gateway, webhook), "all notifications");
        return new Deliveries(load.Ledger(), await gateway.StoredSequencesAsync(Devices), await AlertsAsync(gateway), [.. webhook.Received]);
    }

    private static async Task<bool> IsAllToldAsync(GatewayProcess gateway, WebhookReceiver webhook)
    {
        var alerts = await AlertsAsync(gateway);
        var transitions = alerts.Count + alerts.Count(alert => alert.GetProperty("endedAt").ValueKind != JsonValueKind.Null);
        return webhook.Received.DistinctBy(one => one.Key).Count() >= transitions;
    }

    private static async Task<List<JsonElement>> AlertsAsync(GatewayProcess gateway) =>
        [.. (await gateway.GetAsync("/api/alerts")).EnumerateArray()];

    private const string Rules = """
        rules:
          - id: wandered-off
            match: { device: "load-*", metric: value }
            raise: value > 20.3
            clear: value < 20.1
            notify: [ops]
        """;
}
