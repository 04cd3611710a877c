using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using Xunit;
using static IotEvents.Tests.Gateway.History.SeriesStoreRig;

namespace IotEvents.Tests.Gateway.History;

/// <summary>Answers compared with those of a plain list.</summary>
public sealed class SeriesStoreOracleTests
{
    [Theory]
    [InlineData(1, 4_000_000)]
    [InlineData(2, 4_000_000)]
    [InlineData(3, 4_000_000)]
    [InlineData(4, 500)]
    [InlineData(5, 50)]
    public void Read_RandomPointsAndRanges_AnswersAsAListWould(int seed, int memoryPointsMax)
    {
        var random = new Random(seed);
        using var rig = new SeriesStoreRig();
        var series = Enumerable.Range(0, 3).Select(i => rig.Series($"device{i}")).ToArray();
        var oracle = series.Select(_ => new List<SeriesPoint>()).ToArray();
        double now = 0;
        for (var batch = 0; batch < 150; batch++)
        {
            var readings = new Reading[random.Next(1, 120)];
            foreach (ref var reading in readings.AsSpan())
            {
                now += random.Next(3) * 0.25;
                var late = random.Next(20) == 0 ? random.Next((int)now + 1) : 0;
                var quality = random.Next(30) == 0 ? Quality.Suspect : Quality.Good;
                reading = Reading(random.Next(3), now - late, random.Next(200) / 10.0, quality);
                Add(oracle[reading.Series], reading);
            }

            rig.Store.MemoryPointsMax = memoryPointsMax;
            rig.Feed(readings);
            Assert.InRange(rig.Store.Status.HeadPoints, 0, memoryPointsMax);
            rig.Clock.Advance(TimeSpan.FromSeconds(random.Next(20)));
            if (random.Next(25) == 0)
            {
                rig.CrashAndRestart();
            }

            Compare(rig, oracle, random, now, $"seed {seed}, batch {batch}");
        }

        Assert.True(rig.Store.Status.Chunks > 3, $"seed {seed}: {rig.Store.Status.Chunks} chunks");
    }

    private static void Add(List<SeriesPoint> oracle, Reading reading)
    {
        if (!oracle.Exists(point => point.Time == reading.Time && point.Value == reading.Value))
        {
            oracle.Add(new SeriesPoint(reading.Time, reading.Value, reading.Quality));
        }
    }

    private static void Compare(SeriesStoreRig rig, List<SeriesPoint>[] oracle, Random random, double now, string when)
    {
        var series = random.Next(3);
        var from = At(random.NextDouble() * now);
        var to = from + TimeSpan.FromSeconds(random.Next(0, 2000));
        var max = random.Next(1, 3000);
        var range = oracle[series].Where(point => point.Time >= from && point.Time < to)
            .OrderBy(point => point.Time).ToList();
        Assert.True(range.Take(max).SequenceEqual(rig.Store.Read(series, from, to, max)), $"{when}: raw");

        var step = TimeSpan.FromSeconds(random.Next(1, 100));
        Assert.True(Buckets(range, step).SequenceEqual(rig.Store.Read(series, from, to, step)), $"{when}: by {step}");

        var there = rig.Store.TryGetLatest(series, out var latest);
        Assert.True(there == oracle[series].Count > 0, when);
        Assert.True(!there || latest == oracle[series].OrderBy(point => point.Time).Last(), $"{when}: latest {latest}");
    }

    private static IEnumerable<SeriesBucket> Buckets(List<SeriesPoint> points, TimeSpan step) => points
        .Where(point => !point.Quality.HasFlag(Quality.Suspect))
        .GroupBy(point => point.Time.Nanoseconds / (step.Ticks * 100))
        .Select(bucket =>
        {
            var values = bucket.Select(point => point.Value).ToList();
            return new SeriesBucket(
                new Timestamp(bucket.Key * step.Ticks * 100), values.Aggregate((sum, value) => sum + value) / values.Count,
                values.Min(), values.Max(), values.Count, values[0], values[^1]);
        });
}
