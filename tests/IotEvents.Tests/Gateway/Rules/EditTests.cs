using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>Rules are edited while they pend and fire: what still holds goes on, what does not ends as <c>rule-changed</c>, and never as recovered.</summary>
public sealed class EditTests
{
    private const string Machine = """
        rules:
        - { id: r, kind: states, match: { metric: m }, states: { idle: { on: [ { when: value > 50, to: run } ] },
            run: { on: [ { when: value < 10, to: idle }, { after: 1m, to: long } ] }, long: { severity: warning, on: [ { when: value < 10, to: idle } ] } } }
        """;

    private const string Stuck = "rules:\n- { id: r, kind: stuck, match: { metric: m }, after: 30s }\n";
    private const string Silent = "rules:\n- { id: r, kind: absence, match: { metric: m }, after: 20s }\n";
    private const string Flapping = """
        rules:
        - { id: r, match: { metric: m }, raise: value > 5 }
        - { id: f, kind: flapping, rules: [ r ], changes: 4, within: 1m }
        """;

    private static readonly string OnlyR = Flapping[..Flapping.IndexOf("- { id: f", StringComparison.Ordinal)];

    [Theory]
    [InlineData("reload")]
    [InlineData("restart")]
    public void Machine_WithAnotherLimit_StaysInItsState(string how)
    {
        var edited = Machine.Replace("> 50", "> 45", StringComparison.Ordinal);
        var fires = Edit(new RuleBench(Machine).Read(0, 1).Read(10, 100).Tick(100), how, 100, edited);
        Assert.Equal(RuleFate.Kept, Assert.Single(fires.Receipt!.Lines).Fate);
        Assert.Equal("raised@70", fires.Read(110, 100).Log);

        // What runs and does not fire yet keeps its time too.
        var runs = Edit(new RuleBench(Machine).Read(0, 1).Read(10, 100).Tick(50), how, 50, edited);
        Assert.Equal("raised@70", runs.Tick(71).Log);
    }

    [Fact]
    public void Machine_WithoutTheStateItIsIn_EndsAsRuleChanged()
    {
        var bench = new RuleBench(Machine).Read(0, 1).Read(10, 100).Tick(100)
            .Reload(100, Machine.Replace("long", "overlong", StringComparison.Ordinal));
        Assert.Equal("raised@70, rule-changed@100", bench.Log);
        Assert.Equal(RuleFate.Reset, Assert.Single(bench.Receipt!.Lines).Fate);
    }

    [Theory]
    [InlineData("after: 40s", "raised@30")]
    [InlineData("after: 2m", "raised@30, rule-changed@60")]
    public void Stuck_WithAnotherTime_GoesOnWhenItHangsThatLong(string after, string log)
    {
        var bench = new RuleBench(Stuck).Read(0, 7).Read(15, 7).Read(30, 7).Read(60, 7)
            .Reload(60, Stuck.Replace("after: 30s", after, StringComparison.Ordinal));
        Assert.Equal(log, bench.Read(70, 7).Log);
    }

    [Theory]
    [InlineData("after: 25s", "raised@20")]
    [InlineData("after: 1h", "raised@20, rule-changed@60")]
    public void Silence_WithAnotherTime_GoesOnWhenItIsThatLong(string after, string log)
    {
        var bench = new RuleBench(Silent).Read(0, 7).Tick(60).Reload(60, Silent.Replace("after: 20s", after, StringComparison.Ordinal));
        Assert.Equal(log, bench.Tick(3599).Log);
        Assert.EndsWith(after == "after: 1h" ? "raised@3600" : log, bench.Tick(3600).Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Anomaly_ThatLearnsAnew_EndsAsRuleChanged()
    {
        const string Odd = "rules:\n- { id: r, kind: anomaly, match: { metric: m }, window: 5m, learn: 5m, season: none }\n";
        var bench = new RuleBench(Odd);
        for (var i = 0; i < 200; i++)
        {
            bench.Read(i * 10, i % 7);
        }

        bench.Read(2000, 500).Reload(2001, Odd.Replace("window: 5m", "window: 10m", StringComparison.Ordinal));
        Assert.Equal("raised@2000, rule-changed@2001", bench.Log);
        Assert.Contains("learns anew", Assert.Single(bench.Receipt!.Lines).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(35, "raised@0")]
    [InlineData(50, "raised@0, rule-changed@10")]
    public void DeviceDescribedOtherwise_WhatDoesNotHoldAnyMore_EndsAsRuleChanged(double limit, string log)
    {
        var rules = RuleBench.One("value > limit");
        var isOver = limit > 40;
        var bench = new RuleBench(rules).With(Limit(30)).Read(0, 40);
        bench.Reload(10, rules, new RuleBench(rules).With(Limit(limit)));
        Assert.Equal(log, bench.Log);
        Assert.Equal(isOver ? RuleFate.Reset : RuleFate.Kept, Assert.Single(bench.Receipt!.Lines).Fate);
        Assert.Equal(log + (isOver ? ", raised@20" : ", recovered@20"), bench.Read(20, isOver ? 60 : 1).Log);
    }

    [Fact]
    public void Flapping_ThatNobodyWatchesAnyMore_IsToldAtOnce()
    {
        var bench = Flap(new RuleBench(Flapping));
        Assert.Equal("f/d/m", bench.Transitions[^1].HiddenBy);
        bench.Reload(70, OnlyR);
        Assert.Equal("superseded@70, raised@70", bench.Log[(bench.Log.LastIndexOf("superseded", StringComparison.Ordinal))..]);
        Assert.Equal("", bench.Transitions[^1].HiddenBy);
    }

    [Fact]
    public void Flapping_AfterARestart_StillFires()
    {
        var bench = Flap(new RuleBench(Flapping)).Restart(70);
        Assert.Contains(bench.Engine.Firing, it => it.Rule == "f");
        var why = Assert.Single(bench.Engine.Why("f", "d"));
        Assert.Equal(("firing", "d/m"), (why.State, why.Subject));
        Assert.Contains("4 times within 1m are flapping", why.Reasons[1], StringComparison.Ordinal);
    }

    [Fact]
    public void LateReading_ThatEndsWhatWasTold_IsToldToo()
    {
        var bench = new RuleBench(RuleBench.One("value > 30")).Read(0, 40).Read(10, 20, delay: 700);
        Assert.Equal("raised@0, recovered@10", bench.Log);
        Assert.False(bench.Transitions[1].Historical);
        Assert.Empty(bench.Digests);
    }

    [Fact]
    public void FreshReading_ThatEndsHistory_LeavesItHistory()
    {
        var bench = new RuleBench(RuleBench.One("value > 30")).Read(0, 40, delay: 700).Read(710, 20);
        Assert.Equal("raised@0, recovered@710", bench.Log);
        Assert.All(bench.Transitions, it => Assert.True(it.Historical));
    }

    private static DeviceDescription Limit(double limit) => new()
    {
        Id = "d",
        Name = "d",
        Attributes = new Dictionary<string, Quantity> { ["limit"] = new(limit, Unit.None) },
    };

    private static RuleBench Flap(RuleBench bench)
    {
        for (var i = 0; i < 7; i++)
        {
            bench.Read(i * 5, i % 2 == 0 ? 9 : 1);
        }

        return bench.Read(36, 1).Read(40, 9);
    }

    private static RuleBench Edit(RuleBench bench, string how, double at, string rules) =>
        how == "restart" ? bench.Restart(at, rules) : bench.Reload(at, rules);
}
