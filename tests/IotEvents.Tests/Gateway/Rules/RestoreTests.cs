using IotEvents.Gateway.Events;
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
        Assert.Empty(bench.Stored);
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
    public void Restore_ConditionEdited_EndsAsRuleChangedAndBeginsAnew()
    {
        var bench = new RuleBench(Rule).Read(0, 80).Read(60, 80).Restart(70, RuleBench.One("value > 76", "for: 1m"));
        Assert.Equal("raised@60, rule-changed@70", bench.Log);
        Assert.Equal("too hot", bench.Transitions[1].Summary);
        Assert.Equal(bench.Transitions[0].RuleVersion, bench.Transitions[1].RuleVersion);
        Assert.Equal("raised@60, rule-changed@70, raised@140", bench.Read(80, 80).Read(140, 80).Log);
    }

    [Fact]
    public void Restore_RuleRemoved_EndsAsRuleChangedWithItsChannels()
    {
        var bench = new RuleBench(Rule).Read(0, 80).Read(60, 80).Restart(70, "rules: []");
        Assert.Equal("raised@60, rule-changed@70", bench.Log);
        Assert.Equal(["ops"], bench.Transitions[1].Notify);
        Assert.Empty(bench.Stored);
    }

    [Fact]
    public void Restore_PendingOfAChangedRule_IsDropped()
    {
        var bench = new RuleBench(Rule).Read(0, 80).Restart(10, RuleBench.One("value > 76", "for: 1m")).Tick(600);
        Assert.Equal("", bench.Log);
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
            Assert.Empty(bench.Stored);
            Assert.Equal("raised@60", bench.Read(0, 80).Read(60, 80).Log);
        }
    }

    [Fact]
    public void State_PlainRuleWhileNormal_StoresNothing() =>
        Assert.Empty(new RuleBench(RuleBench.One("value > 75")).Read(0, 10).Read(1, 20).Stored);

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

    [Fact]
    public void Restore_StateOfBeforeTheCadence_KeepsTheClockAndLearnsAnew()
    {
        var bench = new RuleBench(RuleBench.One("change > 5", "missing: ok")).Read(0, 10).Read(20, 10);
        // What it was: flags, two times, two values, then a count and eight bytes for each of the last intervals.
        var head = bench.Stored["sd/m"][..34];
        bench.Stored["sd/m"] = [.. head, 2, .. BitConverter.GetBytes(20_000_000_000L), .. BitConverter.GetBytes(20_000_000_000L)];

        bench.Restart(21).Read(22, 16);

        Assert.Equal("raised@22", bench.Log);
        Assert.Equal("raised@22", bench.Tick(1e6).Log);
    }
}
