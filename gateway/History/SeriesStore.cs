using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History.Codec;

namespace IotEvents.Gateway.History;

/// <summary>The history of every series: points in packed chunks in an SQLite file, the newest in memory.</summary>
/// <remarks>
/// Fed by the journal through <see cref="IBatchConsumer"/>; one thread writes, any thread reads. A chunk is written
/// when it
/// is full, or when its points have held the journal back for <see cref="SeriesStoreOptions.Flush"/>, in one
/// transaction
/// with the cursor: after a crash the journal brings again what is in no chunk, and what is in one is not taken twice.
/// Points may come in any order. Of two points of one series at one time with the same value the first is kept; with
/// different values both are, in order of arrival: nothing is overwritten.
/// </remarks>
public sealed class SeriesStore : IBatchConsumer, IDisposable
{
    /// <summary>No answer has more buckets; an answer that would ends early.</summary>
    public const int BucketsMax = 100_000;

    private const int FullMax = 64;

    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(30);

    private readonly SeriesFile _file;
    private readonly SeriesStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _view = new();
    private readonly SeriesStates _states;
    private readonly SeriesHeads _heads;
    private readonly ChunkWriter _writer;
    private readonly SeriesQuery _query;
    private readonly SeriesRetention _retention;
    private readonly string? _movedAside;
    private long _next;
    private long _cursor;
    private long _uncertainFrom = long.MaxValue;
    private long _wroteAt;
    private long _checkpointedAt;
    private bool _disposed;

