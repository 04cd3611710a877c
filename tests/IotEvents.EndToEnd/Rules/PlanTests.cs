using System.Text.Json;
using System.Text.RegularExpressions;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>
/// A plan applied yields exactly what it showed: the receipt of the change, and the alerts that a gateway which never had other
/// rules raises for the same messages. Real series, the real program, its own commands.
/// </summary>
public sealed partial class PlanTests(ITestOutputHelper output)
{
    private const string Settings = "linux: { host: false }\nrules: { historical_after: 60d }";

    private const string Old = """
        rules:
          - { id: busy, match: { device: cpu, metric: value }, raise: value > 97, clear: value < 90, notify: [ops] }
          - { id: high, match: { device: cpu, metric: value }, raise: value > 92, for: 12h }
          - { id: warm, match: { device: cpu, metric: value }, raise: avg_over_time(1h) > 95 }
          - { id: slow, match: { device: road, metric: value }, raise: value < 50, for: 1h }
          - { id: jam, match: { device: road, metric: value }, raise: value < 60 }
          - { id: gone, match: { device: road, metric: value }, raise: value < 40, severity: critical }
        """;

    /// <summary>Other limits, another time, other ids, one less, one more.</summary>
    private const string New = """
        rules:
          - { id: busy, match: { device: cpu, metric: value }, raise: value > 96.5, clear: value < 90, notify: [ops] }
          - { id: peak, was: high, match: { device: cpu, metric: value }, raise: value > 92, for: 10h }
          - { id: hour, was: warm, match: { device: cpu, metric: value }, raise: avg_over_time(1h) > 95 }
          - { id: slow, match: { device: road, metric: value }, raise: value < 50, for: 40m }
          - { id: jam, match: { device: road, metric: value }, raise: value < 20 }
          - { id: free, match: { device: road, metric: value }, raise: value > 75, severity: info }
        """;

    /// <summary>The control: neither those in force nor those that are applied.</summary>
    private const string Other = """
        rules:
          - { id: busy, match: { device: cpu, metric: value }, raise: value > 98, clear: value < 97, notify: [ops] }
          - { id: jam, match: { device: road, metric: value }, raise: value < 45 }
        """;

    private const string Alerts = "channels: [ { name: ops, kind: log } ]\n";

    [Fact]
    public async Task Plan_AppliedByReload_YieldsExactlyWhatItShowed()
    {
        using var folder = new TestFolder();
        var history = new NabHistory(folder);
        folder.Write("new/a.yaml", New);
        folder.Write("other/a.yaml", Other);
        await using var gateway = await GatewayProcess.StartAsync(folder, Settings, Old, Alerts);
        await history.PublishAsync(gateway);
        var before = await AlertsAsync(gateway);

        var text = await gateway.CommandAsync("rules", "plan", "new", "--no-progress", "--list", "6");
        output.WriteLine(text.StandardOutput);
        Assert.True(text.ExitCode == 0, text.Output);
        var plan = await PlanAsync(gateway, "new");
        Assert.Equal(history.Count, plan.GetProperty("readings").GetInt32());
        Assert.Equal(before, await AlertsAsync(gateway));
        var other = await PlanAsync(gateway, "other");

        folder.Write("config/rules/test.yaml", New);
        var (_, receipt) = await gateway.PostAsync("/api/rules/reload");

        Assert.Equal(Lines(plan, "timers"), Lines(receipt, "lines"));
        Assert.NotEqual(Lines(other, "timers"), Lines(receipt, "lines"));
        Assert.Equal(["dropped", "kept", "reset"], Fates(receipt));
        await EndedAsync(gateway, plan);
        var planned = Planned(plan, before);
        Assert.NotEqual(before, planned);
        Assert.Equal("hour", Renamed(plan)["warm"]);
        Assert.NotEqual(Planned(other, before), planned);
        await SaidByAlwaysAsync(history, plan, planned);
    }

    [Fact]
    public async Task Plan_OfAStoppedGateway_AppliedByRestart_YieldsExactlyWhatItShowed()
    {
        using var folder = new TestFolder();
        var history = new NabHistory(folder);
        folder.Write("new/a.yaml", New);
        await using var gateway = await GatewayProcess.StartAsync(folder, Settings, Old, Alerts);
        await history.PublishAsync(gateway);
        var before = await AlertsAsync(gateway);
        await gateway.StopAsync();

        var made = await RunningProgram.RunAsync(
            Checkout.Gateway, ["rules", "plan", "new", "--json", "--since", "all", "--no-progress"], folder: folder.Path);
        Assert.True(made.ExitCode == 0, made.Output);
        var plan = JsonElement.Parse(made.StandardOutput);
        folder.Write("config/rules/test.yaml", New);
        await gateway.StartAgainAsync();

        Assert.Equal("journal", plan.GetProperty("timersFrom").GetString());
        var said = gateway.Output.Split('\n').Where(line => line.Contains("which was ", StringComparison.Ordinal)).ToList();
        var timers = Lines(plan, "timers");
        Assert.Equal(timers.Count, said.Count);
        Assert.All(timers.Zip(said), pair => Assert.Contains(Logged(pair.First), pair.Second, StringComparison.Ordinal));
        await EndedAsync(gateway, plan);
        await SaidByAlwaysAsync(history, plan, Planned(plan, before));
    }

