using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public sealed class MissingTests
{
    private const string After = "\nmissing_after: 30s";

    [Fact]
    public void Hold_Silence_NeitherRaisesNorEnds()
    {
        var bench = new RuleBench(RuleBench.One("value > 75")).Read(0, 80).Tick(1e6).Read(2e6, 80);
        Assert.Equal("raised@0", bench.Log);
    }

    [Theory]
    [InlineData(29.9, "raised@0")]
    [InlineData(30, "raised@0, went-silent@30")]
    public void Ok_SilenceWhileFiring_EndsAsWentSilent(double now, string expected) =>
        Assert.Equal(expected, new RuleBench(RuleBench.One("value > 75", "missing: ok" + After)).Read(0, 80).Tick(now).Log);

    [Fact]
    public void Ok_ReadingBehindAGap_EndsAtTheTimeOfSilenceFirst()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "missing: ok" + After)).Read(0, 80).Read(30, 80).Read(61, 80);
        Assert.Equal("raised@0, went-silent@60, raised@61", bench.Log);
    }

    [Fact]
    public void Ok_SilenceWhilePending_DropsIt()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "for: 1m\nmissing: ok" + After)).Read(0, 80).Tick(30);
        Assert.Equal(RuleState.Normal, bench.Engine.Instances[0].State);
        Assert.Equal("", bench.Read(61, 80).Log);
    }

    [Fact]
    public void Alert_Silence_RaisesUntilAGoodReading()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "missing: alert" + After)).Read(0, 20).Tick(30).Tick(5000);
        Assert.Equal("raised@30", bench.Log);
        Assert.Equal("d: no usable reading of m since 2026-03-01T12:00:00Z", bench.Transitions[0].Summary);
        Assert.Contains("silent since", bench.Transitions[0].Explanation, StringComparison.Ordinal);
        Assert.Equal("raised@30, recovered@6000", bench.Read(6000, 21).Log);
    }

    [Fact]
    public void Alert_BadReadingAfterSilence_GoesOnFiring()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "missing: alert" + After)).Read(0, 20).Tick(40).Read(50, 90).Read(51, 20);
        Assert.Equal("raised@30, recovered@51", bench.Log);
    }

    [Fact]
    public void Alert_SilenceWhileFiring_GoesOnFiring() =>
        Assert.Equal("raised@0", new RuleBench(RuleBench.One("value > 75", "missing: alert" + After)).Read(0, 80).Tick(500).Log);

    [Fact]
    public void Alert_SilenceWorseThanWhatFires_TakesItsPlace()
    {
        var bench = new RuleBench(RuleBench.One("0 > 1", "severity: critical\nmissing: alert" + After).Replace(
            "  raise: 0 > 1\n", "  levels: [ { severity: info, raise: value > 5 } ]\n", StringComparison.Ordinal));
        Assert.Equal("raised@0, superseded@30, raised@30", bench.Read(0, 9).Tick(100).Log);
        Assert.Equal([Severity.Info, Severity.Info, Severity.Critical], bench.Transitions.Select(it => it.Severity));
        Assert.Equal("raised@0, superseded@30, raised@30, superseded@200, raised@200, recovered@201", bench.Read(200, 9).Read(201, 1).Log);
    }

    [Fact]
    public void Alert_MachineThatGoesOnInSilence_IsAsBadAsItsState()
    {
        var bench = new RuleBench("""
            rules:
            - { id: r, kind: states, match: { metric: m }, missing: alert, missing_after: 3m, states: {
                a: { on: [ { when: value > 5, to: b } ] }, b: { on: [ { after: 5m, to: c } ] }, c: { severity: critical } } }
            """).Read(0, 1).Read(60, 9).Tick(1000);
        Assert.Equal("raised@240, superseded@360, raised@360", bench.Log);
        Assert.Equal([Severity.Warning, Severity.Warning, Severity.Critical], bench.Transitions.Select(it => it.Severity));
    }

    [Theory]
    [InlineData("raise: absent(5m)")]
    [InlineData("kind: states\nstates: { a: { on: [ { when: value > 5, to: b } ] }, b: { on: [ { after: 5m, to: c } ] }, c: { severity: warning } }")]
    public void Ok_WhatTimeAloneMakesTrueInSilence_IsNotRaised(string rule)
    {
        var bench = new RuleBench(RuleBench.One("0 > 1", "missing: ok\nmissing_after: 1m").Replace(
            "  raise: 0 > 1\n", string.Concat(rule.Split('\n').Select(line => $"  {line}\n")), StringComparison.Ordinal));
        Assert.Equal("", bench.Read(0, 1).Read(60, 9).Tick(5000).Log);
    }

    [Fact]
    public void Alert_ReadingThatWasOnItsWay_EndsItNoSoonerThanItBegan() => Assert.Equal(
        "raised@30, recovered@30",
        new RuleBench(RuleBench.One("value > 75", "missing: alert" + After)).Read(0, 20).Tick(60).Read(5, 20, delay: 60).Log);

    [Fact]
    public void KeepFiringFor_OfAMachineThatEndsByTime_EndsByTimeToo()
    {
        var bench = new RuleBench("""
            rules:
            - { id: r, kind: states, match: { metric: m }, keep_firing_for: 5m, states: {
                a: { on: [ { when: value > 5, to: b } ] }, b: { severity: warning, on: [ { after: 5m, to: a } ] } } }
            """).Read(0, 1).Read(60, 9);
        Assert.Equal("raised@60", bench.Tick(659).Log);
        Assert.Equal("raised@60, expired@660", bench.Tick(661).Log);
    }

    [Fact]
    public void Learned_BeatOfTwentySeconds_AllowsFiveLostMessagesAtFirst()
    {
        var bench = Beat(20, 16);
        Assert.Equal("raised@0", bench.Tick(320 + 109.9).Log);
        Assert.Equal("raised@0, went-silent@430", bench.Tick(320 + 110).Log);
    }

    [Fact]
    public void Learned_LongGoodBeat_AllowsThreeLostMessages()
    {
        var bench = Beat(20, 200);
        Assert.Equal("raised@0", bench.Tick(4000 + 69.9).Log);
        Assert.Equal("raised@0, went-silent@4070", bench.Tick(4000 + 70).Log);
    }

    [Fact]
    public void Learned_FastSeries_WaitsAtLeastTenSeconds()
    {
        var bench = Beat(1, 100);
        Assert.Equal("raised@0", bench.Tick(109.9).Log);
        Assert.Equal("raised@0, went-silent@110", bench.Tick(110).Log);
    }

    [Fact]
    public void Learned_FifteenIntervals_KnowNoSilence() => Assert.Equal("raised@0", Beat(20, 15).Tick(1e6).Log);

    [Fact]
    public void Learned_MoreFalseAbsencesAllowed_WaitsLess()
    {
        var bench = Beat(20, 16, new RuleEngineOptions { Cadence = new() { FalseAbsencePer = TimeSpan.FromDays(1) } });
        Assert.Equal("raised@0", bench.Tick(320 + 69.9).Log);
        Assert.Equal("raised@0, went-silent@390", bench.Tick(320 + 70).Log);
    }

    private static RuleBench Beat(double seconds, int intervals, RuleEngineOptions? options = null)
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "missing: ok"), options: options);
        for (var i = 0; i <= intervals; i++)
        {
            bench.Read(i * seconds, 80);
        }

        return bench;
    }

    [Fact]
    public void Silence_AnyPolicy_NeverEndsAsRecovered()
    {
        foreach (var policy in new[] { "ok", "hold", "alert" })
        {
            var bench = new RuleBench(RuleBench.One("value > 75", $"missing: {policy}{After}")).Read(0, 80).Tick(1e6);
            Assert.DoesNotContain(bench.Transitions, it => it.Reason == EndReason.Recovered);
        }
    }
}
