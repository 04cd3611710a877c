using System.Collections.Concurrent;
using IotEvents.Gateway.History;
using Xunit;
using static IotEvents.Tests.Gateway.History.SeriesStoreRig;

namespace IotEvents.Tests.Gateway.History;

public sealed class SeriesStoreConcurrencyTests
{
    [Fact]
    public async Task Read_WhileChunksAreWritten_SeesEveryPointOnce()
    {
        using var rig = new SeriesStoreRig();
        var boiler = rig.Series("boiler");
        var written = 0;
        var done = 0;
        var problems = new ConcurrentQueue<string>();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (Volatile.Read(ref done) == 0 && problems.IsEmpty)
            {
                Look(rig.Store, boiler, Volatile.Read(ref written), problems);
            }
        }, TestContext.Current.CancellationToken)).ToArray();
        for (var batch = 0; batch < 600; batch++)
        {
            rig.Feed([.. Enumerable.Range(batch * 20, 20).Select(i => Reading(boiler, i, i))]);
            Volatile.Write(ref written, (batch + 1) * 20);
            rig.Clock.Advance(TimeSpan.FromSeconds(batch % 5 == 0 ? 400 : 11));
        }

        Volatile.Write(ref done, 1);
        await Task.WhenAll(readers);
        Assert.Empty(problems);
        Assert.True(rig.Store.Status.Chunks > 5);
    }

    private static void Look(SeriesStore store, int series, int atLeast, ConcurrentQueue<string> problems)
    {
        var points = store.Read(series, At(0), At(1e6), int.MaxValue);
        var status = store.Status;
        if (status.Points + status.HeadPoints < points.Count)
        {
            problems.Enqueue($"{points.Count} points were read; {status}");
        }

        if (points.Count < atLeast)
        {
            problems.Enqueue($"{points.Count} points, {atLeast} were written");
        }

        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].Value != i)
            {
                problems.Enqueue($"point {i} is {points[i].Value}");
                return;
            }
        }

        if (store.TryGetLatest(series, out var latest) && (latest.Time != At(latest.Value) || latest.Value < atLeast - 1))
        {
            problems.Enqueue($"latest {latest} after {atLeast}");
        }
    }
}
