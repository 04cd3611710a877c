using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.Gateway.Rules.Worlds;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public sealed class ReorderBufferTests
{
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(7)]
    [InlineData(300)]
    public void TryLetGo_DeviceWhoseClockIsAhead_KeepsTheOrderOfMeasuring(double ahead) => Seeds.ForEach(seed =>
    {
        var coming = Shuffled(seed, ahead);
        var gone = Run(coming, new Random(seed), restarts: false);
        Assert.Equal(coming.Select(it => it.Time).Order(), gone.Select(it => it.Reading.Time));
        Assert.All(gone, it => Assert.True(it.At <= it.Reading.ReceivedAt + Lateness, "nothing waits for longer than the lateness"));
        Assert.NotEqual(coming.Select(it => it.Time).Order(), coming.Select(it => it.Time));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Restore_WhereverItIs_LetsGoTheSameAtTheSameTimes(double ahead) => Seeds.ForEach(seed =>
        Assert.Equal(
            Run(Shuffled(seed, ahead), new Random(seed), restarts: false), Run(Shuffled(seed, ahead), new Random(seed), restarts: true)));

    [Fact]
    public void Judge_DeviceWhoseClockIsAhead_SaysTheSameInAnyOrder() => Seeds.ForEach(seed =>
    {
        var rules = RuleBench.One("value > 5", "for: 3s\nkeep_firing_for: 2s\nmissing: ok\nmissing_after: 20s");
        var coming = Shuffled(seed, ahead: 7);
        var straight = coming.OrderBy(it => it.Time).Select(it => it with { ReceivedAt = it.Time - TimeSpan.FromSeconds(7) }).ToList();
        Assert.Equal(Log(rules, straight, lateness: 30), Log(rules, coming, lateness: 30));
        Assert.NotEqual(Log(rules, straight, lateness: 0), Log(rules, coming, lateness: 0)); // the control
    });

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(300)]
    public void Restore_WithAnotherLateness_JudgesWhatWaited(double lateness)
    {
        var rules = RuleBench.One("value > 5");
        var before = new RuleBench(rules, lateness: 30).Read(10, 9, delay: 2).Read(20, 1, delay: 2);
        Assert.Equal("", before.Log);
        var after = new RuleBench(rules, lateness: lateness);
        after.Series("d/m");
        foreach (var (key, value) in before.Stored)
        {
            after.Stored[key] = value;
        }

        after.Restart(25).Read(26, 1).Tick(1000);
        Assert.Equal("raised@10, recovered@20", after.Log);
        Assert.Null(after.Engine.TakeCheckpoint().Find(it => it.Key[0] == StateKey.OfHeld[0]).Value);
    }

    private static List<Reading> Shuffled(int seed, double ahead)
    {
        var random = new Random(seed);
        var readings = new List<Reading>();
        for (var i = 0; i < 200; i++)
        {
            var time = RuleBench.Start + TimeSpan.FromSeconds(i + random.NextDouble());
            readings.Add(new Reading(
                0, Quality.Good, time + TimeSpan.FromSeconds(ahead), time + TimeSpan.FromSeconds(random.Next(0, 30)), random.Next(0, 11)));
        }

        return [.. readings.OrderBy(it => it.ReceivedAt.Nanoseconds)];
    }

    private static List<(Reading Reading, Timestamp At)> Run(List<Reading> coming, Random random, bool restarts)
    {
        var (buffer, gone) = (new ReorderBuffer(Lateness), new List<(Reading, Timestamp)>());
        foreach (var reading in coming)
        {
            buffer.Hold(reading);
            LetGo(reading.ReceivedAt);
            if (random.Next(5) == 0 && restarts)
            {
                var state = buffer.Save().Value;
                buffer = new ReorderBuffer(Lateness);
                Assert.True(state is null || buffer.TryRestore(state, 1));
            }
        }

        LetGo(coming[^1].ReceivedAt + TimeSpan.FromHours(1));
        return gone;

        void LetGo(Timestamp now)
        {
            while (buffer.Next is { HasValue: true } next && buffer.TryLetGo(now, out var reading))
            {
                gone.Add((reading, next));
            }
        }
    }

    private static string Log(string rules, List<Reading> coming, double lateness)
    {
        var bench = new RuleBench(rules, lateness: lateness);
        bench.Series("d/m");
        foreach (var reading in coming)
        {
            bench.Engine.Judge([reading], bench.Outcome);
            bench.Engine.Tick(reading.ReceivedAt, bench.Outcome);
        }

        return bench.Tick(10_000).Log;
    }
}
