using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public sealed class RestoreTests
{
    private static readonly string Rule = RuleBench.One("value > 75", "for: 1m\nsummary: too hot\nnotify: [ops]");

    [Fact]
    public void Restore_Pending_KeepsItsTimer()
    {
        var bench = new RuleBench(Rule).Read(0, 80).Restart(10);
        Assert.Equal(RuleBench.Start + TimeSpan.FromSeconds(60), bench.Engine.NextDeadline);
        Assert.Equal("raised@60", bench.Tick(60).Log);
    }

    [Fact]
    public void Restore_Firing_EndsWithItsOwnRaiseTime()
    {
        var bench = new RuleBench(Rule).Read(0, 80).Read(60, 80).Restart(70).Read(90, 70);
        Assert.Equal("raised@60, recovered@90", bench.Log);
        Assert.Equal(bench.Transitions[0].RaisedAt, bench.Transitions[1].RaisedAt);
        Assert.Equal(bench.Transitions[0].Since, bench.Transitions[1].Since);
    }

    [Fact]
    public void Restore_AfterTheClockWasSetBack_NamesTheNextAlertAnew()
    {
        // The time of a raise is part of its name: what raised at that time before must not be forgotten when it has ended.
        var bench = new RuleBench("rules:\n- id: r\n  match: { metric: m }\n  raise: value > 75\n");
        bench.Read(60, 80, quality: Quality.TimeReceived).Read(90, 70, quality: Quality.TimeReceived).Restart(95);
        var now = RuleBench.Start + TimeSpan.FromSeconds(100);
        bench.Engine.ClockStepped(new ClockStep(now, now - TimeSpan.FromSeconds(60), true, true), bench.Outcome);
        bench.Read(60, 80, quality: Quality.TimeReceived);
        var raises = bench.Transitions.Where(it => it.Kind == TransitionKind.Raised).Select(it => it.RaisedAt).ToList();
        Assert.Equal(2, raises.Count);
        Assert.Equal(2, raises.Distinct().Count());
    }

    [Theory]
    [InlineData("kind: stuck, after: 1m", 1)]
    [InlineData("kind: stuck, after: 1m", -1)]
    [InlineData("kind: states, states: { idle: { on: [ { after: 1m, to: late } ] }, late: { severity: warning } }", 1)]
    [InlineData("kind: states, states: { idle: { on: [ { after: 1m, to: late } ] }, late: { severity: warning } }", -1)]
    public void ClockStepped_WhatCountsFromATime_HasNotElapsedByIt(string rule, int hours)
    {
        foreach (var restarts in new[] { false, true })
        {
            var (bench, shift) = (new RuleBench($"rules:\n- {{ id: r, match: {{ metric: m }}, {rule} }}\n"), TimeSpan.FromHours(hours));
            bench.Read(0, 5, quality: Quality.TimeReceived).Read(30, 5, quality: Quality.TimeReceived);
            var now = RuleBench.Start + TimeSpan.FromSeconds(40);
            bench.Engine.ClockStepped(new ClockStep(now, now + shift, true, true), bench.Outcome);
            bench.Commit();
            _ = restarts ? bench.Restart(40 + shift.TotalSeconds) : bench;
            bench.Tick(59 + shift.TotalSeconds).Read(59 + shift.TotalSeconds, 5, quality: Quality.TimeReceived);
            Assert.Equal("", bench.Log);
            bench.Tick(60 + shift.TotalSeconds).Read(60 + shift.TotalSeconds, 5, quality: Quality.TimeReceived);
            Assert.Equal($"raised@{60 + shift.TotalSeconds}", bench.Log);
        }
    }

    [Fact]
    public void Restore_OnlySeverityAndSummaryEdited_GoesOn()
    {
        var bench = new RuleBench(Rule).Read(0, 80)
            .Restart(10, RuleBench.One("value > 75", "for: 1m\nsummary: far too hot\nseverity: critical")).Tick(60);
        Assert.Equal("raised@60", bench.Log);
        Assert.Equal(Severity.Critical, bench.Transitions[0].Severity);
    }

    [Fact]
    public void Restore_ConditionEditedAndStillTrue_GoesOnUnderItsRaise()
    {
        var bench = new RuleBench(Rule).Read(0, 80).Read(60, 80).Restart(70, RuleBench.One("value > 76", "for: 1m"));
        Assert.Equal("raised@60", bench.Log);
        var line = Assert.Single(bench.Receipt!.Lines);
        Assert.Equal((RuleFate.Kept, RuleState.Firing, "d/m"), (line.Fate, line.State, line.Subject));
        Assert.Equal("raised@60, recovered@80", bench.Read(80, 70).Log);
        Assert.Equal(bench.Transitions[0].RuleVersion, bench.Transitions[1].RuleVersion);
    }

    [Fact]
    public void Restore_ConditionEditedAndFalseNow_EndsAsRuleChangedAndBeginsAnew()
    {
        var bench = new RuleBench(Rule).Read(0, 80).Read(60, 80).Restart(70, RuleBench.One("value > 85", "for: 1m"));
        Assert.Equal("raised@60, rule-changed@70", bench.Log);
        Assert.Equal(bench.Transitions[0].RuleVersion, bench.Transitions[1].RuleVersion);
        Assert.Equal(RuleFate.Reset, Assert.Single(bench.Receipt!.Lines).Fate);
        Assert.Equal("raised@60, rule-changed@70, raised@140", bench.Read(80, 90).Read(140, 90).Log);
    }

    [Fact]
    public void Restore_RuleRemoved_EndsAsRuleChangedWithItsChannels()
    {
        var bench = new RuleBench(Rule).Read(0, 80).Read(60, 80).Restart(70, "rules: []");
        Assert.Equal("raised@60, rule-changed@70", bench.Log);
        Assert.Equal(["ops"], bench.Transitions[1].Notify);
        Assert.Equal(RuleFate.Dropped, Assert.Single(bench.Receipt!.Lines).Fate);
        Assert.DoesNotContain(bench.Stored.Keys, key => key[0] == 'i');
    }

    [Theory]
    [InlineData("value > 76", 1, "raised@60", RuleFate.Kept)]
    [InlineData("value > 76", 2, "raised@120", RuleFate.Kept)]
    [InlineData("value > 85", 1, "", RuleFate.Reset)]
    public void Restore_PendingOfAnEditedRule_KeepsItsBeginningWhileItHolds(string raise, int minutes, string log, RuleFate fate)
    {
        var bench = new RuleBench(Rule).Read(0, 80).Restart(10, RuleBench.One(raise, $"for: {minutes}m"));
        Assert.Equal(fate, Assert.Single(bench.Receipt!.Lines).Fate);
        Assert.Equal(log, bench.Tick(600).Log);
    }

    [Fact]
    public void Restore_RuleRenamedWhileFiring_EndsUnderTheNameItWasRaisedWith()
    {
        var renamed = Rule.Replace("id: r", "id: hot\n  was: r", StringComparison.Ordinal);
        var bench = new RuleBench(Rule).Read(0, 80).Read(60, 80).Restart(70, renamed).Read(80, 70).Read(90, 80).Read(150, 80);
        Assert.Equal("raised@60, recovered@80, raised@150 hot", bench.Log);
        Assert.Equal(bench.Transitions[0].RaisedAt, bench.Transitions[1].RaisedAt);
    }

    [Fact]
    public void Reload_InAnEdit_DoesTheSameAsARestart()
    {
        foreach (var raise in new[] { "value > 76", "value > 85", "value > 75" })
        {
            var rules = RuleBench.One(raise, "for: 1m");
            var restarted = new RuleBench(Rule).Read(0, 80).Read(60, 80).Restart(70, rules).Read(80, 90).Read(140, 90);
            var reloaded = new RuleBench(Rule).Read(0, 80).Read(60, 80).Reload(70, rules).Read(80, 90).Read(140, 90);
            Assert.Equal(restarted.Log, reloaded.Log);
            Assert.Equal(restarted.Receipt!.Lines, reloaded.Receipt!.Lines);
        }
    }

    [Fact]
    public void Restore_RuleThatLooksBack_RemembersThePreviousValue()
    {
        var bench = new RuleBench(RuleBench.One("change > 5")).Read(0, 10).Restart(1).Read(2, 16);
        Assert.Equal("raised@2", bench.Log);
    }

    [Fact]
    public void Restore_RuleThatLooksAtOthers_RemembersThem()
    {
        var bench = new RuleBench(RuleBench.One("value > limit", metric: "m")).Read(0, 10, "d/limit").Restart(1).Read(2, 16);
        Assert.Equal("raised@2", bench.Log);
    }

    [Theory]
    [InlineData("")]
    [InlineData("xyz")]
    [InlineData("ir\0d/m")]
    [InlineData("sd/m")]
    [InlineData("snobody/nothing")]
    public void Restore_BytesThatAreNotOurs_AreDeletedAndDoNoHarm(string key)
    {
        foreach (byte[] value in new byte[][] { [], [0], [1], [1, 2, 3], [99, .. new byte[64]], [1, .. new byte[200]] })
        {
            var bench = new RuleBench(Rule);
            bench.Series("d/m");
            bench.Stored[key] = value;
            bench.Restart(0);
            Assert.DoesNotContain(bench.Stored, it => it.Value.AsSpan().SequenceEqual(value));
            Assert.Equal("raised@60", bench.Read(0, 80).Read(60, 80).Log);
        }
    }

    [Fact]
    public void State_PlainRuleWhileNormal_StoresTheSeriesAlone() =>
        Assert.Equal(["sd/m"], new RuleBench(RuleBench.One("value > 75")).Read(0, 10).Read(1, 20).Stored.Keys);

    [Fact]
    public void Restore_LearnedCadence_IsKept()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "missing: ok"));
        for (var i = 0; i <= 200; i++)
        {
            bench.Read(i * 20, 80);
        }

        Assert.Equal("raised@0", bench.Restart(4010).Tick(4069).Log);
        Assert.Equal("raised@0, went-silent@4070", bench.Tick(4070).Log);
    }
}
