using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Simulator.Chance;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Cadence;

/// <summary>What a learner keeps: over a restart, against bytes that are not its own, and in memory.</summary>
public sealed class CadenceStateTests
{
    private const int Hour = 3600;

    [Fact]
    public void State_ReadBackAnywhere_GoesOnTheSame()
    {
        foreach (var kind in CadenceFleets.Kinds.Keys)
        {
            var next = CadenceFleets.Kinds[kind](new SeededRandom(5));
            var (straight, restarted) = (new CadenceLearner(new CadenceOptions()), new CadenceLearner(new CadenceOptions()));
            var now = 0.0;
            for (var i = 0; i < 4000; i++)
            {
                // Each seventieth interval is an outage: what is held apart is state too.
                var interval = i % 70 == 0 ? 20 * Hour : next(now);
                now += interval;
                straight.Observe(TimeSpan.FromSeconds(interval));
                restarted.Observe(TimeSpan.FromSeconds(interval));
                if (i % 13 == 0)
                {
                    restarted = Read(State(restarted))!;
                }

                Assert.True(straight.Learned == restarted.Learned, $"{kind}, interval {i}: {straight.Learned} {restarted.Learned}");
            }

            Assert.Equal(State(straight), State(restarted));
        }
    }

    [Fact]
    public void State_OfOtherBytes_IsRefusedOrDoesNoHarm()
    {
        var learned = new CadenceLearner(new CadenceOptions());
        foreach (var seconds in Enumerable.Repeat(10, 300).Concat([5 * Hour, 5 * Hour, 20, 20, 20]))
        {
            learned.Observe(TimeSpan.FromSeconds(seconds));
        }

        var good = State(learned);
        var random = new SeededRandom(11);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])good.Clone();
            bytes[1 + random.NextInt(bytes.Length - 1)] = (byte)random.NextInt(256);
            if (Read(i % 3 == 0 ? bytes[..(1 + random.NextInt(bytes.Length - 1))] : bytes) is not { } learner)
            {
                refused++;
                continue;
            }

            for (var step = 0; step < 40; step++)
            {
                learner.Observe(TimeSpan.FromSeconds(step % 9 == 0 ? 9 * Hour : 10));
                Assert.True(learner.Learned is not { } read || read.Deadline >= TimeSpan.FromSeconds(10), $"round {i}: {learner.Learned}");
            }
        }

        Assert.InRange(refused, 7000, 19_000);
    }

    [Fact]
    public void Observe_AllocatesNothing_AndALearnerStaysSmall()
    {
        // What the runtime itself allocates when code runs for the first time is not counted.
        Feed(new CadenceLearner(new CadenceOptions()));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var learner = new CadenceLearner(new CadenceOptions());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 400);

        Assert.Equal(0, Feed(learner));
    }

    /// <summary>How many bytes it allocates for many intervals.</summary>
    private static long Feed(CadenceLearner learner)
    {
        var random = new SeededRandom(3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5000; i++)
        {
            learner.Observe(TimeSpan.FromSeconds(i % 500 == 499 ? 9000 : random.NextDouble() * 20));
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("false_absence_per: 1d", 1)]
    [InlineData("false_absence_per: 366d", 366)]
    [InlineData("false_absence_per: 23h", null)]
    [InlineData("false_absence_per: 367d", null)]
    [InlineData("false_absence_per: often", null)]
    public void Options_FromOneDayToOneYear(string text, int? days)
    {
        var errors = new SettingsErrors();
        var options = RuleEngineOptions.Read(new SettingsMap(SettingsFile.Parse("gateway.yaml", text, errors), errors));
        Assert.Equal(days is not null, errors.IsEmpty);
        Assert.Equal(days ?? options.Cadence.FalseAbsencePer.TotalDays, options.Cadence.FalseAbsencePer.TotalDays);
    }

    internal static byte[] State(CadenceLearner learner)
    {
        var writer = new StateWriter();
        learner.Write(writer);
        return writer.ToArray();
    }

    private static CadenceLearner? Read(byte[] state)
    {
        var reader = new StateReader(state);
        var learner = CadenceLearner.Read(ref reader, new CadenceOptions());
        return reader.IsComplete ? learner : null;
    }
}
