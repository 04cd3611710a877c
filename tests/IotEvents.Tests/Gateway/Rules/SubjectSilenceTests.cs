using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>Devices and groups learn what silence is from the series that reports most often, of those that still do.</summary>
public sealed class SubjectSilenceTests
{
    private const string Device = "rules:\n- { id: r, kind: absence, match: { device: \"*\" } }\n";
    private const string Group = "rules:\n- { id: r, kind: absence, match: { metric: m }, group: all }\n";
    private const string Condition = "rules:\n- { id: r, match: { device: \"*\" }, raise: m > 100, missing: alert }\n";

    public static TheoryData<string, string> Scopes => new()
    {
        { Device, "" }, { Device, "restart" }, { Device, "reload" },
        { Group, "" }, { Group, "restart" }, { Group, "reload" },
        { Condition, "" }, { Condition, "restart" }, { Condition, "reload" },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Silence_LongerThanItEverIs_Fires(string rules, string then)
    {
        // The deadline is the one of the series alone.
        var alone = Beat(new RuleBench(RuleBench.One("value > 100", "missing: alert")), 0, 100).Tick(5000).Log;
        Assert.StartsWith("raised@", alone, StringComparison.Ordinal);
        var bench = Beat(new RuleBench(rules), 0, 100);
        bench = then switch { "restart" => bench.Restart(995), "reload" => bench.Reload(995, rules), _ => bench };
        Assert.Equal(alone, bench.Tick(5000).Log);
    }

    [Theory]
    [InlineData(Device)]
    [InlineData(Group)]
    public void Silence_WhileLittleIsKnown_SaysNothing(string rules) => Assert.Equal("", Beat(new RuleBench(rules), 0, 15).Tick(1e6).Log);

    [Fact]
    public void Silence_OfADeviceWithASlowSeriesToo_IsThatOfTheFastOne()
    {
        var bench = new RuleBench(Device);
        for (var i = 0; i < 2000; i++)
        {
            bench.Read(i * 10, 20);
            _ = i % 100 == 0 ? bench.Read((i * 10) + 1, 1, "d/hourly") : bench;
        }

        var deadline = bench.Engine.CadenceOf(0)!.Value.Deadline.TotalSeconds;
        Assert.InRange(deadline, 25, 60);
        Assert.Equal($"raised@{19990 + deadline:0.#}", bench.Tick(30000).Log);
    }

    [Fact]
    public void Silence_OfTheFastSeriesAlone_IsToldOnceAndThenTheSlowOneSetsThePace()
    {
        var bench = new RuleBench(Device);
        for (var i = 0; i < 400; i++)
        {
            bench.Read(i * 60, 20);
            _ = i % 10 == 0 ? bench.Read((i * 60) + 1, 1, "d/slow") : bench;
        }

        // From here on only the slow one, every ten minutes.
        for (var i = 40; i < 80; i++)
        {
            bench.Tick(i * 600).Read((i * 600) + 1, 1, "d/slow");
        }

        Assert.Equal(2, bench.Transitions.Count);
        Assert.Equal((TransitionKind.Raised, TransitionKind.Ended), (bench.Transitions[0].Kind, bench.Transitions[1].Kind));
        Assert.Equal(24601, (bench.Transitions[1].Time - RuleBench.Start).TotalSeconds);

        // When that falls silent too, the device is; and when the fast one is back, it sets the pace again.
        bench.Tick(60000);
        Assert.Equal(3, bench.Transitions.Count);
        var slow = bench.Engine.CadenceOf(1)!.Value.Deadline;
        Assert.Equal(RuleBench.Start + TimeSpan.FromSeconds(47401) + slow, bench.Transitions[2].Time);
        for (var i = 1000; i < 1100; i++)
        {
            bench.Read(i * 60, 20);
        }

        var fast = bench.Engine.CadenceOf(0)!.Value.Deadline;
        Assert.True(fast < slow, $"{fast}, {slow}");
        Assert.Equal(RuleBench.Start + TimeSpan.FromSeconds(1099 * 60) + fast, bench.Tick(100_000).Transitions[^1].Time);
    }

    [Fact]
    public void Silence_OfAGroup_NeedsEachMemberToBeSilent()
    {
        var bench = new RuleBench(Group);
        for (var i = 0; i < 200; i++)
        {
            bench.Read(i * 10, 20, "a/m").Read((i * 10) + 5, 20, "b/m");
        }

        for (var i = 200; i < 400; i++)
        {
            bench.Read((i * 10) + 5, 20, "b/m");
        }

        Assert.Equal("", bench.Log);
        Assert.StartsWith("raised@40", bench.Tick(10_000).Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_NamesTheSeriesThatSetsThePace()
    {
        var bench = Beat(new RuleBench(Device), 0, 100);
        Assert.Contains("(learned from d/m, which reports most often)", bench.Explain("d"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Device)]
    [InlineData(Group)]
    [InlineData(Condition)]
    public void Evidence_OfALearnedSilence_GivesTheSameDecision(string rules)
    {
        var bench = Beat(new RuleBench(rules, options: new RuleEngineOptions { Evidence = true }), 0, 100).Read(991, 1, "d/other").Tick(5000);
        var verdict = EvidenceVerifier.Verify(Assert.Single(bench.Transitions).Evidence.Json.Span);
        Assert.True(verdict.IsSame, $"{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
    }

    private static RuleBench Beat(RuleBench bench, double from, int times)
    {
        for (var i = 0; i < times; i++)
        {
            bench.Read(from + (i * 10), 20);
        }

        return bench;
    }
}
