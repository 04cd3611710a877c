using System.Globalization;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Speed;

/// <summary>Judging allocates nothing in the steady state, whatever the kind and wherever the rule stands.</summary>
public sealed class RuleAllocationTests
{
    private const int Readings = 3000;

    /// <summary>What a rule says behind its id and what it matches.</summary>
    public static readonly TheoryData<string> Rules = new(
        "raise: value > 1000",
        "raise: change > 1000 and value > other",
        "raise: value > 1000 or abs(change) > 500 and not (previous < -5)",
        "raise: value > 5 and avg_over_time(10m) > 1000",
        "raise: value > -1, for: 300d",
        "raise: value > -1, missing: alert, missing_after: 1h",
        "raise: value > -1, clear: value < -5, keep_firing_for: 1h",
        "raise: value > 5, for: 2m, missing: ok",
        "raise: value > 5, times: 60 of 60",
        "raise: value > 1000, schedule: mon-fri 08:00-17:00 UTC, quality: any",
        "levels: [ { severity: info, raise: value > -1 }, { severity: critical, raise: value > 100, for: 5m } ]",
        "kind: absence, after: 1d",
        "kind: absence",
        "raise: avg_over_time(10m) > 1000",
        "raise: 'quantile_over_time(0.9, 1h) > 1000 or absent(1d)'",
        "kind: change, by: 1000, within: 10m",
        "kind: stuck, after: 1h",
        "kind: stuck, after: 1m, tolerance: 100",
        "kind: states, states: { low: { on: [ { when: value > 3, to: high } ] }, "
            + "high: { on: [ { when: value < 3, to: low }, { after: 1d, to: long } ] }, long: { severity: warning } }",
        "kind: anomaly",
        "group: all, raise: any of members where value > 1000",
        "group: site, raise: avg of members > -1");

    [Theory]
    [MemberData(nameof(Rules))]
    public void Judge_InOrder_AllocatesNothing(string rule) => Assert.Equal(0, Allocated(rule, lateness: 0));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Judge_OutOfOrderWithinTheLateness_AllocatesNothing(string rule) => Assert.Equal(0, Allocated(rule, lateness: 600));

    [Fact]
    public void Judge_OutOfOrderWithASecondLook_AllocatesNothing() =>
        Assert.Equal(0, Allocated("raise: value > 1000", lateness: 600, options: new RuleEngineOptions { SecondLook = SecondLook.New }));

    [Fact]
    public void Judge_RuleThatAnotherWatchesForFlapping_AllocatesNothing() =>
        Assert.Equal(0, Allocated("raise: value > -1", lateness: 0, "- { id: flaps, kind: flapping, within: 10m }\n"));

    [Fact]
    public void Judge_RuleAboutADevice_AllocatesNothing() =>
        Assert.Equal(0, Allocated("raise: 'm > 1000 and avg_over_time(other, 10m) > 3'", lateness: 0, match: "{ device: d }"));

    [Fact]
    public void Judge_ReadingsThatComeTooLate_AllocateNothing()
    {
        var bench = new RuleBench(Text("raise: value > 1000", "", "{ metric: m }")).Read(1e6, 1);
        var readings = World(bench, lateness: 0);
        Assert.Equal(0, Judged(bench, readings));
        Assert.Equal(Readings, bench.Engine.LateReadings);
    }

    private static long Allocated(
        string rule, int lateness, string more = "", string match = "{ metric: m }", RuleEngineOptions? options = null)
    {
        // The least of three: what a process makes only once, and what its runtime makes meanwhile, is not the rules'.
        return Enumerable.Range(0, 3).Min(_ => Judge());

        long Judge()
        {
            var bench = new RuleBench(Text(rule, more, match), lateness: lateness, options: options).Read(-1, 1, "d/other");
            return Judged(bench, World(bench, lateness));
        }
    }

    private static string Text(string rule, string more, string match) => "rules:\n" + more
        + string.Concat(Enumerable.Range(0, 3).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"- {{ id: r{i}, match: {match}, {rule} }}\n")));

    // Of one series, a minute apart; those that come out of order come by up to half of the lateness too late.
    private static Reading[] World(RuleBench bench, int lateness)
    {
        var series = bench.Series("d/m");
        var random = new Random(3);
        var readings = new Reading[Readings];
        for (var i = 0; i < readings.Length; i++)
        {
            var time = RuleBench.Start + TimeSpan.FromMinutes(i);
            readings[i] = new Reading(series, default, time, time + TimeSpan.FromSeconds(random.Next((lateness / 2) + 1)), i % 7);
        }

        Array.Sort(readings, static (a, b) => a.ReceivedAt.Nanoseconds.CompareTo(b.ReceivedAt.Nanoseconds));
        return readings;
    }

    private static long Judged(RuleBench bench, Reading[] readings)
    {
        var (half, transitions) = (Readings / 2, bench.Outcome.Transitions);
        bench.Engine.Judge(readings.AsSpan(0, half), bench.Outcome);
        bench.Engine.Tick(readings[half - 1].ReceivedAt, bench.Outcome);
        var said = transitions.Count;
        var before = GC.GetAllocatedBytesForCurrentThread();
        bench.Engine.Judge(readings.AsSpan(half), bench.Outcome);
        bench.Engine.Tick(readings[^1].ReceivedAt, bench.Outcome);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(said, transitions.Count);
        return allocated;
    }
}
