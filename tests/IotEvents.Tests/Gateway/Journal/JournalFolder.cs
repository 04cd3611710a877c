using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IotEvents.Tests.Gateway.Journal;

/// <summary>A folder of its own with a journal in it, gone after the test.</summary>
internal sealed class JournalFolder : IDisposable
{
    public JournalFolder() => Folder = Directory.CreateTempSubdirectory("iotevents-journal-").FullName;

    public string Folder { get; }

    public string File => Path.Combine(Folder, "journal.db");

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public JournalStore Open(JournalOptions? options = null) =>
        JournalStore.Open(File, options ?? new JournalOptions(), Clock, NullLogger.Instance);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Commits one record of readings of series 0 with the given values.</summary>
    public static long Commit(JournalStore store, params double[] values)
    {
        using var transaction = store.Begin(new Timestamp(1000));
        transaction.Append(Readings(values), []);
        transaction.Commit();
        return transaction.Offset;
    }

    public static Reading[] Readings(params double[] values) =>
        [.. values.Select((value, index) =>
            new Reading(0, Quality.Good, new Timestamp(index * 1_000_000_000L), new Timestamp(index * 1_000_000_000L), value))];

    /// <summary>All records from an offset on, read by a reader of its own.</summary>
    public static List<CommittedBatch> ReadAll(JournalStore store, long offset = 1)
    {
        var batches = new List<CommittedBatch>();
        using var reader = store.OpenReader();
        while (reader.Read(batches.Count == 0 ? offset : batches[^1].Offset + 1, 7, batches) > 0)
        {
        }

        return batches;
    }
}
