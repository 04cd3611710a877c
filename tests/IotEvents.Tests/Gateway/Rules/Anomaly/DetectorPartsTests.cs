using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Anomaly;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

public sealed class DetectorPartsTests
{
    [Fact]
    public void Window_HeldSamples_CountOnlyOnceAccepted()
    {
        var window = new RobustWindow(5);
        foreach (var (value, isHeld) in new[] { (1.0, false), (2, false), (90, true), (100, true), (110, true) })
        {
            window.Add(Signals.Minute(window.Count), value, isHeld);
        }

        Assert.Equal((1.5, 0.5, 3), (window.Median, window.MedianDeviation(), window.HeldCount));
        Assert.Equal(98.5, window.AcceptHeld());
        Assert.Equal((100.0, 10.0, 3, 0), (window.Median, window.MedianDeviation(), window.Count, window.HeldCount));
        Assert.Equal(Signals.Minute(2), window.TimeAt(0));
    }

    [Fact]
    public void Window_Full_TheOldestGoes()
    {
        var window = new RobustWindow(3);
        for (var i = 0; i < 5; i++)
        {
            window.Add(Signals.Minute(i), i, isHeld: false);
        }

        Assert.Equal((3.0, Signals.Minute(2)), (window.Median, window.TimeAt(0)));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(1, 2)]
    [InlineData(20, 10)]
    public void Window_Trim_KeepsTheNewest(int keep, int left)
    {
        var window = new RobustWindow(10);
        for (var i = 0; i < 10; i++)
        {
            window.Add(Signals.Minute(i), i, isHeld: i < 2);
        }

        window.Trim(Signals.Minute(8), keep);
        Assert.Equal((left, Signals.Minute(10 - left)), (window.Count, window.TimeAt(0)));
    }

    [Fact]
    public void Step_IsTheMedianOfWhatMoved()
    {
        var step = new TypicalStep();
        Assert.Equal(0, step.Value);
        foreach (var value in new[] { 20, 20, 20.5, 20.5, 20, 25, double.NaN, 100, 100.5 })
        {
            step.Add(value);
        }

        // 0.5, 0.5, 5, and 0.5: the jump over the gap is none, and neither is standing still.
        Assert.Equal(0.5, step.Value);
    }

    [Fact]
    public void Step_RoundingError_IsNone()
    {
        var step = new TypicalStep();
        step.Add(0.3);
        step.Add(0.1 + 0.2);
        Assert.Equal(0, step.Value);
    }

    [Fact]
    public void Peaks_OneStrangeBlock_DoesNotCount()
    {
        var peaks = new PeakHistory();
        var typical = new List<double>();
        foreach (var peak in new[] { 3.0, 1000, 4, 3, 5, 4, 3, 4, 3 })
        {
            peaks.Add(peak);
            peaks.Add(peak / 2);
            peaks.Add(-peak);
            peaks.EndBlock();
            peaks.EndBlock(); // Nothing was measured in it, so it does not count.
            typical.Add(peaks.Typical);
        }

        Assert.Equal([3, 3, 4, 3, 4, 4, 4, 4, 4], typical);
    }

    [Fact]
    public void Grid_FastReadings_OneForEachStepAtAnUnevenMoment()
    {
        var grid = new SampleGrid(TimeSpan.FromMinutes(20));
        var moments = new List<double>();
        var last = grid.IndexOf(Signals.Start);
        for (var second = 0; second < 86_400 * 4; second++)
        {
            var index = grid.IndexOf(Signals.Start + TimeSpan.FromSeconds(second));
            Assert.InRange(index, last, last + 1);
            if (index != last)
            {
                moments.Add(second / 1200.0 % 1);
            }

            last = index;
        }

        Assert.InRange(moments.Count, 287, 289);
        // Each tenth of the step is met about as often.
        Assert.All(moments.CountBy(moment => (int)(moment * 10)), tenth => Assert.InRange(tenth.Value, 10, 50));
    }

    [Fact]
    public void Grid_SlowReadings_AllAreTaken()
    {
        var grid = new SampleGrid(TimeSpan.FromMinutes(20));
        var indexes = Enumerable.Range(-500, 1000).Select(i => grid.IndexOf(new Timestamp(0) + TimeSpan.FromMinutes(40 * i))).ToList();
        Assert.Equal(indexes.Distinct().Count(), indexes.Count);
    }

