using System.Text.Json;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Hosting;

public sealed class RunningGatewayTests
{
    private const string Rules = """
        rules:
          - { id: hot, match: { metric: value }, raise: value > 80 }
          - { id: warm, match: { metric: value }, raise: value > 60, for: 1h }
        """;

    [Fact]
    public async Task Start_WithTheFilesInForce_PutsNothingInForceAgain()
    {
        await using var rig = await GatewayRig.StartAsync(Rules);
        await rig.PostAsync("oven", [(TimeProvider.System.GetUtcNow(), 90)]);
        Assert.Equal(["start"], await ChangesAsync(rig));
        var files = rig.Gateway.InForce.Current.Files;

        await rig.StopAsync();
        await rig.StartAgainAsync();

        Assert.Equal(["start"], await ChangesAsync(rig));
        Assert.Equal(files.Select(file => file.Text).Order(), rig.Gateway.InForce.Current.Files.Select(file => file.Text).Order());
        Assert.Equal(
            ["hot Firing Kept", "warm Pending Kept"],
            rig.Gateway.Receipt.Lines.Select(line => $"{line.Rule} {line.State} {line.Fate}"));
    }

    [Fact]
    public async Task Start_WithOtherFiles_PutsThemInForceWithTheirReceipt()
    {
        await using var rig = await GatewayRig.StartAsync(Rules);
        await rig.PostAsync("oven", [(TimeProvider.System.GetUtcNow(), 90)]);
        await rig.StopAsync();
        rig.Write("config/rules/a.yaml", "rules: [ { id: hot, match: { metric: value }, raise: value > 95 } ]");

        await rig.StartAgainAsync();

        Assert.Equal(["start", "start"], await ChangesAsync(rig));
        Assert.Equal("value > 95", Assert.Single(rig.Gateway.InForce.Current.Rules.Rules).Raise);
        Assert.Equal(
            ["hot Firing Reset", "warm Pending Dropped"],
            rig.Gateway.Receipt.Lines.Select(line => $"{line.Rule} {line.State} {line.Fate}"));
    }

    [Fact]
    public async Task Start_AfterThePendingEnded_SaysWhatStandsNow()
    {
        // The checkpoint of the first stop still had both pending or firing; the log behind it ends them.
        await using var rig = await GatewayRig.StartAsync(Rules);
        await rig.PostAsync("oven", [(TimeProvider.System.GetUtcNow(), 90)]);
        await rig.PostAsync("oven", [(TimeProvider.System.GetUtcNow(), 20)]);
        await rig.StopAsync();

        await rig.StartAgainAsync();

        Assert.Empty(rig.Gateway.Receipt.Lines);
        Assert.Equal(RuleState.Normal, Assert.Single(rig.Gateway.Rules.Instances, it => it.Rule == "hot").State);
    }

    [Fact]
    public async Task Reload_RuleThatNotifiesNoChannel_IsRefusedAndTheOldOnesGoOn()
    {
        await using var rig = await GatewayRig.StartAsync(Rules);
        var before = rig.Gateway.InForce.Current;
        rig.Write("config/rules/a.yaml", "rules:\n- { id: hot, match: { metric: value }, raise: value > 95, notify: [log, nobody] }");

        var reload = await rig.Gateway.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken);

        Assert.Equal("rules[0].notify[1]", Assert.Single(reload.Errors).Key);
        Assert.Same(before, rig.Gateway.InForce.Current);
    }

    /// <summary>Who put rules in force, by the events in the journal.</summary>
    private static async Task<List<string?>> ChangesAsync(GatewayRig rig)
    {
        // Whatever the start had to say is committed before this is answered.
        await rig.Gateway.Pipeline.WriteAsync(static _ => { });
        using var reader = rig.Gateway.Journal.OpenReader();
        var batches = new List<CommittedBatch>();
        for (var offset = rig.Gateway.Journal.FirstOffset; reader.Read(offset, 1_000, batches) > 0; offset = batches[^1].Offset + 1)
        {
            // All of it.
        }

        return [.. batches.SelectMany(batch => batch.Events).Where(it => it.Type == EventTypes.RulesChanged)
            .Select(it => JsonElement.Parse(it.Data.Span).GetProperty("by").GetString())];
    }
}
