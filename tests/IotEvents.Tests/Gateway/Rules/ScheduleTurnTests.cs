using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>A schedule begins: what became true outside it is judged then.</summary>
public sealed class ScheduleTurnTests
{
    // The bench starts at 12:00 UTC.
    private const string Schedule = "schedule: 13:00-14:00 UTC";

    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("reload")]
    public void Begins_WhileTheLastValueIsBad_Fires(string then)
    {
        // A door that tells its changes only was opened before, and is left open.
        var rules = RuleBench.One("value == 1", Schedule);
        var bench = new RuleBench(rules).Read(0, 0).Read(3000, 1);
        bench = then switch { "restart" => bench.Restart(3100), "reload" => bench.Reload(3100, rules), _ => bench };
        Assert.Equal("", bench.Tick(3599).Log);
        Assert.Equal("raised@3600", bench.Tick(3600).Log);
        Assert.Equal("raised@3600, expired@7200", bench.Tick(8000).Log);
        Assert.Equal("raised@3600, expired@7200, raised@90000", bench.Tick(90001).Log);
    }

    [Fact]
    public void Begins_WithFor_CountsFromTheBeginning() => Assert.Equal(
        "raised@3660", new RuleBench(RuleBench.One("value == 1", Schedule + "\nfor: 1m")).Read(3000, 1).Tick(3659).Tick(3661).Log);

    [Fact]
    public void Begins_WhileTheLastValueIsGood_SaysNothing() =>
        Assert.Equal("", new RuleBench(RuleBench.One("value == 1", Schedule)).Read(0, 1).Read(3000, 0).Tick(4000).Log);

    [Theory]
    [InlineData("absent(10m)")]
    [InlineData("count_over_time(10m) < 3")]
    public void Begins_WhileATimedConditionHolds_Fires(string raise) =>
        Assert.Equal("raised@3600", new RuleBench(RuleBench.One(raise, Schedule)).Read(0, 1).Read(1, 1).Read(2, 1).Tick(4000).Log);

    [Fact]
    public void Begins_WithAMachineThatWentOnMeanwhile_Fires()
    {
        var bench = new RuleBench($$"""
            rules:
            - { id: r, kind: states, match: { metric: m }, {{Schedule}}, states: {
                idle: { on: [ { when: value > 5, to: run } ] }, run: { on: [ { after: 20m, to: long } ] }, long: { severity: warning } } }
            """).Read(0, 1).Read(600, 9);
        Assert.Equal("raised@3600", bench.Tick(4000).Log);
    }

    [Theory]
    [InlineData("change > 5")]
    [InlineData("value - previous > 5")]
    public void Begins_AfterAChange_ThatChangeIsOver(string raise) =>
        Assert.Equal("", new RuleBench(RuleBench.One(raise, Schedule)).Read(0, 1).Read(3000, 9).Tick(4000).Log);

    [Fact]
    public void Begins_AfterSilenceThatIsFine_SaysNothing() => Assert.Equal(
        "", new RuleBench(RuleBench.One("value == 1", Schedule + "\nmissing: ok\nmissing_after: 5m")).Read(3000, 1).Tick(4000).Log);

    [Fact]
    public void Evidence_OfARaiseAtTheBeginning_GivesTheSameDecision()
    {
        var bench = new RuleBench(RuleBench.One("value == 1 and change < 5", Schedule), options: new RuleEngineOptions { Evidence = true })
            .Read(0, -9).Read(3000, 1).Tick(4000);
        var verdict = EvidenceVerifier.Verify(Assert.Single(bench.Transitions).Evidence.Json.Span);
        Assert.True(verdict.IsSame, $"{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
    }
}
