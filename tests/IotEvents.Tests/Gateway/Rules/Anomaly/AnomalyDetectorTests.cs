using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Rules.Anomaly;
using IotEvents.Gateway.Rules.Expressions;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

public sealed class AnomalyDetectorTests
{
    private static readonly AnomalySettings Default = new();

    /// <summary>24 values: 9, 10 and 11 in turn. Median 10, median deviation 1, typical step 1.</summary>
    private static readonly double[] NineToEleven = [.. Enumerable.Range(0, 24).Select(i => 9.0 + (i % 3))];

    [Fact]
    public void Judge_BeforeTwentyFourSamples_IsUnknown()
    {
        var detector = new AnomalyDetector(Signals.Minutes);
        Assert.All(Enumerable.Range(0, 24), i => Assert.Equal(AnomalyVerdict.Unknown, detector.Feed(i, NineToEleven[i])));
        Assert.True(detector.Feed(24, 10).IsKnown);
    }

    [Fact]
    public void Judge_BeforeLearnIsOver_IsUnknown()
    {
        var detector = new AnomalyDetector(Signals.Minutes with { Learn = TimeSpan.FromMinutes(40) });
        Assert.All(Enumerable.Range(0, 40), i => Assert.False(detector.Feed(i, 9 + (i % 3)).IsKnown));
        Assert.True(detector.Feed(40, 10).IsKnown);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(11.4826, 1)]
    [InlineData(10 + (1.4826 * 8), 8)]
    [InlineData(10 - (1.4826 * 20), -20)]
    [InlineData(1e140, 1e6)]
    public void Judge_ByHand_GivesScoreAndBand(double value, double score)
    {
        var detector = new AnomalyDetector(Signals.Minutes);
        detector.Feed(0, NineToEleven);
        var verdict = detector.Feed(24, value);
        Assert.Equal(score, verdict.Score, 9);
        Assert.Equal((10, 10 - (8 * 1.4826), 10 + (8 * 1.4826)), (verdict.Expected, verdict.Low, verdict.High));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e151)]
    public void Judge_NoMeasurement_IsUnknownAndTeachesNothing(double value)
    {
        var (one, other) = (new AnomalyDetector(Signals.Minutes), new AnomalyDetector(Signals.Minutes));
        one.Feed(0, NineToEleven);
        other.Feed(0, NineToEleven);
        Assert.Equal(AnomalyVerdict.Unknown, one.Feed(24, value));
        Assert.False(one.HasChanged);
        Assert.Equal(other.Feed(25, 12), one.Feed(25, 12));
    }

    [Fact]
    public void Judge_ConstantSeries_NeverAlarms()
    {
        var detector = new AnomalyDetector(Default);
        Assert.Empty(detector.Alarms(Default, 0, 24 * 30, Signals.FiveMinutes, _ => 45));
    }

    [Theory]
    [InlineData(20, 2000, true)]
    [InlineData(20, 28, true)]
    [InlineData(20, 27.9, false)]
    [InlineData(20, 20.05, false)]
    [InlineData(20.05, 21.7, true)]
    [InlineData(20.05, 20.5, false)]
    [InlineData(500, 540, true)]
    [InlineData(500, 539, false)]
    [InlineData(0, 8, true)]
    [InlineData(0, 7.5, false)]
    [InlineData(0.001, 0.009, true)]
    [InlineData(0.001, 0.002, false)]
    [InlineData(-40, -60, true)]
    public void Judge_SeriesThatNeverMoved_HasALeastSpread(double value, double then, bool isAnomaly)
    {
        var detector = new AnomalyDetector(Default);
        var alarms = detector.Alarms(Default, 0, 24 * 30 + 0.1, Signals.FiveMinutes, time => Signals.Hours(time) >= 24 * 30 ? then : value);
        Assert.Equal(isAnomaly ? [Signals.Start + TimeSpan.FromDays(30)] : [], alarms.Take(1));
        Assert.Equal(alarms.Count > 0, isAnomaly);
    }

    [Fact]
    public void Judge_SeriesThatNeverMoved_TakesANewLevelForNormal()
    {
        // Once most of the window is on the new level; the way back is an anomaly of its own.
        var detector = new AnomalyDetector(Default);
        var signal = (Timestamp time) => Signals.Hours(time) is >= 48 and < 62 ? 900.0 : 0;
        var alarms = detector.Alarms(Default, 0, 24 * 5, Signals.FiveMinutes, signal);
        Assert.Equal(Signals.Start + TimeSpan.FromHours(48), alarms[0]);
        Assert.True(alarms[^1] < Signals.Start + TimeSpan.FromHours(76), $"{alarms[^1]}");
    }

    [Theory]
    [InlineData(20.1, 0.1, 2)]
    [InlineData(20.1, 0.1, 1000)]
    [InlineData(-3, 1, 50)]
    [InlineData(1e9, 0.5, 300)]
    public void Judge_OneDigitFlickers_NeverAlarms(double value, double digit, int oneOf)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var alarms = new AnomalyDetector(Default).Alarms(Default, 0, 24 * 20, Signals.FiveMinutes, _ => random.Next(oneOf) == 0 ? value + digit : value);
            Assert.True(alarms.Count == 0, $"seed {seed}: {string.Join(", ", alarms)}");
        }
    }

    [Fact]
    public void Judge_NormalNoise_AlarmsLessThanOnceAYear()
    {
        var alarms = Enumerable.Range(0, 12).Sum(seed =>
        {
            var random = new Random(seed);
            return new AnomalyDetector(Default).Alarms(Default, 0, 24 * 30, Signals.FiveMinutes, _ => Signals.Noise(random)).Count;
        });
        Assert.Equal(0, alarms);
    }

    [Fact]
    public void Judge_QuantisedSensorJumps_IsFound()
    {
        var random = new Random(3);
        var detector = new AnomalyDetector(Default);
        var alarms = detector.Alarms(Default, 0, 72, Signals.FiveMinutes, time =>
            Signals.Hours(time) >= 60 ? 21.2 : random.Next(4) == 0 ? 20.1 : 20);
        Assert.Equal(Signals.Start + TimeSpan.FromHours(60), alarms.FirstOrDefault());
    }

    [Fact]
    public void Judge_Anomaly_EndsAtHalfTheSensitivityAndTeachesNothing()
    {
        var detector = new AnomalyDetector(Signals.Minutes with { Sensitivity = 10 });
        detector.Feed(0, NineToEleven);
        // 15 and 5 sigmas above: the second alone would be learned, behind the first it is held back.
        var first = detector.Feed(24, 10 + (1.4826 * 15));
        var later = detector.Feed(25, 10 + (1.4826 * 5), 10 + (1.4826 * 5), 10 + (1.4826 * 5));
        Assert.Equal(15, first.Score, 9);
        Assert.Equal(5, later.Score, 9);
        Assert.Equal((first.Low, first.High), (later.Low, later.High));
    }

    [Fact]
    public void Judge_NewLevel_IsAcceptedAfterHalfTheWindow()
    {
        var random = new Random(4);
        var detector = new AnomalyDetector(Default);
        double Signal(Timestamp time) => (Signals.Hours(time) < 100 ? 20 : 50) + Signals.Noise(random);
        var alarms = detector.Alarms(Default, 0, 400, Signals.FiveMinutes, Signal);
        Assert.Equal(100, Signals.Hours(alarms[0]), 3);
        Assert.InRange(Signals.Hours(alarms[^1]), 111.5, 112.7);
        // Nearly every reading of the time between, and none after.
        Assert.InRange(alarms.Count, 138, 153);
    }

    [Fact]
    public void Judge_NewLevelOfASeason_TheSeasonGoesWithIt()
    {
        var random = new Random(5);
        var detector = new AnomalyDetector(Default);
        double Signal(Timestamp time) => (Signals.Hours(time) < 200 ? 20 : 80)
            + (10 * Math.Sin(Signals.Hours(time) / 24 * 2 * Math.PI)) + Signals.Noise(random);
        var alarms = detector.Alarms(Default, 0, 600, Signals.FiveMinutes, Signal);
        Assert.Equal(Season.Day, detector.Season);
        Assert.Equal(200, Signals.Hours(alarms[0]), 3);
        Assert.InRange(Signals.Hours(alarms[^1]), 211.5, 212.7);
    }

    [Fact]
    public void Judge_ShortExcursion_IsNoNewLevel()
    {
        var random = new Random(6);
        var detector = new AnomalyDetector(Default);
        double Signal(Timestamp time) => (Signals.Hours(time) is >= 100 and < 110 or >= 300 and < 310 ? 50 : 20) + Signals.Noise(random);
        var alarms = detector.Alarms(Default, 0, 400, Signals.FiveMinutes, Signal);
        Assert.InRange(alarms.Count, 236, 240);
        Assert.All(alarms, time => Assert.True(Signals.Hours(time) is >= 100 and < 110 or >= 300 and < 310, $"{time}"));
    }

    [Fact]
    public void Judge_SlowSeries_IsJudgedByItsLastReadings()
    {
        var random = new Random(7);
        var detector = new AnomalyDetector(Default);
        var alarms = detector.Alarms(Default, 0, 24 * 100, TimeSpan.FromHours(12), time => (Signals.Hours(time) == 1200 ? 30 : 0) + Signals.Noise(random));
        Assert.Equal([1200], alarms.Select(Signals.Hours));
    }

    [Fact]
    public void Judge_AfterALongGap_OldLevelWaitsForANewOne()
    {
        var random = new Random(8);
        var settings = Default with { Season = Season.None };
        var detector = new AnomalyDetector(settings);
        Assert.Empty(detector.Alarms(settings, 0, 100, Signals.FiveMinutes, _ => Signals.Noise(random)));
        // Nothing was made up for the gap: the first reading is far from the last level, and 13 samples later it is the new one.
        var alarms = detector.Alarms(settings, 300, 400, Signals.FiveMinutes, _ => 50 + Signals.Noise(random));
        Assert.Equal(300, Signals.Hours(alarms[0]), 3);
        Assert.InRange(Signals.Hours(alarms[^1]), 303.5, 304.8);
    }

    [Fact]
    public void Judge_DailyPeak_IsAnAnomalyOnlyUntilItIsASeason()
    {
        var random = new Random(9);
        var detector = new AnomalyDetector(Default);
        double Signal(Timestamp time) => (Signals.Hours(time) % 24 is >= 8 and < 10 ? 60 : 20) + Signals.Noise(random);
        var alarms = detector.Alarms(Default, 0, 24 * 30, Signals.FiveMinutes, Signal);
        Assert.Equal(Season.Day, detector.Season);
        Assert.All(alarms, time => Assert.True(Signals.Hours(time) < 24 * 4, $"{time}"));
        // What is missing from the season is found too: no peak today.
        Assert.NotEmpty(detector.Alarms(Default, 24 * 30, (24 * 30) + 12, Signals.FiveMinutes, _ => 20 + Signals.Noise(random)));
    }

    [Theory]
    [InlineData("none", 3)]
    [InlineData("day", 0)]
    [InlineData("auto", 0)]
    public void Judge_NoonValueAtNight_IsFoundBySeasonOnly(string season, int missed)
    {
        var settings = Default with { Season = Enum.Parse<Season>(season, ignoreCase: true) };
        var found = 0;
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            var detector = new AnomalyDetector(settings);
            double Signal(double hours) => (30 * Math.Sin((hours - 6) / 24 * 2 * Math.PI)) + Signals.Noise(random);
            detector.Alarms(settings, 0, 240, Signals.FiveMinutes, time => Signal(Signals.Hours(time)));
            found += detector.Alarms(settings, 240, 240.01, Signals.FiveMinutes, _ => 30).Count;
        }

        Assert.Equal(3 - missed, found);
    }

    [Fact]
    public void Judge_Weekend_IsNoAnomalyOnceTheWeekIsKnown()
    {
        var random = new Random(10);
        var settings = Default with { Season = Season.Week };
        var detector = new AnomalyDetector(settings);
        double Signal(double hours) => ((int)(hours / 24) % 7 < 5 && hours % 24 is >= 8 and < 17 ? 50 : 5) + Signals.Noise(random);
        detector.Alarms(settings, 0, 24 * 28, Signals.FiveMinutes, time => Signal(Signals.Hours(time)));
        Assert.Equal(Season.Week, detector.Season);
        Assert.Empty(detector.Alarms(settings, 24 * 28, 24 * 42, Signals.FiveMinutes, time => Signal(Signals.Hours(time))));
        // A Sunday like a Monday.
        Assert.NotEmpty(detector.Alarms(settings, 24 * 48, 24 * 49, Signals.FiveMinutes, time => Signal(Signals.Hours(time) + 24)));
    }

    [Theory]
    [InlineData("Europe/Berlin", false)]
    [InlineData("UTC", true)]
    public void Judge_AfterTheClockChange_TheDayGoesByTheWall(string name, bool isAnomaly)
    {
        // Each day a machine runs from 8 to 12 by the clock on the wall in Berlin; on 2024-03-31 it goes forward.
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.True(ZoneFolder.OfThisComputer.TryFind(name, out var zone, out _));
        var settings = Default with { Season = Season.Day, Zone = zone };
        var random = new Random(11);
        double Signal(Timestamp time)
        {
            var instant = time.ToDateTimeOffset();
            return ((instant + berlin.GetUtcOffset(instant)).Hour is >= 8 and < 12 ? 90 : 10) + Signals.Noise(random);
        }

        var detector = new AnomalyDetector(settings);
        var change = Timestamp.From(new DateTimeOffset(2024, 3, 31, 1, 0, 0, TimeSpan.Zero));
        detector.Alarms(settings, Signals.Hours(change) - (24 * 20), Signals.Hours(change), Signals.FiveMinutes, Signal);
        var alarms = detector.Alarms(settings, Signals.Hours(change), Signals.Hours(change) + 24, Signals.FiveMinutes, Signal);
        Assert.Equal(isAnomaly, alarms.Count > 0);
    }

    [Fact]
    public void Judge_SeriesWithPeaksOnMostDays_TakesThemForNormal()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var detector = new AnomalyDetector(Default);
            double Signal(double peak) => random.Next(144) == 0 ? peak * (0.7 + (0.6 * random.NextDouble())) : Signals.Noise(random);
            var alarms = detector.Alarms(Default, 0, 24 * 40, Signals.FiveMinutes, _ => Signal(50));
            Assert.True(alarms.All(time => Signals.Hours(time) < 24 * 8), $"seed {seed}: {alarms.LastOrDefault()}");
            Assert.NotEmpty(detector.Alarms(Default, 24 * 40, (24 * 40) + 0.01, Signals.FiveMinutes, _ => 250));
        }
    }

    [Theory]
    [InlineData("both", true, true)]
    [InlineData("above", true, false)]
    [InlineData("below", false, true)]
    public void Settings_Direction_ChoosesWhatRaises(string direction, bool above, bool below)
    {
        var settings = Default with { Direction = Enum.Parse<Direction>(direction, ignoreCase: true) };
        bool Raises(double score) => settings.Raise(Scored(score)) == Truth.True;
        bool Clears(double score) => settings.Clear(Scored(score)) == Truth.True;
        Assert.Equal((above, below, false), (Raises(8), Raises(-8), Raises(7.9)));
        Assert.Equal((!above, !below, true), (Clears(4), Clears(-4), Clears(3.9)));
        Assert.Equal(Truth.Unknown, settings.Raise(AnomalyVerdict.Unknown));
        Assert.Equal(Truth.Unknown, settings.Clear(AnomalyVerdict.Unknown));
    }

    [Fact]
    public void Clock_SetBackAndForward_GoesOn()
    {
        var random = new Random(12);
        var detector = new AnomalyDetector(Default);
        foreach (var from in new[] { 0.0, -400_000, 500, -1 })
        {
            Assert.Empty(detector.Alarms(Default, from, from + 100, Signals.FiveMinutes, _ => Signals.Noise(random)));
        }

        Assert.NotEmpty(detector.Alarms(Default, 100, 100.01, Signals.FiveMinutes, _ => 100));
    }

    private static AnomalyVerdict Scored(double score) => new(score, 0, 0, 0, IsKnown: true);
}
