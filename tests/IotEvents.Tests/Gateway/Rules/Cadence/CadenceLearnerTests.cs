using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Simulator.Chance;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Cadence;

public sealed class CadenceLearnerTests
{
    private const double Minute = 60;
    private const double Hour = 3600;

    private readonly CadenceLearner _learner = new(new CadenceOptions());

    [Fact]
    public void Learned_BeforeSixteenIntervals_IsNothing()
    {
        Observe(10, 15);
        Assert.Null(_learner.Learned);
        Assert.Null(_learner.DeadlineFor(TimeSpan.FromDays(30)));
        Assert.Equal(15, _learner.Intervals);

        Observe(10, 1);
        var learned = _learner.Learned!.Value;
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.Zero, CadenceShape.Periodic), (learned.Interval, learned.Jitter, learned.Shape));
        Assert.Equal((16, false), (learned.Intervals, learned.IsConfident));
    }

    [Fact]
    public void Deadline_OfABeat_ShrinksAsItProvesGood()
    {
        // With one unseen loss in 18 five lost in a row come once in 30 days; with one in 66 three do.
        Observe(10, 16);
        Assert.Equal(55, Deadline);
        Observe(10, 48);
        Assert.Equal(35, Deadline);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Beat_OneOrTwoLostInARow_AreNoAbsence(int lost)
    {
        Observe(60, 1000);
        Assert.True((lost + 1) * 60 < Deadline);
    }

    [Fact]
    public void Deadline_OfAFastBeat_IsAtLeastTenSeconds()
    {
        Observe(0.1, 1000);
        Assert.Equal(10, Deadline);
        Assert.Equal(TimeSpan.FromMilliseconds(100), _learner.Learned!.Value.Interval);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(367 * 24 * Hour)]
    public void Observe_WhatIsNoInterval_TeachesNothing(double seconds)
    {
        Observe(10, 100);
        var before = State();
        Observe(seconds, 10);
        Assert.Equal(before, State());
    }

    [Fact]
    public void Confident_AfterADayAndSixtyFourIntervals()
    {
        Observe(10, 8639);
        Assert.False(_learner.Learned!.Value.IsConfident);
        Observe(10, 1);
        Assert.True(_learner.Learned!.Value.IsConfident);

        var slow = new CadenceLearner(new CadenceOptions());
        for (var i = 1; i <= 64; i++)
        {
            Assert.False(slow.Learned is { IsConfident: true });
            slow.Observe(TimeSpan.FromHours(6));
        }

        Assert.True(slow.Learned!.Value.IsConfident);
    }

    [Fact]
    public void Absence_OnceOrTwice_TeachesNothing()
    {
        Observe(10, 20_000);
        var before = _learner.Learned!.Value.Deadline;
        Observe(5 * Hour, 1);
        Observe(10, 3000);
        Observe(7 * Hour, 1);
        Observe(10, 3000);
        Assert.Equal(before, _learner.Learned!.Value.Deadline);
    }

    [Fact]
    public void Absence_ForgottenAfterEightDays_StillTeachesNothing()
    {
        Observe(10, 20_000);
        var before = _learner.Learned!.Value.Deadline;
        for (var i = 0; i < 5; i++)
        {
            Observe(5 * Hour, 1);
            Observe(10, 10 * 8640);
        }

        Assert.Equal(before, _learner.Learned!.Value.Deadline);
    }

    [Fact]
    public void Absence_TheThirdTime_IsHowTheDeviceIs()
    {
        Observe(10, 20_000);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(5 * Hour > Deadline, $"absence {i}");
            Observe(5 * Hour, 1);
            Observe(10, 1000);
        }

        Assert.True(5 * Hour < Deadline);
        Assert.Equal(TimeSpan.FromSeconds(10), _learner.Learned!.Value.Interval);
    }

    [Fact]
    public void Weekend_CostsThreeFalseAbsencesAndNoMore()
    {
        var absent = new List<int>();
        for (var week = 0; week < 20; week++)
        {
            Observe(5 * Minute, 5 * 288);
            if (60 * Hour > Deadline)
            {
                absent.Add(week);
            }

            Observe(60 * Hour, 1);
        }

        Assert.Equal([0, 1, 2], absent);
    }

    [Fact]
    public void Cadence_Slower_IsLearnedAnewFromTheThirdIntervalOn()
    {
        Observe(10, 20_000);
        Observe(5 * Minute, 2);
        Assert.Equal(35, Deadline);
        Observe(5 * Minute, 1);
        Assert.Null(_learner.Learned);
        Observe(5 * Minute, 13);
        Assert.Equal(TimeSpan.FromMinutes(5), _learner.Learned!.Value.Interval);
        Observe(5 * Minute, 48);
        Assert.Equal(3.5 * 5 * Minute, Deadline);
    }

    [Fact]
    public void Cadence_Faster_ShowsAtOnceAndCountsAfterEightDays()
    {
        Observe(5 * Minute, 3000);
        var before = Deadline;
        Observe(10, 16);
        Assert.Equal(TimeSpan.FromSeconds(10), _learner.Learned!.Value.Interval);
        Observe(10, (9 * 8640) - 16);
        Assert.Equal(35, Deadline);
        Assert.True(before > 35);
    }

    [Fact]
    public void Deadline_AskedForARarerFalseAbsence_IsNeverShorter()
    {
        Observe(10, 16);
        Assert.Equal([45.0, 55, 65], new[] { 1, 30, 366 }.Select(Asked));

        // A night of ten minutes' pauses, by day: now what the last days have shown decides.
        Observe(10, 10_000);
        Observe(600, 100);
        Observe(10, 5000);
        Assert.Equal(Asked(30), Deadline);
        Assert.True(Asked(1) <= Asked(30) && Asked(30) < Asked(366), $"{Asked(1)} {Asked(30)} {Asked(366)}");

        double Asked(int days) => _learner.DeadlineFor(TimeSpan.FromDays(days))!.Value.TotalSeconds;
    }

    [Theory]
    [InlineData("beat 10 s, 5 % lost", "periodic")]
    [InlineData("on change, mean 1 min", "irregular")]
    [InlineData("bursts, then hours of quiet", "bursty")]
    public void Shape_IsWhatTheDeviceDoes(string kind, string shape)
    {
        var right = 0;
        for (ulong seed = 0; seed < 50; seed++)
        {
            var rule = new LearnedRule();
            var next = CadenceFleets.Kinds[kind](new SeededRandom(seed));
            for (var i = 0; i < 512; i++)
            {
                rule.Observe(next(0));
            }

            right += rule.Learner.Learned is { } learned && learned.Shape.Name() == shape ? 1 : 0;
        }

        Assert.True(right >= 45, $"{kind}: {right} of 50 seeds are {shape}");
    }

    private double Deadline => _learner.Learned!.Value.Deadline.TotalSeconds;

    private void Observe(double seconds, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _learner.Observe(TimeSpan.FromSeconds(seconds));
        }
    }

    private byte[] State() => CadenceStateTests.State(_learner);
}
