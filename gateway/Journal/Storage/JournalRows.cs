using System.Text;
using IotEvents.Gateway.Journal.Codec;
using SQLitePCL;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>The writer's statements, prepared once. One thread.</summary>
internal sealed class JournalRows : IDisposable
{
    private readonly List<SqliteStatement> _all = [];
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _putBatch;
    private readonly SqliteStatement _putSeries;
    private readonly SqliteStatement _putState;
    private readonly SqliteStatement _deleteState;
    private readonly SqliteStatement _setCursor;
    private readonly SqliteStatement _deleteCursor;
    private readonly SqliteStatement _countDropped;
    private readonly SqliteStatement _moveCursors;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _deleteBatches;
    private readonly SqliteStatement _slowest;
    private readonly SqliteStatement _first;
    private readonly SqliteStatement _last;
    private readonly SqliteStatement _has;
    private readonly SqliteStatement _pages;
    private readonly SqliteStatement _freePages;
    private readonly long _pageBytes;
    private readonly SqliteFile _file;

    public JournalRows(SqliteFile file)
    {
        _file = file;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _putBatch = Prepare(
            "INSERT INTO batch(offset, recorded_at, readings, events, codec, crc, blob) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        _putSeries = Prepare(
            """
            INSERT INTO series(id, device, metric, unit, crc) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(id) DO UPDATE SET device = ?2, metric = ?3, unit = ?4, crc = ?5
            """);
        _putState = Prepare(
            """
            INSERT INTO state(room, key, value, crc) VALUES(?1, ?2, ?3, ?4)
            ON CONFLICT(room, key) DO UPDATE SET value = ?3, crc = ?4
            """);
        _deleteState = Prepare("DELETE FROM state WHERE room = ?1 AND key = ?2");
        _setCursor = Prepare(
            """
            INSERT INTO cursor(consumer, offset) VALUES(?1, ?2)
            ON CONFLICT(consumer) DO UPDATE SET offset = max(offset, ?2)
            """);
        _deleteCursor = Prepare("DELETE FROM cursor WHERE consumer = ?1");
        _countDropped = Prepare(
            """
            UPDATE cursor SET dropped_batches = dropped_batches + 1, dropped_readings = dropped_readings + ?2,
              dropped_events = dropped_events + ?3 WHERE offset <= ?1
            """);
        _moveCursors = Prepare("UPDATE cursor SET offset = ?1 WHERE offset < ?1");
        _oldest = Prepare("SELECT offset, readings, events, length(blob) FROM batch ORDER BY offset LIMIT ?1");
        _deleteBatches = Prepare("DELETE FROM batch WHERE offset < ?1");
        _slowest = Prepare("SELECT min(offset) FROM cursor");
        _first = Prepare("SELECT min(offset) FROM batch");
        _last = Prepare("SELECT max(offset) FROM batch");
        _has = Prepare("SELECT count(*) FROM batch WHERE offset = ?1");
        _pages = Prepare("PRAGMA page_count");
        _freePages = Prepare("PRAGMA freelist_count");
        _pageBytes = file.Number("PRAGMA page_size");
    }

    public long First => _first.Number();

    public long Last => _last.Number();

    /// <summary>The least cursor; 0 when there is none.</summary>
    public long Slowest => _slowest.Number();

    public long FreeBytes => _freePages.Number() * _pageBytes;

    public long UsedBytes => (_pages.Number() * _pageBytes) - FreeBytes;

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    /// <summary>Ends an open transaction; SQLite may have ended it itself after an error.</summary>
    public void Rollback()
    {
        if (!_file.IsIdle)
        {
            _rollback.Run();
        }
    }

    public void PutBatch(long offset, long recordedAt, int readings, int events, ReadOnlySpan<byte> blob) =>
        _putBatch.Bind(1, offset).Bind(2, recordedAt).Bind(3, readings).Bind(4, events).Bind(5, BatchCodec.Number)
            .Bind(6, BatchCodec.Checksum(offset, recordedAt, readings, events, BatchCodec.Number, blob)).Bind(7, blob).Run();

