using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Replay;
using IotEvents.Tests.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Replay;

public sealed class RuleReplayTests
{
    [Fact]
    public void For_ElapsesBetweenReadings_AtItsOwnTime()
    {
        var bench = new RuleBench(RuleBench.One("value > 5", "for: 60s"));
        Assert.Equal(["raised 60", "recovered 120"], Replay(bench, [(0, 6), (120, 1)]));
    }

    [Fact]
    public void Deadline_OnTheTimeOfAReading_ComesAfterIt()
    {
        var bench = new RuleBench(RuleBench.One("value > 5", "for: 60s"));
        Assert.Empty(Replay(bench, [(0, 6), (60, 1)]));
    }

    [Fact]
    public void LetTimePass_AfterTheLastReading_SilenceIsTold()
    {
        var bench = new RuleBench(RuleBench.One("value > 100", "missing: alert\nmissing_after: 30s"));
        Assert.Equal(["raised 40"], Replay(bench, [(0, 6), (10, 6)], end: 300));
        bench = new RuleBench(RuleBench.One("value > 100", "missing: alert\nmissing_after: 30s"));
        Assert.Empty(Replay(bench, [(0, 6), (10, 6)], end: 39));
    }

    [Fact]
    public void Reading_LongOnItsWay_TransitionIsToldWhenItWasReceived()
    {
        var bench = new RuleBench(RuleBench.One("value > 5"));
        var told = new List<ReplayedTransition>();
        new RuleReplay(bench.Engine, told.Add).Judge(bench.Reading(0, 6, delay: 90));
        Assert.Equal((0.0, 90.0), (Seconds(told[0].Transition.Time), Seconds(told[0].At)));
    }

    [Fact]
    public void Replay_OnRandomReadings_TellsTheSameAsAClockThatTicksEverySecond()
    {
        const string Rules = """
            rules:
            - { id: a, match: { metric: "*" }, raise: value > 5, clear: value < 4, for: 25s, missing: ok, missing_after: 40s }
            - { id: b, match: { metric: "*" }, raise: value > 8, missing: alert }
            - { id: c, match: { metric: "*" }, raise: change > 2, for: 7s }
            """;
        for (var seed = 1; seed <= 20; seed++)
        {
            var chance = new Random(seed);
            var time = 0;
            var readings = Enumerable.Range(0, 400).Select(_ => (time += 1 + chance.Next(chance.Next(20) == 0 ? 120 : 9), (double)chance.Next(11))).ToList();
            var live = new RuleBench(Rules);
            for (var (second, next) = (0, 0); second <= time + 300; second++)
            {
                for (; next < readings.Count && readings[next].Item1 == second; next++)
                {
                    live.Read(second, readings[next].Item2);
                }

                live.Tick(second);
            }

            var told = Replay(new RuleBench(Rules), readings, end: time + 300);
            Assert.NotEmpty(told);
            Assert.True(told.SequenceEqual(live.Transitions.Select(it => Describe(it, it.Time))), $"seed {seed}");
        }
    }

    [Fact]
    public void Run_Stopped_Throws()
    {
        var bench = new RuleBench(RuleBench.One("value > 5"));
        var reading = bench.Reading(0, 1);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            new RuleReplay(bench.Engine, _ => { }).Run(Enumerable.Repeat(reading, 10_000_000), null, stop.Token));
    }

    [Fact]
    public void Run_TellsHowFarItIs()
    {
        var bench = new RuleBench(RuleBench.One("value > 5"));
        var reports = new Reports();
        new RuleReplay(bench.Engine, _ => { }).Run(
            Enumerable.Range(0, 20_000).Select(i => bench.Reading(i, 1)), reports, TestContext.Current.CancellationToken);
        Assert.Equal([8192, 16_384, 20_000], reports.All.Select(report => report.Readings));
        Assert.Equal(19_999, Seconds(reports.All[^1].Now));
    }

    private static List<string> Replay(RuleBench bench, IEnumerable<(int Seconds, double Value)> readings, int end = 0)
    {
        var told = new List<string>();
        var replay = new RuleReplay(bench.Engine, it => told.Add(Describe(it.Transition, it.At)));
        replay.Run(readings.Select(it => bench.Reading(it.Seconds, it.Value)), null, TestContext.Current.CancellationToken);
        replay.LetTimePass(RuleBench.Start + TimeSpan.FromSeconds(end));
        return told;
    }

    private static string Describe(Transition it, Timestamp at) =>
        $"{(it.Kind == TransitionKind.Raised ? "raised" : it.Reason.Name())} {Seconds(at)}{(it.Rule == "r" ? "" : " " + it.Rule)}";

    private static double Seconds(Timestamp time) => (time - RuleBench.Start).TotalSeconds;

    private sealed class Reports : IProgress<ReplayProgress>
    {
        public List<ReplayProgress> All { get; } = [];

        public void Report(ReplayProgress value) => All.Add(value);
    }
}