    private SeriesStore(
        SeriesFile file, string? movedAside, SeriesStoreOptions options, SeriesCatalog catalog, TimeProvider clock,
        ILogger logger, Action<string>? step)
    {
        (_file, _movedAside, _options, _clock, _logger) = (file, movedAside, options, clock, logger);
        _states = new SeriesStates(catalog);
        foreach (var state in file.ReadSeries())
        {
            _states.Restore(state);
        }

        _heads = new SeriesHeads(_states, Reopen, clock);
        _writer = new ChunkWriter(file, _heads, _view, step);
        _query = new SeriesQuery(file.Path, _states, _view, logger);
        _retention = new SeriesRetention(file, _writer, _states, _heads, _view, options, clock, logger);
        _next = _cursor = Math.Max(1, _writer.Totals.Cursor);
        _wroteAt = _checkpointedAt = clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public string Name => "series";

    /// <summary>With more points in memory everything is written and forgotten. About 18 bytes each.</summary>
    internal long MemoryPointsMax { get; set; } = 4_000_000;

    /// <summary>How it is now; what is on disk as of the last write. Any thread.</summary>
    public SeriesStoreStatus Status
    {
        get
        {
            lock (_view)
            {
                return new SeriesStoreStatus
                {
                    Series = _states.ById.Count,
                    Chunks = _writer.Totals.Chunks,
                    Points = _writer.Totals.Points,
                    BytesOnDisk = _retention.Bytes,
                    Oldest = _retention.Oldest,
                    HeadPoints = _heads.Points,
                    Cursor = _cursor,
                    Duplicates = _heads.Duplicates,
                    DamagedChunks = _query.Damaged,
                    DroppedByAge = _retention.DroppedByAge,
                    DroppedBySize = _retention.DroppedBySize,
                    MovedAside = _movedAside,
                };
            }
        }
    }

    /// <summary>Opens the file, and makes it when it is not there.</summary>
    /// <remarks>A file that is damaged or of another program is moved aside, and a new one is begun; see
    /// <see cref="SeriesStoreStatus.MovedAside"/>.</remarks>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="options">The settings.</param>
    /// <param name="catalog">The journal's series, already restored.</param>
    /// <param name="clock">The gateway's clock.</param>
    /// <param name="logger">Takes what happens.</param>
    /// <param name="journal">Which journal the offsets count in, such as a number it was given when it was made. When
    /// it is
    /// not the one of the last run, everything it has is new. Empty when there is only ever one.</param>
    /// <exception cref="IOException">The folder is not there or not writable.</exception>
    public static SeriesStore Open(
        string path, SeriesStoreOptions options, SeriesCatalog catalog, TimeProvider clock, ILogger logger,
        string journal = "") =>
        Open(path, options, catalog, clock, logger, journal, null);

    /// <summary>As the public one; a test makes the named steps of writing fail.</summary>
    internal static SeriesStore Open(
        string path, SeriesStoreOptions options, SeriesCatalog catalog, TimeProvider clock, ILogger logger,
        string journal, Action<string>? step)
    {
        var file = SeriesFileOpening.Open(path, journal, clock, logger, out var movedAside);
        var store = new SeriesStore(file, movedAside, options, catalog, clock, logger, step);
        logger.Opened(path, store._states.ById.Count, store._writer.Totals.Points, store._writer.Totals.Cursor);
        return store;
    }

    /// <inheritdoc/>
    public long Start(long cursor)
    {
        lock (_view)
        {
            return _next = _cursor = Math.Max(Math.Max(1, cursor), _writer.Totals.Cursor);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Writes and drops chunks on the calling thread when it is time, and everything when stopping.</remarks>
    public ValueTask<long> ConsumeAsync(IReadOnlyList<CommittedBatch> batches, CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _writer.Settle();
        foreach (var batch in batches)
        {
            // After a failure the same batches come again, and are in memory already.
            if (batch.Offset >= _next)
            {
                lock (_view)
                {
                    _heads.Add(batch);
                    _next = batch.Offset + 1;
                }
            }
        }

        WriteWhatIsDue(stop.IsCancellationRequested);
        _retention.RunWhenDue();
        if (_clock.GetElapsedTime(_checkpointedAt) >= CheckpointEvery)
        {
            Checkpoint();
        }

        lock (_view)
        {
            _cursor = Math.Min(_uncertainFrom, _heads.PendingFrom(_next));
            return ValueTask.FromResult(_cursor);
        }
    }

    /// <summary>The latest point of a series by its time. From memory, any thread, never waits for the writer for
    /// long.</summary>
    /// <param name="series">The series' number in the catalog.</param>
    /// <param name="point">The point; of two at the latest time the one that came last.</param>
    /// <returns>False when the series never had one.</returns>
    public bool TryGetLatest(int series, out SeriesPoint point)
    {
        if (!_states.TryGetMapped(series, out var state))
        {
            lock (_view)
            {
                _states.TryGet(series, out state);
            }
        }

        point = default;
        return state is not null && state.Latest.TryRead(out point);
    }

    /// <summary>The points of a series as they came, of every quality. Any thread.</summary>
    /// <param name="series">The series' number in the catalog; an unknown one has no points.</param>
    /// <param name="from">First instant.</param>
    /// <param name="to">First instant after the range.</param>
    /// <param name="max">At most so many points, from the earliest on; at least 1.</param>
    /// <returns>The points in order of time; those of one time in order of arrival.</returns>
    public IReadOnlyList<SeriesPoint> Read(int series, Timestamp from, Timestamp to, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var list = new PointList(max);
        _query.Read(series, from.Nanoseconds, to.Nanoseconds, list);
        return list.Points;
    }

    /// <summary>The points of a series by step of time. Any thread.</summary>
    /// <param name="series">The series' number in the catalog; an unknown one has no points.</param>
    /// <param name="from">First instant.</param>
    /// <param name="to">First instant after the range.</param>
    /// <param name="step">Length of a bucket, more than zero. Buckets begin at multiples of it since 1970.</param>
    /// <returns>The buckets with at least one usable point, in order; at most <see cref="BucketsMax"/>, the
    /// earliest.</returns>
    public IReadOnlyList<SeriesBucket> Read(int series, Timestamp from, Timestamp to, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        var list = new BucketList(Math.Min(step.Ticks, long.MaxValue / 100) * 100, BucketsMax);
        _query.Read(series, from.Nanoseconds, to.Nanoseconds, list);
        list.Finish();
        return list.Buckets;
    }

    /// <summary>Writes what is in memory only, and closes the file. The writer has ended; so have the
    /// readers.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Border: the stop. What is not written comes again.")]
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            _writer.Settle();
            WriteWhatIsDue(stopping: true);
        }
        catch (Exception error)
        {
            _logger.StopFailed(error);
        }

        Close();
    }

    /// <summary>Closes the file as a crash would: nothing more is written.</summary>
    internal void Close()
    {
        _disposed = true;
        _query.Dispose();
        _file.Dispose();
    }

    private void WriteWhatIsDue(bool stopping)
    {
        var flush = stopping || _heads.Waited >= _options.Flush || _heads.Points > MemoryPointsMax;
        var full = _heads.Full >= FullMax || (_heads.Full > 0 && _clock.GetElapsedTime(_wroteAt) >= WriteEvery);
        if (!flush && !full)
        {
            return;
        }

        // Those that have waited half as long go with the ones that must: one transaction now is cheaper than two.
        var evict = _heads.Points > MemoryPointsMax;
        var waited = stopping || evict ? TimeSpan.Zero : flush ? _options.Flush / 2 : TimeSpan.MaxValue;
        var due = _heads.Due(waited);
        if (due.Count > 0)
        {
            _uncertainFrom = Math.Min(_uncertainFrom, _heads.PendingFrom(_next));
            _writer.Write(due, _next);
            _retention.Measure();
            _wroteAt = _clock.GetTimestamp();
        }

        if (evict)
        {
            Evict();
        }

        // What was written for the journal's sake must be on the disk before the journal may forget it.
        if (flush)
        {
            Checkpoint();
        }
    }

    private void Evict()
    {
        lock (_view)
        {
            foreach (var state in _states.ById.Values)
            {
                _heads.Forget(state);
            }
        }
    }

    /// <summary>Until this has succeeded, a power cut may take back what was committed; the cursor waits for
    /// it.</summary>
    private void Checkpoint()
    {
        if (_file.TryCheckpoint())
        {
            _uncertainFrom = long.MaxValue;
        }

        _checkpointedAt = _clock.GetTimestamp();
    }

    private void Reopen(SeriesState state, OpenChunk head)
    {
        if (_file.ReadTail(state.Id) is not { } tail)
        {
            return;
        }

        var error = tail.Count < OpenChunk.PointsFull ? tail.Load(head.Points) : ChunkError.None;
        if (error != ChunkError.None)
        {
            _query.NoteDamaged(tail, $"{state.Device}/{state.Metric}", error);
        }

        if (head.Points.Count > 0)
        {
            (head.Row, head.Written, state.Floor) = (tail.Id, head.Points.Count, tail.Start);
        }
        else
        {
            state.Floor = Math.Max(state.Floor, tail.End);
        }
    }
}
