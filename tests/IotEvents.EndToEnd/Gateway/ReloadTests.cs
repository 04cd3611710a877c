using System.Globalization;
using System.Net;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>Other rules while the gateway runs: no reading is lost or judged twice, and what pends goes on.</summary>
public class ReloadTests
{
    private const int Devices = 40;
    private const int Messages = 50_000;
    private const int Reloads = 10;

    [Fact]
    public async Task Reload_TenTimesUnderLoad_LosesAndDoublesNothingAndKeepsTheTimer()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules(80, 20.3, "1h"));
        await gateway.PublishAsync("oven/temperature", "90");
        await UntilStoredAsync(gateway, "oven/temperature");
        await using var load = LoadProgram.Start(
            folder, gateway, "--count", $"{Messages}", "--rate", "5000", "--devices", $"{Devices}", "--connections", "4", "--qos", "1");
        for (var i = 1; i <= Reloads; i++)
        {
            await load.UntilAcknowledgedAsync(Messages * i / (4 * Reloads));
            folder.Write("config/rules/test.yaml", Rules(80, 20.3 + (i * 0.01), "1h"));
            var (status, receipt) = await gateway.PostAsync("/api/rules/reload");

            Assert.True(status == HttpStatusCode.OK, receipt.GetRawText());
            var timer = Assert.Single(receipt.GetProperty("lines").EnumerateArray(), line => line.GetProperty("rule").GetString() == "too-warm");
            Assert.Equal(("kept", "pending"), (timer.GetProperty("fate").GetString(), timer.GetProperty("stood").GetString()));
        }

        Assert.False(load.HasExited, "the load must outlast the reloads");
        await load.EndAsync(TimeSpan.FromMinutes(3));
        await gateway.UntilStoredAsync();
        var stored = await gateway.StoredSequencesAsync(Devices);
        Assert.Equal(Messages, load.Ledger().Distinct().Count());
        Assert.Equal(load.Ledger().Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
        var rule = (await gateway.GetAsync("/api/rules")).EnumerateArray().Single(one => one.GetProperty("id").GetString() == "wandered-off");
        Assert.Equal("value > 20.4", rule.GetProperty("raise").GetString());
        Assert.Equal(Devices, rule.GetProperty("instances").GetInt32());
    }

    [Fact]
    public async Task Reload_RenamedAndEditedWhilePending_IsKeptAndFiresAtItsTime()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules(80, 20.3, "60s"));
        await gateway.PublishAsync("oven/temperature", "90");
        var crossed = await UntilStoredAsync(gateway, "oven/temperature");
        folder.Write("config/rules/test.yaml", Rules(85, 20.3, "60s", "id: hot\n    was: too-warm"));

        var (code, output) = await gateway.CommandAsync("reload");

        TestContext.Current.TestOutputHelper!.WriteLine(output);
        Assert.True(code == 0, output);
        Assert.Contains("1 kept, 0 reset, 0 dropped", output, StringComparison.Ordinal);
        Assert.Matches("kept +hot +oven/temperature +pending +what it asks now holds too", output);
        await Until.TrueAsync(
            async () => (await gateway.GetAsync("/api/alerts")).GetArrayLength() > 0, "the alert", TimeSpan.FromMinutes(2));
        var alert = Assert.Single((await gateway.GetAsync("/api/alerts")).EnumerateArray());
        Assert.Equal("hot", alert.GetProperty("rule").GetString());
        Assert.Equal((crossed, crossed + 60_000), (alert.GetProperty("since").GetInt64(), alert.GetProperty("raisedAt").GetInt64()));
    }

    [Fact]
    public async Task Reload_OfABadFile_SaysWhereAndTheOldRulesGoOn()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules(80, 20.3, "0s"));
        folder.Write("config/rules/test.yaml", "rules:\n  - id: far\n    match: { metric: temperature }\n    raise: value > 80 parsecs\n");

        var (code, output) = await gateway.CommandAsync("reload");
        await gateway.SignalAsync("HUP");
        await Until.TrueAsync(
            () => Task.FromResult(gateway.Output.Contains("Rules not changed (signal)", StringComparison.Ordinal)), "the refusal in the log");
        await gateway.PublishAsync("oven/temperature", "90");

        TestContext.Current.TestOutputHelper!.WriteLine(output);
        Assert.True(code == 1, output);
        Assert.Matches(@"config/rules/test\.yaml:4:\d+ .*parsecs", output);
        Assert.Contains("mend: ", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", output, StringComparison.Ordinal);
        await Until.TrueAsync(async () => (await gateway.GetAsync("/api/alerts")).GetArrayLength() == 1, "the alert of the old rule");

        folder.Write("config/rules/test.yaml", Rules(70, 20.3, "0s", "id: warm\n    was: too-warm"));
        await gateway.SignalAsync("HUP");
        await Until.TrueAsync(
            async () => (await gateway.GetAsync("/api/rules")).EnumerateArray().Any(rule => rule.GetProperty("id").GetString() == "warm"),
            "the new rules by SIGHUP");
        Assert.Single((await gateway.GetAsync("/api/alerts?state=active")).EnumerateArray());
    }

    [Fact]
    public async Task Override_DuringADefrost_KeepsQuietAndStandsInTheAlert()
    {
        using var folder = new TestFolder();
        folder.Write("config/devices.yaml", "devices: [ { id: freezer, attributes: { max: -18 °C } } ]");
        await using var gateway = await GatewayProcess.StartAsync(
            folder, rules: "rules: [ { id: thaws, match: { device: freezer, metric: temperature }, raise: value > max } ]");
        await gateway.PublishAsync("freezer/temperature", "-20");
        await UntilStoredAsync(gateway, "freezer/temperature");

        var (wrong, refusal) = await gateway.CommandAsync("override", "set", "freezer", "max", "5 %", "--for", "2h", "--reason", "defrost");
        var (code, output) = await gateway.CommandAsync("override", "set", "freezer", "max", "-10 °C", "--for", "2h", "--reason", "defrost");
        await gateway.PublishAsync("freezer/temperature", "-15");
        await gateway.PublishAsync("freezer/temperature", "-5");
        await Until.TrueAsync(async () => (await gateway.GetAsync("/api/alerts")).GetArrayLength() > 0, "the alert");

        var (_, listed) = await gateway.CommandAsync("override", "list");
        foreach (var said in new[] { refusal, output, listed })
        {
            TestContext.Current.TestOutputHelper!.WriteLine(said);
        }

        Assert.True(wrong == 1 && code == 0, refusal + output);
        var alert = Assert.Single((await gateway.GetAsync("/api/alerts")).EnumerateArray());
        Assert.Equal(-5, alert.GetProperty("value").GetDouble());
        Assert.Matches(@"max = -10 °C \(override until 20\S+, because defrost\)", alert.GetProperty("explanation").GetString()!);
    }

    private static async Task<long> UntilStoredAsync(GatewayProcess gateway, string series) => (await Until.NotNullAsync(
        async () => await gateway.ReadingsAsync(series) is { Count: > 0 } found ? found : null, "the reading"))[0].At;

    private static string Rules(double hot, double far, string hold, string id = "id: too-warm") => string.Create(CultureInfo.InvariantCulture, $$"""
        rules:
          - {{id}}
            match: { device: oven, metric: temperature }
            raise: value > {{hot}}
            for: {{hold}}
          - id: wandered-off
            match: { device: "load-*", metric: value }
            raise: value > {{far:0.##}}
            clear: value < 20.1
        """);
}
