using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.History;

/// <summary>A store in a folder of its own, and the journal that feeds it: every batch is kept and comes again on
/// demand.</summary>
internal sealed class SeriesStoreRig : IDisposable
{
    public static readonly Timestamp Origin = Timestamp.From(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-history-").FullName;

    public SeriesStoreRig(SeriesStoreOptions? options = null)
    {
        Options = options ?? new SeriesStoreOptions();
        Store = Open();
    }

    public SeriesStoreOptions Options { get; set; }

    public SeriesCatalog Catalog { get; private set; } = new();

    public FakeTimeProvider Clock { get; } = new(Origin.ToDateTimeOffset());

    public List<CommittedBatch> Journal { get; } = [];

    public SeriesStore Store { get; private set; }

    public string Path => System.IO.Path.Combine(_folder, "series.db");

    public string Folder => _folder;

    /// <summary>What the journal keeps as the cursor.</summary>
    public long Cursor { get; set; } = 1;

    public static Timestamp At(double seconds) => new(Origin.Nanoseconds + (long)(seconds * 1e9));

    public int Series(string device, string metric = "temperature", string unit = "Cel")
    {
        Catalog.TryGetOrAdd(Encoding.UTF8.GetBytes(device), Encoding.UTF8.GetBytes(metric), out var series);
        _ = Units.TryParse(unit, out var known);
        series!.Unit = known;
        return series.Id;
    }

    public static Reading Reading(int series, double seconds, double value, Quality quality = Quality.Good) =>
        new(series, quality, At(seconds), At(seconds), value);

    /// <summary>Appends one batch to the journal and hands it on.</summary>
    public void Feed(params Reading[] readings)
    {
        Append(readings);
        Consume(Journal[^1]);
    }

    public void Append(params Reading[] readings) =>
        Journal.Add(new CommittedBatch(Journal.Count + 1, Timestamp.Now(Clock), readings, []));

    public void Consume(params CommittedBatch[] batches)
    {
        // The store works on the calling thread, so the task has always ended.
        var task = Store.ConsumeAsync(batches, TestContext.Current.CancellationToken);
        Assert.True(task.IsCompleted);
        Cursor = task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException();
    }

    /// <summary>Ends as a kill would, and starts again: the journal brings what it still has to bring.</summary>
    public void CrashAndRestart(Action<string>? step = null, string journal = "")
    {
        Store.Close();
        Restart(step, journal);
    }

    /// <summary>Starts again after the store was closed.</summary>
    public void Restart(Action<string>? step = null, string journal = "")
    {
        Store = Open(step, journal);
        Replay();
    }

    /// <summary>Brings the journal's batches from the cursor on.</summary>
    public void Replay()
    {
        var from = Store.Start(Cursor);
        foreach (var batch in Journal.Where(batch => batch.Offset >= from))
        {
            Consume(batch);
        }
    }

    /// <summary>Another catalog, as a new journal would have it: other numbers for the same names.</summary>
    public void ForgetCatalog() => Catalog = new SeriesCatalog();

    public IReadOnlyList<SeriesPoint> All(int series) =>
        Store.Read(series, new Timestamp(long.MinValue), new Timestamp(long.MaxValue), int.MaxValue);

    public string Text(int series) => string.Join(' ', All(series).Select(point =>
        string.Create(CultureInfo.InvariantCulture, $"{(point.Time - Origin).TotalSeconds}:{point.Value}")));

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SeriesStore Open(Action<string>? step = null, string journal = "") =>
        SeriesStore.Open(Path, Options, Catalog, Clock, NullLogger.Instance, journal, step);
}
