using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Anomaly;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

public sealed class AnomalyPropertyTests
{
    [Fact]
    public void Judge_WithoutSeason_AgreesWithSortingAnew()
    {
        var anomalies = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var settings = new AnomalySettings
            {
                Season = Season.None,
                Window = TimeSpan.FromHours(seed % 3 == 0 ? 2 : 12),
                Learn = TimeSpan.FromHours(seed % 5),
                Sensitivity = 3 + (seed % 4),
            };
            var (detector, naive) = (new AnomalyDetector(settings), new NaiveDetector(settings));
            foreach (var (time, value) in Series(seed, 1500))
            {
                var (actual, expected) = (detector.Judge(time, value), naive.Judge(time, value));
                Assert.True(actual == expected, $"seed {seed}, {time}: {actual} instead of {expected}");
                anomalies += actual.IsKnown && Math.Abs(actual.Score) >= settings.Sensitivity ? 1 : 0;
            }
        }

        Assert.True(anomalies > 1000, $"only {anomalies} anomalies were compared");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("day")]
    [InlineData("week")]
    [InlineData("auto")]
    public void WriteRead_AtAnyPoint_ChangesNoBit(string season)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var settings = Settings(season, seed);
            var random = new Random(seed);
            var (whole, cut) = (new AnomalyDetector(settings), new AnomalyDetector(settings));
            foreach (var (time, value) in Series(seed, 3000))
            {
                if (random.Next(20) == 0)
                {
                    cut = Again(cut, settings);
                }

                var (expected, actual) = (whole.Judge(time, value), cut.Judge(time, value));
                Assert.True(Bits(expected).SequenceEqual(Bits(actual)), $"seed {seed}, {time}: {actual} instead of {expected}");
            }

            Assert.Equal(Bytes(whole), Bytes(cut));
        }
    }

    [Fact]
    public void HasChanged_WhenItHasNot_TheBytesAreTheSame()
    {
        var settings = Settings("auto", 2);
        var detector = new AnomalyDetector(settings);
        var before = Bytes(detector);
        var changes = 0;
        foreach (var (time, value) in Series(2, 3000))
        {
            detector.Judge(time, value);
            var after = Bytes(detector);
            Assert.True(detector.HasChanged || after.SequenceEqual(before), $"{time}: the state changed, but it does not say so");
            changes += detector.HasChanged ? 1 : 0;
            before = after;
        }

        Assert.InRange(changes, 1000, 2400);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("auto")]
    public void Judge_ScaledAndShifted_ScalesAndShiftsTheVerdict(string season)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            // A power of two and a small whole number change no bit of the other numbers' ratios, so no decision can flip.
            var (factor, offset) = (Math.Pow(2, random.Next(-9, 10)) * (random.Next(2) == 0 ? 1 : -1), random.Next(-50, 50));
            var settings = Settings(season, seed);
            var (one, other) = (new AnomalyDetector(settings), new AnomalyDetector(settings));
            foreach (var (time, value) in Series(seed, 3000))
            {
                // Values with few digits, so that shifting rounds nothing.
                var rounded = Math.Round(value * 16) / 16;
                var a = one.Judge(time, rounded);
                var b = other.Judge(time, (rounded * factor) + (offset * factor));
                var (low, high) = factor > 0 ? (a.Low, a.High) : (a.High, a.Low);
                Assert.True(
                    a.IsKnown == b.IsKnown
                    && (!a.IsKnown || (IsNear(a.Score * Math.Sign(factor), b.Score) && IsNear((a.Expected + offset) * factor, b.Expected)
                        && IsNear((low + offset) * factor, b.Low) && IsNear((high + offset) * factor, b.High))),
                    $"seed {seed}, {time}: times {factor} plus {offset}: {a} and {b}");
            }
        }
    }

    [Fact]
    public void SingleOutlier_OfAnySize_MovesTheBandByLessThanTwoOfItsEightSigmas()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            // Readings of normal noise with sigma 1, from the third day on; one of them differs.
            var random = new Random(seed);
            var (calm, struck) = (new AnomalyDetector(new AnomalySettings()), new AnomalyDetector(new AnomalySettings()));
            var strike = random.Next(3 * 288, 6 * 288);
            for (var i = 0; i < 10 * 288; i++)
            {
                var time = Signals.Start + (Signals.FiveMinutes * i);
                var value = Signals.Noise(random);
                var (a, b) = (calm.Judge(time, value), struck.Judge(time, i == strike ? 1e12 : value));
                Assert.True(
                    i <= 288 || i == strike || (Math.Abs(a.Low - b.Low) < 2 && Math.Abs(a.High - b.High) < 2),
                    $"seed {seed}, {time}, {i - strike} readings after: {a} became {b}");
            }
        }
    }

    [Fact]
    public void Read_DamagedBytes_NeverThrows()
    {
        var settings = Settings("auto", 2);
        var detector = new AnomalyDetector(settings);
        foreach (var (time, value) in Series(2, 3000))
        {
            detector.Judge(time, value);
        }

        var whole = Bytes(detector);
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var bytes = whole[..(seed % 2 == 0 ? whole.Length : random.Next(whole.Length))];
            for (var i = random.Next(5); i > 0 && bytes.Length > 1; i--)
            {
                bytes[random.Next(1, bytes.Length)] = (byte)random.Next(256);
            }

            var reader = new StateReader(bytes);
            if (AnomalyDetector.Read(ref reader, settings) is { } read)
            {
                // What cannot be told from a real state must at least be safe to go on with.
                foreach (var (time, value) in Series(seed, 200))
                {
                    var verdict = read.Judge(time + TimeSpan.FromDays(60), value);
                    Assert.True(!verdict.IsKnown || !double.IsNaN(verdict.Score), $"seed {seed}: {verdict}");
                }
            }
        }
    }

    [Fact]
    public void Read_OtherWindowOrSeason_IsRefused()
    {
        var bytes = Bytes(new AnomalyDetector(new AnomalySettings()));
        Assert.NotNull(ReadAs(new AnomalySettings { Sensitivity = 3 }));
        Assert.Null(ReadAs(new AnomalySettings { Window = TimeSpan.FromHours(5) }));
        Assert.Null(ReadAs(new AnomalySettings { Season = Season.Day }));

        // Behind version and window stands the season; without the mark of the layout, the means are of eight bytes.
        bytes[9] -= 16;
        Assert.Null(ReadAs(new AnomalySettings()));

        AnomalyDetector? ReadAs(AnomalySettings settings)
        {
            var reader = new StateReader(bytes);
            return AnomalyDetector.Read(ref reader, settings);
        }
    }

    [Fact]
    public void Judge_SteadyState_AllocatesNothing()
    {
        Assert.True(ZoneFolder.OfThisComputer.TryFind("Europe/Berlin", out var zone, out _));
        var settings = new AnomalySettings { Zone = zone };
        var detector = new AnomalyDetector(settings);
        var random = new Random(1);
        var values = Enumerable.Range(0, 14 * 288).Select(i => (20 * Math.Sin(i / 288.0 * 2 * Math.PI)) + Signals.Noise(random)).ToArray();
        Judge(0, 7 * 288);
        Assert.Equal(Season.Day, detector.Season);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Judge(7 * 288, values.Length);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Judge(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                detector.Judge(Signals.Start + (Signals.FiveMinutes * i), values[i]);
            }
        }
    }

    [Theory]
    [InlineData("none", 2048)]
    [InlineData("day", 3072)]
    [InlineData("week", 4096)]
    [InlineData("auto", 4608)]
    public void Memory_OfADetector_HasABound(string season, int bytesMax)
    {
        var settings = Settings(season, 0);
        GC.KeepAlive(new AnomalyDetector(settings));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var detector = new AnomalyDetector(settings);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 500, bytesMax);
        GC.KeepAlive(detector);
    }

    private static AnomalySettings Settings(string season, int seed) => new()
    {
        Season = Enum.Parse<Season>(season, ignoreCase: true),
        Window = TimeSpan.FromHours(seed % 2 == 0 ? 24 : 6),
        Sensitivity = 5,
    };

    // A season, noise, single outliers, new levels, gaps, equal times and quantised values.
    private static IEnumerable<(Timestamp Time, double Value)> Series(int seed, int count)
    {
        var random = new Random(seed);
        var (time, level) = (Signals.Start, 20.0);
        for (var i = 0; i < count; i++)
        {
            time += TimeSpan.FromMinutes(random.Next(400) == 0 ? random.Next(5000) : random.Next(20));
            level += random.Next(300) == 0 ? random.Next(-40, 40) : 0;
            var value = level + (10 * Math.Sin(Signals.Hours(time) / 24 * 2 * Math.PI)) + (seed % 4 == 0 ? random.Next(2) : Signals.Noise(random));
            value += random.Next(60) == 0 ? Math.Pow(10, random.Next(4)) : 0;
            yield return (time, seed % 4 == 1 ? Math.Round(value) : value);
        }
    }

    private static AnomalyDetector Again(AnomalyDetector detector, AnomalySettings settings)
    {
        var reader = new StateReader(Bytes(detector));
        var read = AnomalyDetector.Read(ref reader, settings);
        Assert.NotNull(read);
        Assert.True(reader.IsComplete);
        return read;
    }

    private static byte[] Bytes(AnomalyDetector detector)
    {
        var writer = new StateWriter();
        detector.Write(writer);
        return writer.ToArray();
    }

    private static long[] Bits(AnomalyVerdict verdict) =>
        [.. new[] { verdict.Score, verdict.Expected, verdict.Low, verdict.High, verdict.IsKnown ? 1 : 0 }.Select(BitConverter.DoubleToInt64Bits)];

    private static bool IsNear(double one, double other) => Math.Abs(one - other) <= 1e-9 * Math.Max(1, Math.Abs(one));
}
