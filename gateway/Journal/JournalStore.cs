using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Journal.Codec;
using IotEvents.Gateway.Journal.Storage;

namespace IotEvents.Gateway.Journal;

/// <summary>The durable log and all state that must agree with it, in one SQLite file (WAL, <c>synchronous=FULL</c>).</summary>
/// <remarks>
/// Everything but <see cref="Status"/>, <see cref="NextOffset"/>, <see cref="FirstOffset"/>, <see cref="WaitAsync"/> and
/// <see cref="OpenReader"/>, <see cref="OpenArchive"/> belongs to the one writer thread. What <see cref="JournalTransaction.Commit"/> returned from
/// survives the end of the process and of the power, on a disk that keeps what it flushed.
/// A record's offset is one more than the last one's; only after a damaged journal was moved aside the next is far ahead,
/// so that no number is ever used twice.
/// </remarks>
public sealed partial class JournalStore : IDisposable
{
    // How much a backlog of commits may put into the write-ahead file before the writer stops to move it.
    private const long LogBytesMax = 16L << 20;
    private const long LogBytesIdle = 1L << 20;

    // What a commit writes besides its payload, about: the pages of the tables it touches.
    private const long LogBytesCommit = 16L << 10;
    private const long RoomBytesMin = 64L << 10;

    private readonly JournalLocation _location;
    private readonly JournalOptions _options;
    private readonly ILogger _logger;
    private readonly JournalWaiters _waiters = new();
    private SqliteFile? _file;
    private JournalRows? _rows;
    private JournalTransaction? _open;
    private volatile JournalStatus _status;
    private long _nextOffset;
    private long _firstOffset;
    private long _damagedBatches;
    private long _damagedRows;
    private long _logBytes;

    private JournalStore(JournalLocation location, JournalOptions options, ILogger logger)
    {
        _location = location;
        _options = options;
        _logger = logger;
        Tail = new JournalTail(options.Tail);
        _status = new JournalStatus(JournalState.Closed, JournalFailure.None, "", 1, 1, 0, 0, 0, 0, null, 0);
    }

    /// <summary>The offset the next record gets. Any thread.</summary>
    public long NextOffset => Interlocked.Read(ref _nextOffset);

    /// <summary>The oldest record there is; <see cref="NextOffset"/> when there is none. Any thread.</summary>
    public long FirstOffset => Interlocked.Read(ref _firstOffset);

    /// <summary>How it is, as of the last commit or failure. Any thread.</summary>
    public JournalStatus Status => _status with
    {
        DamagedBatches = Interlocked.Read(ref _damagedBatches),
        DamagedRows = Interlocked.Read(ref _damagedRows),
    };

    internal JournalTail Tail { get; }

    internal BatchEncoder Encoder { get; } = new();

    /// <summary>Opens the journal, and makes it where there is none.</summary>
    /// <param name="path">The database file. Its folder is made with mode 0700 if missing, the file with 0600.</param>
    /// <param name="options">The settings.</param>
    /// <param name="clock">Names a damaged file that is moved aside, bounds the check at start.</param>
    /// <param name="logger">Hears of damage and of changes of state.</param>
    /// <returns>A journal that takes records; a damaged file was moved to <c>NAME.damaged-TIME</c>, see <see cref="Status"/>.</returns>
    /// <exception cref="JournalFailedException">Another process uses it, it is newer than this program, or the disk does not let it.</exception>
    public static JournalStore Open(string path, JournalOptions options, TimeProvider clock, ILogger logger) =>
        Open(path, options, clock, logger, SqliteFile.SynchronousFull);

