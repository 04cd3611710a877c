using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.History;

/// <summary>The points in memory: which are written, which hold the journal back, and since when. Writer thread
/// only.</summary>
/// <param name="states">The series.</param>
/// <param name="reopen">Loads the part-filled chunk a series ended with before the start.</param>
/// <param name="clock">Tells how long points wait.</param>
/// <remarks>What readers see of it (points, and the chunks of a series) changes under the view lock only.</remarks>
internal sealed class SeriesHeads(SeriesStates states, Action<SeriesState, OpenChunk> reopen, TimeProvider clock)
{
    private readonly Queue<Waiting> _waiting = [];
    private readonly HashSet<SeriesState> _full = [];

    /// <summary>How many points are in memory.</summary>
    public long Points { get; private set; }

    /// <summary>Readings that were there already.</summary>
    public long Duplicates { get; private set; }

    /// <summary>How many full chunks there are to write.</summary>
    public int Full { get; private set; }

    /// <summary>How long the oldest point that is in no chunk has waited; zero when there is none.</summary>
    public TimeSpan Waited => TryPeek(out var oldest) ? clock.GetElapsedTime(oldest.Since) : TimeSpan.Zero;

    /// <summary>The first offset with a point in no chunk, or the given one when there is none.</summary>
    public long PendingFrom(long otherwise) => TryPeek(out var oldest) ? oldest.Offset : otherwise;

    /// <summary>Takes the readings of one batch.</summary>
    public void Add(CommittedBatch batch)
    {
        if (batch.Events.Any(happened => ClockStep.TryRead(happened, out _)))
        {
            foreach (var state in states.ById.Values)
            {
                state.Latest.ClockStepped();
            }
        }

        foreach (ref readonly var reading in batch.Readings.Span)
        {
            var state = states.GetOrAdd(reading.Series);
            if (batch.Offset >= state.Next)
            {
                Add(state, reading, batch.Offset);
            }
        }
    }

    /// <summary>The series to write now: those with a full chunk, and those that have waited long.</summary>
    /// <param name="waited">How long is long; zero takes all.</param>
    public HashSet<SeriesState> Due(TimeSpan waited)
    {
        var due = new HashSet<SeriesState>(_full);
        foreach (var entry in _waiting)
        {
            if (clock.GetElapsedTime(entry.Since) < waited)
            {
                break;
            }

            if (entry.IsValid)
            {
                due.Add(entry.State);
            }
        }

        return due;
    }

    /// <summary>The first offset with a point in no chunk once some series are written.</summary>
    public long PendingWithout(HashSet<SeriesState> written, long otherwise)
    {
        foreach (var entry in _waiting)
        {
            if (entry.IsValid && !written.Contains(entry.State))
            {
                return entry.Offset;
            }
        }

        return otherwise;
    }

    /// <summary>Notes that a series' chunk is written.</summary>
    /// <param name="state">The series.</param>
    /// <param name="chunk">Its chunk; null does nothing.</param>
    /// <param name="row">The row it was written to.</param>
    public void Written(SeriesState state, OpenChunk? chunk, long row)
    {
        if (chunk is not { IsPending: true })
        {
            return;
        }

        if (chunk.Points.Count < OpenChunk.PointsFull)
        {
            (chunk.Row, chunk.Written) = (row, chunk.Points.Count);
            return;
        }

        if (chunk == state.Head)
        {
            state.Floor = chunk.Points.Times[^1];
        }

        Points -= chunk.Points.Count;
        chunk.Clear();
    }

    /// <summary>Notes that a series has nothing left to write.</summary>
    public void Settled(SeriesState state, long next)
    {
        (state.Next, state.PendingFrom) = (next, 0);
        _full.Remove(state);
        Full = _full.Count == 0 ? 0 : Full;
    }

    /// <summary>Frees the memory of a series whose points are all written.</summary>
    public void Forget(SeriesState state)
    {
        Points -= (state.Head?.Points.Count ?? 0) + (state.Late?.Points.Count ?? 0);
        (state.Head, state.Late) = (null, null);
    }

    private void Add(SeriesState state, in Reading reading, long offset)
    {
        if (state.Head is null)
        {
            var head = new OpenChunk();
            reopen(state, head);
            state.Head = head;
            Points += head.Points.Count;
        }

        var time = reading.Time.Nanoseconds;
        var chunk = time >= state.Floor ? state.Head : state.Late ??= new OpenChunk();
        if (!chunk.Points.Insert(time, reading.Value, reading.Quality))
        {
            Duplicates++;
            return;
        }

        Points++;
        state.Latest.Offer(time, reading.Value, reading.Quality);
        if (chunk.Points.Count % OpenChunk.PointsFull == 0)
        {
            _full.Add(state);
            Full++;
        }

        if (state.PendingFrom == 0)
        {
            state.PendingFrom = offset;
            _waiting.Enqueue(new Waiting(state, offset, clock.GetTimestamp()));
        }
    }

    private bool TryPeek(out Waiting oldest)
    {
        while (_waiting.TryPeek(out oldest))
        {
            if (oldest.IsValid)
            {
                return true;
            }

            _waiting.Dequeue();
        }

        return false;
    }

    private readonly record struct Waiting(SeriesState State, long Offset, long Since)
    {
        public bool IsValid => State.PendingFrom == Offset;
    }
}