    [Fact]
    public void Season_NoiseAndDrift_HaveNone()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var level = 0.0;
            var (day, week) = (SeasonTable.OfDay(), SeasonTable.OfWeek());
            for (var time = Signals.Start; time < Signals.Start + TimeSpan.FromDays(28); time += TimeSpan.FromMinutes(20))
            {
                level = seed % 2 == 0 ? Signals.Noise(random) : level + Signals.Noise(random);
                day.Add(time, level);
                week.Add(time, level);
            }

            Assert.True(day.Strength() < 2 && week.Strength() < 2, $"seed {seed}: {day.Strength()} and {week.Strength()}");
            Assert.True(day.Strength() > 0 && week.Strength() > 0, $"seed {seed}: not known after four weeks");
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(180)]
    public void Season_OfADay_IsFoundAfterThreeDays(int minutes)
    {
        var random = new Random(1);
        var day = SeasonTable.OfDay();
        for (var time = Signals.Start; time < Signals.Start + TimeSpan.FromDays(4); time += TimeSpan.FromMinutes(minutes))
        {
            Assert.True(time >= Signals.Start + TimeSpan.FromDays(2) || day.Strength() == 0, $"{time}: too little is known");
            day.Add(time, (10 * Math.Sin(Signals.Hours(time) / 24 * 2 * Math.PI)) + Signals.Noise(random));
        }

        Assert.InRange(day.Strength(), 5, 30);
        Assert.InRange(day.At(Signals.Start + TimeSpan.FromDays(9) + TimeSpan.FromHours(6)).Level, 8, 12);
        Assert.InRange(day.At(Signals.Start + TimeSpan.FromDays(9) + TimeSpan.FromHours(18)).Level, -12, -8);
    }

    [Fact]
    public void Season_OfAWeek_IsFoundAfterThreeWeeks()
    {
        var random = new Random(2);
        var week = SeasonTable.OfWeek();
        double Load(double hours) => (int)(hours / 24) % 7 < 5 && hours % 24 is >= 8 and < 17 ? 50 : 5;
        for (var time = Signals.Start; time < Signals.Start + TimeSpan.FromDays(22); time += TimeSpan.FromMinutes(20))
        {
            week.Add(time, Load(Signals.Hours(time)) + Signals.Noise(random));
        }

        Assert.True(week.Strength() > 3, $"{week.Strength()}");
        Assert.InRange(week.At(Signals.Start + TimeSpan.FromHours((24 * 30) + 12)).Level, 48, 52);
        Assert.InRange(week.At(Signals.Start + TimeSpan.FromHours((24 * 33) + 12)).Level, 3, 7);
    }

    [Fact]
    public void Season_OneStrangeDay_DoesNotCount()
    {
        var day = SeasonTable.OfDay();
        for (var hour = 0; hour < 24 * 6; hour++)
        {
            day.Add(Signals.Start + TimeSpan.FromHours(hour), hour / 24 == 3 ? 1e9 : hour % 24);
        }

        Assert.Equal(new SeasonLevel(12, 11, 13, 0), day.At(Signals.Start + TimeSpan.FromHours((24 * 8) + 12)));
    }

    [Fact]
    public void Season_BetweenSlots_TakesTheNearestThatIsKnown()
    {
        var day = SeasonTable.OfDay();
        Assert.Equal(double.NaN, day.At(Signals.Start).Level);
        foreach (var hour in new[] { 6.0, 12, 18 })
        {
            day.Add(Signals.Start + TimeSpan.FromHours(hour), hour);
        }

        day.Add(Signals.Start + TimeSpan.FromHours(30), 0);
        Assert.Equal(new SeasonLevel(6, 6, 12, 0), day.At(Signals.Start + TimeSpan.FromHours(8)));
        Assert.Equal(new SeasonLevel(12, 6, 12, 0), day.At(Signals.Start + TimeSpan.FromHours(10)));
        Assert.Equal(new SeasonLevel(18, 6, 18, 0), day.At(Signals.Start + TimeSpan.FromHours(23)));
        Assert.Equal(new SeasonLevel(6, 6, 18, 0), day.At(Signals.Start + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Season_Shift_LeavesWhatMovedAlready()
    {
        var day = SeasonTable.OfDay();
        for (var hour = 0; hour <= 36; hour++)
        {
            day.Add(Signals.Start + TimeSpan.FromHours(hour), hour < 30 ? 1 : 101);
        }

        day.Shift(100, Signals.Start + TimeSpan.FromHours(30));
        Assert.All(Enumerable.Range(0, 24), hour => Assert.Equal(101, day.At(Signals.Start + TimeSpan.FromHours(hour)).Level));
    }
}
