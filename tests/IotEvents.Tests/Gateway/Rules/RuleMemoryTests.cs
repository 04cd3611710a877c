using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>What random worlds found, each as small as it gets.</summary>
public sealed class RuleMemoryTests
{
    [Fact]
    public void Backfill_SilenceOfWhatFiresAnyway_ComesToAnEnd()
    {
        // The silence was due again and again, without end.
        var bench = new RuleBench(RuleBench.One("value > 5", "missing: alert\nmissing_after: 10s"));
        bench.Read(0, 9).Read(5000, 9).Read(100, 1, delay: 5000).Read(200, 1, delay: 4950);
        Assert.Equal("raised@0", bench.Log);
    }

    [Fact]
    public void Silence_EndedByTheSchedule_CountsFromTheNextBeginning()
    {
        const string Rule = "rules:\n- id: r\n  kind: absence\n  match: { metric: m }\n  after: 60s\n  schedule: 12:05-12:20 UTC\n";
        var bench = new RuleBench(Rule).Read(540, 1).Tick(1300);
        Assert.Equal("raised@600, expired@1200", bench.Log);
        Assert.Equal("raised@600, expired@1200, raised@86700", bench.Tick(86_600).Tick(86_800).Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Restore_AfterAReadingOlderThanATimer_LetsTheTimerComeAgain(bool restarts)
    {
        // The timer came at 10 s and found 8; then came 2, measured at 8 s, and at 10 s it was 2.
        var bench = new RuleBench("""
            rules:
            - id: r
              kind: states
              match: { metric: m }
              states:
                idle: { on: [ { when: value > 5, to: hot } ] }
                hot: { severity: warning, on: [ { when: value < 3, after: 10s, to: idle } ] }
              missing: hold
            """).Read(0, 8).Tick(10).Read(8, 2, delay: 3);
        bench = restarts ? bench.Restart(11.5) : bench;
        Assert.Equal("raised@0, expired@10", bench.Read(12, 4).Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Backfill_EndedAfterAnOverride_SaysWhatHoldsThen(bool restarts)
    {
        var bench = new RuleBench(RuleBench.One("any of device(\"*\").m where value > limit", "missing: hold"))
            .With(new DeviceDescription
            {
                Id = "b",
                Name = "b",
                Attributes = new Dictionary<string, Quantity> { ["limit"] = new(2, Unit.None) },
            });
        bench.Read(0, 3, "b/m").Read(5000, 0, "a/m").Read(5000, 3, "b/m").Read(100, 1, "a/m", delay: 5000);
        Assert.Equal("b/m", bench.Transitions[0].Series.Name);
        var until = RuleBench.Start + TimeSpan.FromHours(9);
        bench.Engine.SetOverride(new AttributeOverride(
            "b", "limit", new Quantity(5, Unit.None), RuleBench.Start + TimeSpan.FromSeconds(5200), until, "", ""), bench.Outcome);
        bench.Commit();
        bench = restarts ? bench.Restart(5300) : bench;
        var ended = bench.Tick(6000).Transitions[^1];
        Assert.Equal(("a/m", EndReason.Expired, true), (ended.Series.Name, ended.Reason, ended.Historical));
        Assert.Contains("any of device(\"*\").m: 0 of 2 ", ended.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_AfterFlappingHasCalmedDown_DoesNotCalmDownAgain()
    {
        const string Flaps = "- id: flaps\n  kind: flapping\n  changes: 6\n  within: 2m\n";
        var bench = new RuleBench(RuleBench.One("value > 5") + Flaps);
        for (var i = 0; i < 40; i++)
        {
            bench.Read(i * 5, i % 2 == 0 ? 9 : 1);
        }

        bench.Read(400, 1).Restart(401).Read(402, 1);
        Assert.Single(bench.Transitions, it => it is { Rule: "flaps", Kind: TransitionKind.Ended });
    }

    [Fact]
    public void Restore_InAnotherOrderOfGroups_SaysTheSame()
    {
        // The group of the series that came first spoke first; after a start it was the one of the lower number.
        const string Rule = "rules:\n- id: r\n  match: { metric: m }\n  group: site\n  raise: any of members where value > 5\n";
        var straight = Sites(Rule).Read(0, 9, "b/m").Read(0, 9, "a/m").Reload(10, "rules: []");
        var restarted = Sites(Rule).Read(0, 9, "b/m").Read(0, 9, "a/m").Restart(5).Reload(10, "rules: []");
        Assert.Equal(straight.Transitions.Select(it => it.Series.Device), restarted.Transitions.Select(it => it.Series.Device));
    }

    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("reload")]
    public void ChangesAt_OfWhatOthersSaidBefore_IsRememberedAndNotForeseenAnew(string what)
    {
        // As it was last judged nothing had come of the other, so time alone could change nothing. What was measured before came after.
        const string Rule = "rules:\n- id: r\n  match: { metric: m }\n  raise: absent(other, 30s) and value > 3\n";
        var bench = Sites(Rule).Read(10, 9, "a/m").Read(5, 1, "a/other", delay: 7);
        bench = what == "restart" ? bench.Restart(25) : what == "reload" ? bench.Reload(25, Rule) : bench;
        Assert.Equal("", bench.Tick(100).Log);
        Assert.Equal("raised@101", bench.Read(101, 9, "a/m").Log);
    }

    [Theory]
    [InlineData(0, 86_400)]
    [InlineData(86_400, 0)]
    public void Judge_FirstReadingByAnotherClock_LetsWhatPendsBeginAnew(double before, double after)
    {
        // The times of before and after do not compare: `for` had elapsed at once, or never.
        var bench = new RuleBench(RuleBench.One("value > 75", "for: 1m"));
        bench.Read(before, 80, quality: Quality.TimeUntrusted).Read(after, 80).Restart(after + 1).Tick(after + 59);
        Assert.Equal("", bench.Log);
        Assert.Equal($"raised@{after + 60}", bench.Tick(after + 60).Log);
    }

    [Theory]
    [InlineData(10, 86_400)]
    [InlineData(86_400, 10)]
    public void Judge_FirstReadingByAnotherClock_LetsWhatIsGoodAgainBeginAnew(double before, double after)
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "keep_firing_for: 1m")).Read(0, 80, quality: Quality.TimeUntrusted);
        bench.Read(before, 20, quality: Quality.TimeUntrusted).Read(after, 20).Restart(after + 1).Read(after + 59, 20);
        Assert.Equal("raised@0", bench.Log);
        Assert.Equal($"raised@0, recovered@{after + 60}", bench.Read(after + 60, 20).Log);
    }

    [Fact]
    public void ClockStepped_WhatPends_GoesOnWaitingAsLongAsItWould()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "for: 1m")).Read(0, 80, quality: Quality.TimeReceived);
        var now = RuleBench.Start + TimeSpan.FromSeconds(20);
        bench.Engine.ClockStepped(new ClockStep(now, now + TimeSpan.FromHours(1), true, true), bench.Outcome);
        Assert.Equal("", bench.Restart(3621).Tick(3659).Log);
        Assert.Equal("raised@3660", bench.Tick(3660).Log);
    }

    [Theory]
    [InlineData("kind: states\nstates: { idle: { on: [ { when: value > 5, to: hot } ] }, hot: { on: [ { after: 60s, to: bad } ] }, bad: { severity: warning } }", false)]
    [InlineData("kind: states\nstates: { idle: { on: [ { when: value > 5, to: hot } ] }, hot: { on: [ { after: 60s, to: bad } ] }, bad: { severity: warning } }", true)]
    [InlineData("kind: stuck\nafter: 60s\nreadings: 3", false)]
    [InlineData("kind: stuck\nafter: 60s\nreadings: 3", true)]
    public void ClockStepped_WhatLasts_HasLastedNoLonger(string rule, bool restarts)
    {
        // The clock is set an hour on 20 s after the first reading: of the 60 s 40 are left, whoever remembers them.
        var bench = new RuleBench($"rules:\n- id: r\n  match: {{ metric: m }}\n  {rule.Replace("\n", "\n  ", StringComparison.Ordinal)}\n");
        for (var i = 0; i <= 20; i += 5)
        {
            bench.Read(i, 9, quality: Quality.TimeReceived);
        }

        var now = RuleBench.Start + TimeSpan.FromSeconds(20);
        bench.Engine.ClockStepped(new ClockStep(now, now + TimeSpan.FromHours(1), true, true), bench.Outcome);
        bench = restarts ? bench.Restart(3620) : bench;
        for (var i = 3625; i <= 3700; i += 5)
        {
            bench.Tick(i).Read(i, 9, quality: Quality.TimeReceived);
        }

        Assert.Equal("raised@3660", bench.Log);
    }

    [Fact]
    public void Restore_AfterTheScheduleForgotWhatWasCounted_CountsAnew()
    {
        // Nothing fired, so nothing was said, and the row of what had been counted stayed.
        const string Rule = "rules:\n- id: r\n  match: { metric: m }\n  times: 2 of 3\n  raise: value > 5\n  schedule: 12:00-12:01, 12:02-12:30 UTC\n";
        var bench = new RuleBench(Rule).Read(10, 9).Read(70, 9).Restart(100).Read(130, 9);
        Assert.Equal("", bench.Log);
        Assert.Equal("raised@140", bench.Read(140, 9).Log);
    }

    [Fact]
    public void Restore_BeforeTheFirstReading_LooksBackNoFurtherThanWithoutARestart()
    {
        const string Rule = "rules:\n- id: r\n  match: { metric: m }\n  raise: avg_over_time(other, 1m) > 5 and not absent(other, 1m)\n";
        foreach (var restarts in new[] { false, true })
        {
            var bench = new RuleBench(Rule).Read(0, 0, quality: Quality.OutOfRange).Read(1, 0, "d/other");
            bench = restarts ? bench.Restart(2) : bench;
            Assert.Equal("raised@12", bench.Read(10, 9, "d/other").Read(12, 0).Log);
        }
    }

    [Fact]
    public void ClockStepped_MemberOfAGroup_IsLookedAtAnew()
    {
        // The group kept what was so of the member before its past was forgotten, and a reload found something else.
        const string Rule = "rules:\n- id: r\n  match: { metric: m }\n  group: all\n  raise: count of members where avg_over_time(30s) > 5 >= 2\n";
        var bench = Sites(Rule).Read(0, 9, "a/m", quality: Quality.TimeReceived).Read(1, 4, "a/m", quality: Quality.TimeReceived);
        var now = RuleBench.Start + TimeSpan.FromSeconds(2);
        bench.Engine.ClockStepped(new ClockStep(now, now + TimeSpan.FromHours(1), true, true), bench.Outcome);
        bench.Read(3603, 9, "b/m");
        Assert.Empty(bench.Transitions);
    }

    private static RuleBench Sites(string rules)
    {
        var bench = new RuleBench(rules);
        foreach (var device in new[] { "a", "b" })
        {
            bench.With(new DeviceDescription { Id = device, Name = device, Labels = new Dictionary<string, string> { ["site"] = device } });
            bench.Series($"{device}/m");
        }

        return bench;
    }
}
