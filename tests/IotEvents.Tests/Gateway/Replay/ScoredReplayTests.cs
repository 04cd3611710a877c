using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Replay;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Scoring;
using IotEvents.Simulator.Runs;
using IotEvents.Simulator.Scenarios;
using IotEvents.Tests.Simulator.TestKit;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Replay;

/// <summary>The simulator's messages and truth through the gateway's decoders, normalizer and rules, without a process between.</summary>
public sealed class ScoredReplayTests
{
    private static readonly Scenario ColdChain = Scenario.BuiltIn("cold-chain");

    [Fact]
    public void RulesThatComeWithTheScenario_FindEverythingAndAreNearlyAlwaysRight()
    {
        var score = Score(ColdChain, TimeSpan.FromDays(3), File.ReadAllText(Path.Combine(Checkout.Root, "docs/examples/score/rules/cold-chain.yaml")));
        Assert.Equal(1, score.Total.Recall);
        Assert.InRange(score.Total.Precision!.Value, 0.8, 1);
        Assert.Equal(["door-open", "drift", "stuck"], score.Kinds.Where(kind => kind.Incidents > 0).Select(kind => kind.Name));
        Assert.All(score.FalseAlarms, alarm => Assert.Equal("clock-skew", alarm.During?.Kind));
        Assert.InRange(score.Total.Delays.Mean, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(40));
        Assert.Equal(3, (score.To - score.From).TotalDays);
    }

    [Fact]
    public void NoRules_FindNothing()
    {
        var score = Score(ColdChain, TimeSpan.FromDays(1), "");
        Assert.Equal((0.0, 0), (score.Total.Recall, score.Total.Alerts));
        Assert.Equal(score.Total.Incidents, score.Missed.Count);
        Assert.NotEmpty(score.Missed);
    }

    [Fact]
    public void RuleThatAlwaysFires_IsNeverRight()
    {
        var score = Score(ColdChain, TimeSpan.FromDays(1), OneRule("value > -1000 °C"));
        Assert.Equal((0.0, 0.0, 4), (score.Total.Precision, score.Total.Recall, score.Total.Alerts));
    }

    [Fact]
    public void RuleThatFiresAtEveryDefrost_IsSeldomRight()
    {
        var score = Score(ColdChain, TimeSpan.FromDays(2), OneRule("value > -19 °C"));
        Assert.InRange(score.Total.Precision!.Value, 0, 0.3);
        Assert.InRange(score.Total.Recall!.Value, 0.5, 1);
    }

    [Fact]
    public void SilentDevice_IsFoundWhileItIsSilent_ToTheEndOfTheRun()
    {
        var scenario = TestScenario.One("signal: constant, value: 5, noise: 0.1", "kind: dropout, at: 10m");
        var silence = "rules: [ { id: r, match: { metric: v }, raise: value > 100, missing: alert, missing_after: 2m } ]";
        var score = Score(scenario, TimeSpan.FromMinutes(20), silence);
        Assert.Equal((1, 1, 1.0), (score.Total.Incidents, score.Total.Found, score.Total.Precision));
        Assert.InRange(score.Total.Delays.Mean, TimeSpan.FromSeconds(115), TimeSpan.FromSeconds(121));
    }

    [Fact]
    public void IncidentOfASeriesThatNoMessageHas_IsNamed()
    {
        var replay = Replay(ColdChain, TimeSpan.FromHours(1), "", out _);
        using var file = new MemoryStream(
            """{"kind":"leak","device":"tank","from":"2026-01-01T00:10:00Z","to":"2026-01-01T00:20:00Z","must_alert":true}"""u8.ToArray());
        var score = replay.Against(TruthFile.Read(file), TimeSpan.Zero);
        Assert.Equal("tank", Assert.Single(replay.Unheard(score)).Device);
    }

    private static string OneRule(string raise) => IotEvents.Tests.Gateway.Rules.RuleBench.One(raise, metric: "temperature");

    private static Score Score(Scenario scenario, TimeSpan length, string rules)
    {
        var replay = Replay(scenario, length, rules, out var truth);
        return replay.Against(TruthFile.Read(truth), TimeSpan.FromMinutes(10));
    }

    private static ScoredReplay Replay(Scenario scenario, TimeSpan length, string rules, out MemoryStream truth)
    {
        using var messages = new MemoryStream();
        truth = new MemoryStream();
        VirtualRun.Write(scenario, length, messages, TestContext.Current.CancellationToken, truth);
        (messages.Position, truth.Position) = (0, 0);
        var errors = new SettingsErrors();
        var set = RuleSet.Load([SettingsFile.Parse("rules/test.yaml", rules, errors)], errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        var replay = new ScoredReplay(set, Some.Directory(), PayloadDecoderList.Map([]), new NormalizeOptions(), new RuleEngineOptions());
        replay.Run(messages, null, TestContext.Current.CancellationToken);
        return replay;
    }
}