    /// <summary>As <see cref="PutBatch"/>; false when the offset is taken.</summary>
    public bool TryPutBatch(long offset, long recordedAt, int readings, int events, ReadOnlySpan<byte> blob)
    {
        if (_has.Bind(1, offset).Number() > 0)
        {
            return false;
        }

        PutBatch(offset, recordedAt, readings, events, blob);
        return true;
    }

    public void PutSeries(int id, string device, string metric, string unit) =>
        _putSeries.Bind(1, id).Bind(2, device).Bind(3, metric).Bind(4, unit)
            .Bind(5, SeriesChecksum(id, device, metric, unit)).Run();

    public void PutState(string room, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        _putState.Bind(1, room).Bind(2, key).Bind(3, value).Bind(4, StateChecksum(room, key, value)).Run();

    public void DeleteState(string room, ReadOnlySpan<byte> key) => _deleteState.Bind(1, room).Bind(2, key).Run();

    public void SetCursor(string consumer, long offset) => _setCursor.Bind(1, consumer).Bind(2, offset).Run();

    public void DeleteCursor(string consumer) => _deleteCursor.Bind(1, consumer).Run();

    /// <summary>Moves cursors back to an offset that are beyond it: the end of the log is gone, and its numbers come again.</summary>
    public void ClampCursors(long offset)
    {
        using var clamp = new SqliteStatement(_file.Handle, "UPDATE cursor SET offset = ?1 WHERE offset > ?1");
        clamp.Bind(1, offset).Run();
    }

    /// <summary>Deletes the records before an offset, and says how many.</summary>
    public int DeleteBefore(long offset)
    {
        _deleteBatches.Bind(1, offset).Run();
        return raw.sqlite3_changes(_file.Handle);
    }

    /// <summary>Drops the oldest records though consumers still need them, and counts that for each of those.</summary>
    /// <param name="bytes">How many bytes to free at least.</param>
    /// <param name="before">The record that must stay, with all after it.</param>
    /// <returns>The first offset that is left.</returns>
    public long DropOldest(long bytes, long before)
    {
        const int AtOnceMax = 1000;
        var dropped = new List<(long Offset, long Readings, long Events)>();
        _oldest.Bind(1, AtOnceMax);
        try
        {
            while (bytes > 0 && _oldest.Step() && _oldest.Integer(0) < before)
            {
                dropped.Add((_oldest.Integer(0), _oldest.Integer(1), _oldest.Integer(2)));
                bytes -= _oldest.Integer(3);
            }
        }
        finally
        {
            _oldest.Reset();
        }

        foreach (var (offset, readings, events) in dropped)
        {
            _countDropped.Bind(1, offset).Bind(2, readings).Bind(3, events).Run();
        }

        if (dropped.Count == 0)
        {
            return First;
        }

        var first = dropped[^1].Offset + 1;
        DeleteBefore(first);
        _moveCursors.Bind(1, first).Run();
        return first;
    }

    public static long StateChecksum(string room, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var register = Append(Crc32C.Begin, room);
        register = Crc32C.Append(Crc32C.Append(register, (long)key.Length), key);
        return Crc32C.Finish(Crc32C.Append(register, value));
    }

    public static long SeriesChecksum(int id, string device, string metric, string unit)
    {
        var register = Append(Append(Append(Crc32C.Begin, device), metric), unit);
        return Crc32C.Finish(Crc32C.Append(register, (long)id));
    }

    public void Dispose() => _all.ForEach(statement => statement.Dispose());

    private static uint Append(uint register, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(text, bytes);
        return Crc32C.Append(Crc32C.Append(register, (long)length), bytes);
    }

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_file.Handle, sql);
        _all.Add(statement);
        return statement;
    }
}