    /// <summary>As the other, with a weaker <c>synchronous</c>: only for tests that show that it loses records.</summary>
    internal static JournalStore Open(
        string path, JournalOptions options, TimeProvider clock, ILogger logger, int synchronous)
    {
        var store = new JournalStore(JournalLocation.Take(path, clock, synchronous), options, logger);
        try
        {
            store.Start();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction.</summary>
    /// <param name="recordedAt">The gateway's clock: all who replay the record see this time.</param>
    /// <exception cref="JournalFailedException">The journal has failed, or the file is locked.</exception>
    public JournalTransaction Begin(Timestamp recordedAt)
    {
        if (_open is not null)
        {
            throw new InvalidOperationException("One transaction at a time.");
        }

        var rows = RequireRows();
        if (_logBytes > LogBytesMax)
        {
            MoveLog();
        }

        Attempt(rows.Begin);
        return _open = new JournalTransaction(this, rows, NextOffset, recordedAt);
    }

    /// <summary>Every series, by number. A row that cannot be read keeps its number under the name <c>damaged/series-NUMBER</c>.</summary>
    public IEnumerable<SeriesRecord> ReadSeries() => JournalTables.ReadSeries(RequireFile(), CountDamagedRow);

    /// <summary>All state of a room, in the order of the keys. A row that cannot be read is left out and counted.</summary>
    public IEnumerable<StateRecord> ReadState(string room) => JournalTables.ReadState(RequireFile(), room, CountDamagedRow);

    /// <summary>One piece of state; null when there is none of that key, or it cannot be read.</summary>
    public byte[]? FindState(string room, byte[] key) => JournalTables.FindState(RequireFile(), room, key, CountDamagedRow);

    /// <summary>The first offset each consumer still needs, by its name.</summary>
    public IReadOnlyDictionary<string, long> ReadCursors() =>
        ReadConsumers().ToDictionary(cursor => cursor.Name, cursor => cursor.Offset, StringComparer.Ordinal);

    /// <summary>How far each consumer is, and what it missed.</summary>
    public IReadOnlyList<ConsumerCursor> ReadConsumers() => [.. JournalTables.ReadCursors(RequireFile())];

    /// <summary>A reader for one thread of its own. Any thread.</summary>
    public JournalReader OpenReader() => new(this, _location.Path);

    /// <summary>The journal as it is at this moment, for reading only. Any thread; dispose it soon.</summary>
    public JournalArchive OpenArchive() => JournalArchive.Open(_location.Path);

    /// <summary>Completes when the record of an offset is committed; at once when it is. Any thread.</summary>
    public Task WaitAsync(long offset, CancellationToken stop) => _waiters.WaitAsync(() => NextOffset > offset, stop);

    /// <summary>True when the records take more than half the budget: time to <see cref="Truncate"/>. Until then they stay for streams that resume.</summary>
    public bool IsHalfFull => _status.UsedBytes > _options.Budget / 2;

    /// <summary>Deletes records that every registered consumer has passed, at most 1,000 a call; the newest one stays.</summary>
    /// <remarks>Without any registered consumer nothing is deleted. A call that deletes costs a commit: call it every few seconds.</remarks>
    /// <returns>How many were deleted; 0 when there is nothing to do.</returns>
    public int Truncate()
    {
        const int AtOnceMax = 1000;
        var rows = RequireRows();
        var cut = Math.Min(Math.Min(rows.Slowest, NextOffset - 1), FirstOffset + AtOnceMax);
        if (cut <= FirstOffset)
        {
            return 0;
        }

        var deleted = 0;
        Attempt(() =>
        {
            rows.Begin();
            deleted = rows.DeleteBefore(cut);
            rows.Commit();
        });
        Interlocked.Exchange(ref _firstOffset, rows.First);
        Refresh(rows);
        return deleted;
    }

    /// <summary>To be called when nothing waits to be written: moves the write-ahead file into the main file if that is worth it.</summary>
    public void Idle()
    {
        if (_status.State == JournalState.Ok && _open is null && _logBytes >= LogBytesIdle)
        {
            MoveLog();
        }
    }

    /// <summary>Opens the file anew after <see cref="JournalState.Failed"/>, and writes again what the failed flush may have lost.</summary>
    /// <remarks>
    /// A flush that failed is never tried again: the system may have thrown the pages away and call the next one a success.
    /// Instead the whole write-ahead file is copied into the main file and that is flushed. The record of a failed commit
    /// may turn out to be there afterwards.
    /// </remarks>
    /// <exception cref="JournalFailedException">The disk still fails.</exception>
    public void Reopen()
    {
        Close();
        Tail.Clear();
        Start();
    }

    /// <summary>Closes the file and lets go of the folder.</summary>
    public void Dispose()
    {
        _open?.Dispose();
        Close();
        _location.Dispose();
        _status = _status with { State = JournalState.Closed };
    }

    internal void MakeRoom(JournalRows rows, bool forReadings)
    {
        var over = rows.UsedBytes - _options.Budget;
        if (over < 0)
        {
            return;
        }

        if (_options.OnFull == JournalFull.DropOldest)
        {
            rows.DropOldest(Math.Max(over, Math.Max(RoomBytesMin, _options.Budget / 64)), NextOffset - 1);
        }
        else if (forReadings)
        {
            throw new JournalFailedException(JournalFailure.BudgetFull,
                $"The journal holds its budget of {_options.Budget:N0} bytes and a consumer still needs all of it; "
                + "raise journal.budget, mend the consumer, or set journal.on_full: drop-oldest");
        }
    }

    internal void Committed(JournalTransaction transaction, JournalRows rows)
    {
        _open = null;
        _logBytes += transaction.Bytes + LogBytesCommit;
        if (transaction.Batch is { } batch)
        {
            Tail.Add(batch);
            Interlocked.Exchange(ref _firstOffset, rows.First);
            Interlocked.Exchange(ref _nextOffset, batch.Offset + 1);
        }

        Refresh(rows);
        _waiters.Wake();
    }

    internal void Abandoned(JournalRows rows)
    {
        _open = null;
        try
        {
            rows.Rollback();
        }
        catch (JournalFailedException error)
        {
            Note(error);
        }
    }

    internal void CountDamagedBatch(long offset, JournalDamage damage)
    {
        Interlocked.Increment(ref _damagedBatches);
        LogDamagedBatch(_logger, offset, damage);
    }

    internal void Note(JournalFailedException error)
    {
        var state = error.Failure switch
        {
            JournalFailure.IoError or JournalFailure.Damaged => JournalState.Failed,
            JournalFailure.BudgetFull or JournalFailure.Busy => JournalState.Ok,
            _ => JournalState.Full,
        };
        var before = _status;
        _status = before with { State = state, Failure = error.Failure, Detail = error.Message };
        if (before.Failure != error.Failure)
        {
            LogFailure(_logger, error.Failure, error.Message);
        }
    }

    private void Start()
    {
        var opened = _location.Open();
        _file = opened.File;
        _rows = opened.Rows;
        _logBytes = 0;
        Interlocked.Exchange(ref _nextOffset, _rows.Last + 1);
        Interlocked.Exchange(ref _firstOffset, _rows.First is var first and > 0 ? first : NextOffset);
        _status = _status with
        {
            State = JournalState.Ok,
            Failure = JournalFailure.None,
            Detail = opened.Remark,
            MovedAside = opened.MovedAside ?? _status.MovedAside,
            Salvaged = _status.Salvaged + opened.Salvaged,
        };
        if (opened.Remark.Length > 0)
        {
            LogRemark(_logger, opened.Remark);
        }

        Refresh(_rows);
        _waiters.Wake();
    }

    private void Close()
    {
        _rows?.Dispose();
        _file?.Dispose();
        _rows = null;
        _file = null;
    }

    private void Attempt(Action write)
    {
        try
        {
            write();
        }
        catch (JournalFailedException error)
        {
            Note(error);
            Abandoned(_rows!);
            throw;
        }
    }

    private void MoveLog() => Attempt(() =>
    {
        RequireFile().Checkpoint(all: false);
        _logBytes = 0;
    });

    private void Refresh(JournalRows rows)
    {
        var free = rows.FreeBytes;
        var before = _status;
        if (before.State != JournalState.Ok)
        {
            LogRecovered(_logger, before.Failure);
        }

        _status = before with
        {
            State = JournalState.Ok,
            Failure = JournalFailure.None,
            FirstOffset = FirstOffset,
            NextOffset = NextOffset,
            UsedBytes = rows.UsedBytes,
            FreeBytes = free,
        };
    }

    private void CountDamagedRow(string table)
    {
        Interlocked.Increment(ref _damagedRows);
        LogDamagedRow(_logger, table);
    }

    private JournalRows RequireRows()
    {
        ObjectDisposedException.ThrowIf(_status.State == JournalState.Closed, this);
        return _status.State != JournalState.Failed && _rows is { } rows ? rows
            : throw new JournalFailedException(_status.Failure, $"The journal has failed and was not opened anew. {_status.Detail}");
    }

    private SqliteFile RequireFile()
    {
        _ = RequireRows();
        return _file!;
    }

    [LoggerMessage(3001, LogLevel.Error, "Journal: {Failure}: {Message}")]
    private static partial void LogFailure(ILogger logger, JournalFailure failure, string message);

    [LoggerMessage(3002, LogLevel.Information, "Journal: takes records again after {Failure}")]
    private static partial void LogRecovered(ILogger logger, JournalFailure failure);

    [LoggerMessage(3003, LogLevel.Error, "Journal: record {Offset} cannot be read ({Damage}); its consumers go on without it")]
    private static partial void LogDamagedBatch(ILogger logger, long offset, JournalDamage damage);

    [LoggerMessage(3004, LogLevel.Error, "Journal: a row of {Table} cannot be read and is left out")]
    private static partial void LogDamagedRow(ILogger logger, string table);

    [LoggerMessage(3005, LogLevel.Error, "Journal: {Remark}")]
    private static partial void LogRemark(ILogger logger, string remark);
}
