using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>An alert of the real gateway, explained by one process and judged again by another, with a power cut between.</summary>
public sealed class EvidenceTests
{
    private const string Rules = """
        rules:
        - id: tank-full
          match: { device: "tank-*", metric: level }
          raise: avg_over_time(10m) > 80
          severity: critical
        """;

    [Fact]
    public async Task Bundle_AfterAKill_IsJudgedAgainInAnEmptyFolder()
    {
        using var folder = new TestFolder();
        using var elsewhere = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules);
        await gateway.PublishAsync("tank-1/telemetry", """{"level":70}""");
        await gateway.PublishAsync("tank-1/telemetry", """{"level":95}""");
        var id = await Until.NotNullAsync(
            async () => (await gateway.GetAsync("/api/alerts")).EnumerateArray().Select(alert => alert.GetProperty("id").GetString()).FirstOrDefault(),
            "the alert");
        await gateway.KillAsync();
        await gateway.StartAgainAsync();

        var bundle = Path.Combine(elsewhere.Path, "bundle.json");
        var explained = await RunAsync(elsewhere, "alerts", "explain", id, "--bundle", bundle, "--url", gateway.Http.ToString());
        Assert.True(explained.ExitCode == 0, explained.Output);
        Assert.Contains("a reading of tank-1/level: 95", explained.Output, StringComparison.Ordinal);
        Assert.Contains("avg_over_time(10m) > 80", explained.Output, StringComparison.Ordinal);

        var why = await RunAsync(elsewhere, "rules", "explain", "tank-full", "tank-1", "--url", gateway.Http.ToString());
        Assert.True(why.ExitCode == 0, why.Output);
        Assert.Contains("tank-full on tank-1/level: firing", why.Output, StringComparison.Ordinal);
        await gateway.StopAsync();

        var same = await RunAsync(elsewhere, "alerts", "verify", bundle);
        Assert.True(same.ExitCode == 0, same.Output);
        Assert.StartsWith("the same decision", same.Output, StringComparison.Ordinal);

        var text = await File.ReadAllTextAsync(bundle, TestContext.Current.CancellationToken);
        elsewhere.Write("other.json", text.Replace("avg_over_time(10m) > 80", "avg_over_time(10m) > 90", StringComparison.Ordinal));
        var other = await RunAsync(elsewhere, "alerts", "verify", Path.Combine(elsewhere.Path, "other.json"), "--json");
        Assert.True(other.ExitCode == 1, other.Output);
        using var json = JsonDocument.Parse(other.StandardOutput);
        Assert.False(json.RootElement.GetProperty("same").GetBoolean());

        elsewhere.Write("newer.json", text.Replace("\"version\":2,", "\"version\":3,", StringComparison.Ordinal));
        var newer = await RunAsync(elsewhere, "alerts", "verify", Path.Combine(elsewhere.Path, "newer.json"));
        Assert.True(newer.ExitCode == 1, newer.Output);
        Assert.Contains("format version 3; this program reads up to 2", newer.Output, StringComparison.Ordinal);
    }

    private static async Task<EndedProgram> RunAsync(TestFolder folder, params string[] arguments) =>
        await RunningProgram.RunAsync(Checkout.Gateway, arguments, folder: folder.Path);
}