    /// <summary>A gateway that has the new rules from the beginning raises what was planned, and tells people as often.</summary>
    private static async Task SaidByAlwaysAsync(NabHistory history, JsonElement plan, List<string> planned)
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder, Settings, New, Alerts);
        await history.PublishAsync(gateway);
        Assert.Equal((await AlertsAsync(gateway)).Select(alert => WithoutId(alert, plan)).Order(StringComparer.Ordinal), planned);

        var told = Rows(plan, "notifications").Sum(row => row.GetProperty("planned").GetInt32());
        await Until.TrueAsync(() => Task.FromResult(Notification().Count(gateway.Output) >= told), $"{told} notifications");
        await gateway.StopAsync();
        Assert.Equal(told, Notification().Count(gateway.Output));
    }

    /// <summary>A line of a channel of the kind log.</summary>
    [GeneratedRegex("Alert [0-9a-f]{12} (raised|ended): ")]
    private static partial Regex Notification();

    /// <summary>What the plan makes of the alerts there are: without those it changes, and with what it puts in their place.</summary>
    private static List<string> Planned(JsonElement plan, List<string> before)
    {
        var changes = plan.GetProperty("alerts").EnumerateArray().ToList();
        var (gone, come) = (Of("now"), Of("planned"));
        Assert.Equal(0, plan.GetProperty("alertsLeftOut").GetInt32());
        Assert.Empty(gone.Except(before));
        Assert.Equal(before.Count, Sum("now"));
        Assert.Equal(before.Count - gone.Count, Sum("same"));
        var renamed = Renamed(plan);
        return [.. before.Except(gone).Select(Rename).Concat(come).Select(alert => WithoutId(alert, plan)).Order(StringComparer.Ordinal)];

        string Rename(string alert)
        {
            var words = alert.Split(' ');
            words[1] = renamed.GetValueOrDefault(words[1], words[1]);
            return string.Join(' ', words);
        }

        int Sum(string name) => plan.GetProperty("rules").EnumerateArray().Sum(rule => rule.GetProperty(name).GetInt32());

        List<string> Of(string name) => [.. changes.Where(change => change.GetProperty(name).ValueKind == JsonValueKind.Object)
            .Select(change => (Change: change, Alert: change.GetProperty(name)))
            .Select(it => Line(
                it.Alert.GetProperty("id"), it.Change.GetProperty("rule"), it.Change.GetProperty("subject").GetString()!,
                it.Alert.GetProperty("severity"), Milliseconds(it.Alert.GetProperty("raised")), Milliseconds(it.Alert.GetProperty("ended")),
                it.Alert.GetProperty("reason")))];
    }

    /// <summary>By the ids that rules have, those that they will have.</summary>
    private static Dictionary<string, string> Renamed(JsonElement plan) => Rows(plan, "rules")
        .Where(row => row.GetProperty("was").ValueKind == JsonValueKind.String)
        .ToDictionary(row => row.GetProperty("was").GetString()!, row => row.GetProperty("rule").GetString()!);

    /// <summary>The id of an alert is made of that of its rule: that of a renamed one is another one, and is left out.</summary>
    private static string WithoutId(string alert, JsonElement plan) =>
        Renamed(plan).ContainsValue(alert.Split(' ')[1]) ? alert[alert.IndexOf(' ', StringComparison.Ordinal)..] : alert;

    private static async Task<List<string>> AlertsAsync(GatewayProcess gateway) =>
        [.. (await gateway.GetAsync("/api/alerts")).EnumerateArray().Select(it => Line(
            it.GetProperty("id"), it.GetProperty("rule"), $"{it.GetProperty("device").GetString()}/{it.GetProperty("metric").GetString()}",
            it.GetProperty("severity"), it.GetProperty("raisedAt").GetInt64(),
            it.GetProperty("endedAt").ValueKind == JsonValueKind.Number ? it.GetProperty("endedAt").GetInt64() : null,
            it.GetProperty("endReason"))).Order(StringComparer.Ordinal)];

    private static string Line(
        JsonElement id, JsonElement rule, string subject, JsonElement severity, long? raised, long? ended, JsonElement reason) =>
        $"{id.GetString()} {rule.GetString()} {subject} {severity.GetString()} {raised} {ended} {reason.GetString()}";

    private static long? Milliseconds(JsonElement time) =>
        time.ValueKind == JsonValueKind.String ? time.GetDateTimeOffset().ToUnixTimeMilliseconds() : null;

    private static async Task<JsonElement> PlanAsync(GatewayProcess gateway, string rules)
    {
        var made = await gateway.CommandAsync("rules", "plan", rules, "--json", "--since", "all", "--no-progress");
        Assert.True(made.ExitCode == 0, made.Output);
        return JsonElement.Parse(made.StandardOutput);
    }

    /// <summary>Exactly the alerts that the plan named have ended with the change.</summary>
    private static async Task EndedAsync(GatewayProcess gateway, JsonElement plan)
    {
        var ends = plan.GetProperty("ends").EnumerateArray().Select(end => end.GetProperty("id").GetString()).Order().ToList();
        Assert.NotEmpty(ends);
        Assert.Equal(ends, (await gateway.GetAsync("/api/alerts")).EnumerateArray()
            .Where(alert => alert.GetProperty("endReason").GetString() == "rule-changed")
            .Select(alert => alert.GetProperty("id").GetString()).Order());
    }

    private static List<JsonElement> Rows(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray()];

    private static List<string> Lines(JsonElement json, string name) => [.. Rows(json, name).Select(line => string.Join(
        '|', new[] { "fate", "rule", "subject", "stood", "why" }.Select(part => line.GetProperty(part).GetString())))];

    /// <summary>A line of a receipt as the gateway's log says it.</summary>
    private static string Logged(string line) =>
        line.Split('|') is [var fate, var rule, var subject, var stood, var why] ? $"{fate}: rule {rule} with {subject}, which was {stood}: {why}." : line;

    private static IEnumerable<string> Fates(JsonElement receipt) =>
        Rows(receipt, "lines").Select(line => line.GetProperty("fate").GetString()!).Distinct().Order(StringComparer.Ordinal);
}
