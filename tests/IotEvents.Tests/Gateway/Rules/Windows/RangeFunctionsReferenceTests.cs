using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Windows;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Windows;

/// <summary>The functions beside the textbook's formulas in 28 decimal digits, on seeded random series. A failure prints its seed.</summary>
public sealed class RangeFunctionsReferenceTests
{
    private const int Seeds = 500;

    private delegate double Function(PointSpan points);

    [Fact]
    public void AvgSumMinMaxLastCount_RandomSeries_AsTheReference() => ForEachSeed((seed, series) =>
    {
        Same(seed, series, RangeFunctions.Avg, series.Values.Average());
        Same(seed, series, RangeFunctions.Sum, series.Values.Sum());
        Same(seed, series, RangeFunctions.Min, series.Values.Min());
        Same(seed, series, RangeFunctions.Max, series.Values.Max());
        Same(seed, series, RangeFunctions.Last, series.Values[^1]);
        Same(seed, series, RangeFunctions.Count, series.Values.Length);
    });

    [Fact]
    public void StdDev_RandomSeries_AsTheReference() => ForEachSeed((seed, series) =>
    {
        var mean = series.Values.Average();
        var variance = series.Values.Average(it => (it - mean) * (it - mean));
        Near(seed, series, RangeFunctions.StdDev, Math.Sqrt((double)variance));
    });

    [Fact]
    public void Quantile_RandomSeries_AsTheReference() => ForEachSeed((seed, series) =>
    {
        var phi = (seed % 17) / 16m;
        var sorted = series.Values.Order().ToArray();
        var rank = phi * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(rank)], sorted[(int)Math.Ceiling(rank)]);
        Same(seed, series, it => RangeFunctions.Quantile((double)phi, it), below + ((above - below) * (rank - Math.Floor(rank))));
    });

    [Fact]
    public void ChangesResets_RandomSeries_AsTheReference() => ForEachSeed((seed, series) =>
    {
        var pairs = series.Values.Zip(series.Values.Skip(1)).ToList();
        Same(seed, series, RangeFunctions.Changes, pairs.Count(it => it.First != it.Second));
        Same(seed, series, RangeFunctions.Resets, pairs.Count(it => it.First > it.Second));
    });

    [Fact]
    public void RateIncreaseDelta_RandomSeries_AsTheReference() => ForEachSeed((seed, series) =>
    {
        var random = new Random(seed);
        var start = series.Seconds[0] - (random.Next(0, 4000) / 100m);
        var end = series.Seconds[^1] + (random.Next(0, 4000) / 100m) + 1;
        var (from, to) = (At(start), At(end));
        if (series.Values.Length < 2)
        {
            Assert.Equal(double.NaN, series.On(it => RangeFunctions.Rate(it, from, to)));
            return;
        }

        var grown = series.Values.Zip(series.Values.Skip(1)).Sum(it => it.Second < it.First ? it.Second : it.Second - it.First);
        var length = series.Seconds[^1] - series.Seconds[0];
        var step = length / (series.Values.Length - 1);
        var (left, right) = (Edge(series.Seconds[0] - start), Edge(end - series.Seconds[^1]));
        var sinceZero = grown > 0 && series.Values[0] >= 0 ? length * series.Values[0] / grown : decimal.MaxValue;
        var increase = grown * (length + Math.Min(left, sinceZero) + right) / length;
        Same(seed, series, it => RangeFunctions.Increase(it, from, to), increase);
        Same(seed, series, it => RangeFunctions.Rate(it, from, to), increase / (end - start));
        Same(seed, series, it => RangeFunctions.Delta(it, from, to),
            (series.Values[^1] - series.Values[0]) * (length + left + right) / length);

        decimal Edge(decimal distance) => distance < 1.1m * step ? distance : step / 2;
    });

    [Fact]
    public void DerivPredictLinear_RandomSeries_AsTheReference() => ForEachSeed((seed, series) =>
    {
        if (series.Values.Length < 2)
        {
            Assert.Equal(double.NaN, series.On(RangeFunctions.Deriv));
            return;
        }

        var (meanX, meanY) = (series.Seconds.Average(), series.Values.Average());
        var covariance = series.Seconds.Zip(series.Values).Sum(it => (it.First - meanX) * (it.Second - meanY));
        var slope = covariance / series.Seconds.Sum(it => (it - meanX) * (it - meanX));
        var end = series.Seconds[^1] + 7;
        Same(seed, series, RangeFunctions.Deriv, slope);
        Same(seed, series, it => RangeFunctions.PredictLinear(it, At(end), TimeSpan.FromHours(1)),
            meanY + (slope * (end + 3600 - meanX)));
    });

    [Fact]
    public void Functions_TheSamePointsElsewhere_GiveTheSameBits() => ForEachSeed((seed, series) =>
    {
        // Vectorized sums would depend on where the points lie and on the machine.
        var random = new Random(seed);
        var pad = random.Next(1, 9);
        long[] times = [.. new long[pad], .. series.Times];
        double[] values = [.. new double[pad], .. series.Doubles];
        var moved = new PointSpan(times.AsSpan(pad), values.AsSpan(pad));
        foreach (var function in new Function[] { RangeFunctions.Avg, RangeFunctions.Sum, RangeFunctions.StdDev, RangeFunctions.Deriv })
        {
            Assert.True(Bits(function(moved)) == Bits(series.On(function)), $"seed {seed}");
        }

        static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
    });

    private static Timestamp At(decimal seconds) => new((long)(seconds * 1_000_000_000));

    private static void ForEachSeed(Action<int, Series> check)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            check(seed, new Series(seed));
        }
    }

    private static void Same(int seed, Series series, Function function, decimal expected) =>
        Near(seed, series, function, (double)expected);

    // As exact as the largest number the formula works with allows.
    private static void Near(int seed, Series series, Function function, double expected)
    {
        var found = series.On(function);
        var most = Math.Max(Math.Abs(expected), series.Doubles.Max(Math.Abs) * 1e-3);
        Assert.True(Math.Abs(found - expected) <= 1e-10 * most, $"seed {seed}: {found:R} instead of {expected:R}");
    }

    /// <summary>One random series: values that a double and a decimal both hold exactly, at irregular times.</summary>
    private sealed class Series
    {
        public Series(int seed)
        {
            var random = new Random(seed);
            var count = random.Next(4) == 0 ? random.Next(250, 400) : random.Next(1, 60);
            var (offset, width) = (random.Next(-1, 2) * random.Next(10_000), random.Next(1, 5000));
            var (second, isCounter) = (1_700_000_000m + random.Next(1000), random.Next(2) == 0);
            var value = (decimal)Math.Abs(offset);
            (Seconds, Values) = (new decimal[count], new decimal[count]);
            for (var i = 0; i < count; i++)
            {
                value = !isCounter ? offset + (random.Next(width) / 64m)
                    : random.Next(20) == 0 ? random.Next(10) : value + (random.Next(width) / 64m);
                (Seconds[i], Values[i]) = (second, value);
                second += random.Next(8) == 0 ? random.Next(1, 100_000) / 1000m : 10;
            }
        }

        public decimal[] Seconds { get; }

        public decimal[] Values { get; }

        public double[] Doubles => [.. Values.Select(it => (double)it)];

        public long[] Times => [.. Seconds.Select(it => At(it).Nanoseconds)];

        public double On(Function function) => function(new PointSpan(Times, Doubles));
    }
}
