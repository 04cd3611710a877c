using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>Drops what is too old or too much, the chunks that end first, a few at a time. Writer thread
/// only.</summary>
internal sealed class SeriesRetention
{
    private const int ChunksAtOnce = 64;
    private const int PagesAtOnce = 1024;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly SeriesFile _file;
    private readonly ChunkWriter _writer;
    private readonly SeriesStates _states;
    private readonly SeriesHeads _heads;
    private readonly Lock _view;
    private readonly SeriesStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private long _ranAt;

    /// <summary>Measures the file; drops nothing yet.</summary>
    public SeriesRetention(
        SeriesFile file, ChunkWriter writer, SeriesStates states, SeriesHeads heads, Lock view,
        SeriesStoreOptions options, TimeProvider clock, ILogger logger)
    {
        (_file, _writer, _states, _heads, _view) = (file, writer, states, heads, view);
        (_options, _clock, _logger) = (options, clock, logger);
        _ranAt = clock.GetTimestamp();
        Measure();
    }

    /// <summary>Bytes of pages in use, as last measured.</summary>
    public long Bytes { get; private set; }

    /// <summary>Time of the oldest chunk's first point, as last measured.</summary>
    public Timestamp Oldest { get; private set; }

    /// <summary>Points dropped by age.</summary>
    public long DroppedByAge { get; private set; }

    /// <summary>Points dropped by size.</summary>
    public long DroppedBySize { get; private set; }

    /// <summary>Drops some chunks if it is time; goes on at the next call when more are due.</summary>
    public void RunWhenDue()
    {
        if (_clock.GetElapsedTime(_ranAt) < Every)
        {
            return;
        }

        var byAge = Drop(Cutoff());
        DroppedByAge += byAge;
        Measure();
        var bySize = Bytes > _options.BudgetBytes ? Drop(long.MaxValue) : 0;
        DroppedBySize += bySize;
        if (byAge + bySize > 0)
        {
            _file.Shrink(PagesAtOnce);
            Measure();
            return;
        }

        _ranAt = _clock.GetTimestamp();
    }

    /// <summary>Measures what is on disk.</summary>
    public void Measure()
    {
        var (bytes, oldest) = (_file.ReadBytes(), _file.ReadOldest());
        lock (_view)
        {
            (Bytes, Oldest) = (bytes, oldest);
        }
    }

    private long Cutoff()
    {
        var now = Timestamp.Now(_clock);
        return _options.Retention >= now - new Timestamp(0) ? long.MinValue : (now - _options.Retention).Nanoseconds;
    }

    private long Drop(long endBefore)
    {
        var chunks = _file.ReadOldestChunks(endBefore, ChunksAtOnce);
        lock (_view)
        {
            chunks.RemoveAll(chunk => !TryForget(chunk));
        }

        if (chunks.Count == 0)
        {
            return 0;
        }

        _writer.Drop(chunks);
        var points = chunks.Sum(chunk => (long)chunk.Count);
        _logger.Dropped(points, chunks.Count);
        return points;
    }

    /// <summary>A chunk that is also in memory goes from there too, unless it has points that are not
    /// written.</summary>
    private bool TryForget(ChunkRow chunk)
    {
        if (!_states.ById.TryGetValue(chunk.Series, out var state)
            || (state.Head?.Row != chunk.Id && state.Late?.Row != chunk.Id))
        {
            return true;
        }

        if (state.PendingFrom != 0)
        {
            return false;
        }

        _heads.Forget(state);
        return true;
    }
}
