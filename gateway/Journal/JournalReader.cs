using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal.Codec;
using IotEvents.Gateway.Journal.Storage;

namespace IotEvents.Gateway.Journal;

/// <summary>Reads records by offset: the newest from memory, older ones from the file over a connection of its own. One thread.</summary>
/// <remarks>The connection is opened when it is first needed, and no call leaves a snapshot open, so readers never hold the log back.</remarks>
public sealed class JournalReader : IDisposable
{
    private const long BlobBytesMax = 8L << 20;

    private readonly JournalStore _store;
    private readonly string _path;
    private readonly BatchRows _batches = new();
    private SqliteFile? _file;
    private SqliteStatement? _rows;

    internal JournalReader(JournalStore store, string path)
    {
        _store = store;
        _path = path;
    }

    /// <summary>Adds records to a list, in order.</summary>
    /// <param name="offset">The first one wanted; when it was dropped already, reading begins at the first there is.</param>
    /// <param name="batchesMax">How many at most, from 1; fewer come when they are large (about 8 MB of blobs a call).</param>
    /// <param name="into">Takes them. One that cannot be read comes empty, with its offset and the time
    /// <see cref="Timestamp.None"/>, and is counted in <see cref="JournalStatus.DamagedBatches"/>.</param>
    /// <returns>How many were added; 0 when there are none from there on.</returns>
    /// <exception cref="JournalFailedException">The file cannot be opened or is locked; nothing was added.</exception>
    public int Read(long offset, int batchesMax, List<CommittedBatch> into)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchesMax, 1);
        offset = Math.Max(offset, _store.FirstOffset);
        var next = _store.NextOffset;
        if (offset >= next)
        {
            return 0;
        }

        var read = _store.Tail.Read(offset, batchesMax, into);
        read = read > 0 ? read : ReadFile(offset, next, batchesMax, into);

        // Where the file has nothing before the tail (numbers jump after a damaged journal was replaced), the tail goes on.
        return read > 0 ? read : _store.Tail.Read(Math.Max(offset, _store.Tail.First), batchesMax, into);
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        _rows?.Dispose();
        _file?.Dispose();
        _rows = null;
        _file = null;
    }

    private int ReadFile(long offset, long next, int batchesMax, List<CommittedBatch> into)
    {
        var before = into.Count;
        try
        {
            ReadRows(Rows().Bind(1, offset).Bind(2, Math.Min(next - 1, _store.Tail.First - 1)).Bind(3, batchesMax), into);
        }
        catch (JournalFailedException error) when (error.Failure is JournalFailure.Damaged or JournalFailure.IoError)
        {
            // A fresh connection next time: this one's cache may hold what the disk no longer gives, or the other way round.
            Dispose();
            if (into.Count == before)
            {
                into.Add(ReadAlone(offset));
            }
        }
        finally
        {
            _rows?.Reset();
        }

        return into.Count - before;
    }

    private void ReadRows(SqliteStatement rows, List<CommittedBatch> into)
    {
        long bytes = 0;
        while (bytes < BlobBytesMax && rows.Step())
        {
            bytes += BatchRows.BytesOf(rows);
            into.Add(_batches.Read(rows, _store.CountDamagedBatch));
        }
    }

    // Where a range fails, the record that is at fault is found by asking for one alone; twice, because a disk may recover.
    private CommittedBatch ReadAlone(long offset)
    {
        try
        {
            var rows = Rows().Bind(1, offset).Bind(2, offset).Bind(3, 1);
            return rows.Step() ? _batches.Read(rows, _store.CountDamagedBatch) : Unreadable(offset);
        }
        catch (JournalFailedException error) when (error.Failure is JournalFailure.Damaged or JournalFailure.IoError)
        {
            Dispose();
            return Unreadable(offset);
        }
    }

    private CommittedBatch Unreadable(long offset)
    {
        _store.CountDamagedBatch(offset, JournalDamage.Unreadable);
        return BatchRows.Empty(offset);
    }

    private SqliteStatement Rows()
    {
        _file ??= SqliteFile.OpenReader(_path);
        return _rows ??= new SqliteStatement(_file.Handle, BatchRows.Select);
    }
}
