using System.Diagnostics;
using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.EndToEnd.History;

/// <summary>A process that feeds the store is killed again and again; in the end every point is there, once.</summary>
public sealed class SeriesStoreKillTests
{
    private const string FolderVariable = "IOTEVENTS_KILLED_STORE";
    private const int SeriesCount = 7;
    private const int Kills = 12;

    [Fact]
    public async Task Restart_AfterManyKills_HasEveryPointOnce()
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("iotevents-kill-").FullName;
        try
        {
            var random = new Random(20);
            for (var kill = 0; kill < Kills; kill++)
            {
                var progress = Progress(folder);
                using var feeder = StartFeeder(folder);
                await WaitUntilAsync(() => Progress(folder) > progress + random.Next(1, 60), feeder, stop);
                feeder.Kill();
                await feeder.WaitForExitAsync(stop);
            }

            await AssertWholeAsync(folder, Progress(folder), stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The process that is killed: run by the test above, never by itself.</summary>
    [Fact(Explicit = true)]
    public async Task Feed_UntilKilled()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.NotNull(folder);
        using var store = Open(folder);
        var journalCursor = File.Exists(CursorPath(folder)) ? Number(CursorPath(folder)) : 1;
        for (var offset = store.Start(journalCursor); offset < 100_000; offset++)
        {
            var cursor = await store.ConsumeAsync([Batch(offset)], TestContext.Current.CancellationToken);
            Note(CursorPath(folder), cursor);
            Note(ProgressPath(folder), offset);
        }
    }

    private static async Task AssertWholeAsync(string folder, long last, CancellationToken stop)
    {
        using var store = Open(folder);
        for (var offset = store.Start(Number(CursorPath(folder))); offset <= last; offset++)
        {
            await store.ConsumeAsync([Batch(offset)], stop);
        }

        var expected = new List<(Timestamp, double)>[SeriesCount];
        for (var series = 0; series < SeriesCount; series++)
        {
            expected[series] = [];
        }

        for (var offset = 1L; offset <= last; offset++)
        {
            foreach (var reading in Batch(offset).Readings.Span)
            {
                expected[reading.Series].Add((reading.Time, reading.Value));
            }
        }

        Assert.True(store.Status.Chunks > SeriesCount, $"{store.Status}");
        for (var series = 0; series < SeriesCount; series++)
        {
            var points = store.Read(series, new Timestamp(0), new Timestamp(long.MaxValue), int.MaxValue);
            Assert.Equal(expected[series].Order(), points.Select(point => (point.Time, point.Value)));
        }
    }

    /// <summary>The journal: what stands at an offset is a function of the offset.</summary>
    private static CommittedBatch Batch(long offset)
    {
        var random = new Random((int)offset);
        var readings = new Reading[200];
        for (var i = 0; i < readings.Length; i++)
        {
            var late = i % 50 == 49 ? random.Next(1, 5000) : 0;
            var place = (offset * readings.Length) + i;
            var time = new Timestamp(((place - late) * 1_000_000_000) + late + 1_000_000_000_000_000);
            readings[i] = new Reading((int)(place % SeriesCount), Quality.Good, time, time, random.Next(10_000) / 100.0);
        }

        return new CommittedBatch(offset, Timestamp.Now(TimeProvider.System), readings, []);
    }

    private static SeriesStore Open(string folder)
    {
        var catalog = new SeriesCatalog();
        for (var series = 0; series < SeriesCount; series++)
        {
            catalog.Restore(series, $"device{series}", "value", Unit.None);
        }

        var options = new SeriesStoreOptions { Flush = TimeSpan.FromMilliseconds(30) };
        return SeriesStore.Open(
            Path.Combine(folder, "series.db"), options, catalog, TimeProvider.System, NullLogger.Instance);
    }

    private static Process StartFeeder(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var method = $"{typeof(SeriesStoreKillTests).FullName}.{nameof(Feed_UntilKilled)}";
        foreach (var argument in new[] { "-explicit", "only", "-method", method })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[FolderVariable] = folder;
        var feeder = Process.Start(start)!;
        feeder.BeginOutputReadLine();
        feeder.BeginErrorReadLine();
        return feeder;
    }

    private static async Task WaitUntilAsync(Func<bool> condition, Process feeder, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(feeder.HasExited, "the feeder ended by itself");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, timeout.Token);
        }
    }

    private static string CursorPath(string folder) => Path.Combine(folder, "cursor");

    private static string ProgressPath(string folder) => Path.Combine(folder, "progress");

    private static long Progress(string folder) => File.Exists(ProgressPath(folder)) ? Number(ProgressPath(folder)) : 0;

    private static long Number(string path) => long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);

    /// <summary>Replaces the file as a whole: a kill leaves the old number or the new one.</summary>
    private static void Note(string path, long number)
    {
        File.WriteAllText(path + ".new", number.ToString(CultureInfo.InvariantCulture), Encoding.ASCII);
        File.Move(path + ".new", path, overwrite: true);
    }
}
