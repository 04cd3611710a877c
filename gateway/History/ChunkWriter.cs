using IotEvents.Gateway.History.Codec;

namespace IotEvents.Gateway.History;

/// <summary>Writes due series in one transaction with the cursor. Writer thread only.</summary>
/// <remarks>
/// Memory changes only after the commit. When a commit fails unclearly (it may have happened), the file's generation
/// tells
/// at the next attempt which of the two it was; until then nothing else is written.
/// </remarks>
internal sealed class ChunkWriter(SeriesFile file, SeriesHeads heads, Lock view, Action<string>? step)
{
    private readonly ChunkCodec _codec = new();
    private long _lastChunk = file.ReadLastChunk();
    private Plan? _unclear;

    /// <summary>What stands in the file.</summary>
    public FileTotals Totals { get; private set; } = file.ReadTotals();

    /// <summary>Writes all points of these series that are in no chunk.</summary>
    /// <param name="due">The series.</param>
    /// <param name="next">One past the last batch whose points are in memory.</param>
    public void Write(HashSet<SeriesState> due, long next)
    {
        var plan = new Plan(next, []);
        Run(plan, () =>
        {
            var totals = Totals;
            foreach (var state in due)
            {
                var head = Write(state, state.Head, ref totals);
                var late = Write(state, state.Late, ref totals);
                step?.Invoke("series");
                file.PutSeries(state, next);
                plan.Series.Add((state, head, late));
            }

            return totals with { Cursor = heads.PendingWithout(due, next) };
        });
    }

    /// <summary>Drops chunks that no series has in memory.</summary>
    public void Drop(IReadOnlyList<ChunkRow> chunks) => Run(new Plan(0, []), () =>
    {
        var totals = Totals;
        foreach (var chunk in chunks)
        {
            step?.Invoke("drop");
            file.DropChunk(chunk.Id);
            totals = totals with { Chunks = totals.Chunks - 1, Points = totals.Points - chunk.Count };
        }

        return totals;
    });

    /// <summary>Finds out what became of a commit that failed unclearly; does nothing when none did.</summary>
    public void Settle()
    {
        if (_unclear is not { } plan)
        {
            return;
        }

        file.Rollback();
        var totals = file.ReadTotals();
        _unclear = null;
        if (totals.Generation != Totals.Generation)
        {
            lock (view)
            {
                Apply(plan, totals);
            }
        }
    }

    private void Run(Plan plan, Func<FileTotals> write)
    {
        Settle();
        step?.Invoke("begin");
        file.Begin();
        try
        {
            var totals = write() with { Generation = Totals.Generation + 1 };
            step?.Invoke("totals");
            file.PutTotals(totals);
            lock (view)
            {
                // Readers take their view under the same lock: they see a chunk either in memory or on disk.
                _unclear = plan;
                step?.Invoke("commit");
                file.Commit();
                step?.Invoke("committed");
                _unclear = null;
                Apply(plan, totals);
            }
        }
        catch
        {
            file.Rollback();
            throw;
        }
    }

    private long Write(SeriesState state, OpenChunk? chunk, ref FileTotals totals)
    {
        if (chunk is not { IsPending: true })
        {
            return 0;
        }

        if (chunk.Row != 0)
        {
            step?.Invoke("drop");
            file.DropChunk(chunk.Row);
            totals = totals with { Chunks = totals.Chunks - 1, Points = totals.Points - chunk.Written };
        }

        // A chunk that grew past two full ones while it waited is parted; the last part takes what is left over.
        var points = chunk.Points;
        for (var start = 0; start < points.Count;)
        {
            var rest = points.Count - start;
            var count = rest < 2 * OpenChunk.PointsFull ? rest : OpenChunk.PointsFull;
            var times = points.Times.Slice(start, count);
            var bytes = _codec.Encode(times, points.Values.Slice(start, count), points.Qualities.Slice(start, count));
            step?.Invoke("chunk");
            file.PutChunk(++_lastChunk, state.Id, times, bytes);
            totals = totals with { Chunks = totals.Chunks + 1, Points = totals.Points + count };
            start += count;
        }

        return _lastChunk;
    }

    private void Apply(Plan plan, FileTotals totals)
    {
        Totals = totals;
        foreach (var (state, head, late) in plan.Series)
        {
            heads.Written(state, state.Head, head);
            heads.Written(state, state.Late, late);
            heads.Settled(state, plan.Next);
        }
    }

    private sealed record Plan(long Next, List<(SeriesState State, long Head, long Late)> Series);
}
