using System.Collections.Concurrent;
using IotEvents.Gateway.History.Codec;
using Microsoft.Data.Sqlite;

namespace IotEvents.Gateway.History;

/// <summary>Reads the points of a range out of chunks and memory. Any thread.</summary>
internal sealed class SeriesQuery(string path, SeriesStates states, Lock view, ILogger logger) : IDisposable
{
    private const int PoolMax = 4;
    private const int DamagedMax = 10_000;

    private readonly ConcurrentQueue<ChunkReader> _pool = new();
    private readonly HashSet<long> _damaged = [];

    /// <summary>How many different chunks were found damaged.</summary>
    public int Damaged
    {
        get
        {
            lock (_damaged)
            {
                return _damaged.Count;
            }
        }
    }

    /// <summary>Gives the sink the points of [from, to) in order of time.</summary>
    public void Read(int series, long from, long to, IPointSink sink)
    {
        if (from >= to)
        {
            return;
        }

        var reader = _pool.TryDequeue(out var pooled) ? pooled : new ChunkReader(path);
        var whole = false;
        try
        {
            Read(reader, series, from, to, sink);
            whole = true;
        }
        finally
        {
            if (whole && _pool.Count < PoolMax)
            {
                _pool.Enqueue(reader);
            }
            else
            {
                reader.Dispose();
            }
        }
    }

    /// <summary>Counts a damaged chunk and says so, once for each.</summary>
    public void NoteDamaged(StoredChunk chunk, string series, ChunkError error)
    {
        lock (_damaged)
        {
            if (_damaged.Count >= DamagedMax || !_damaged.Add(chunk.Id))
            {
                return;
            }
        }

        logger.Damaged(chunk.Id, series, error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_pool.TryDequeue(out var reader))
        {
            reader.Dispose();
        }
    }

    private void Read(ChunkReader reader, int series, long from, long to, IPointSink sink)
    {
        var merge = new PointMerge(sink, from, to);
        SeriesState? state;
        List<(PointColumns Columns, long Order)> memory = [];
        SqliteDataReader rows;
        lock (view)
        {
            if (!states.TryGet(series, out state))
            {
                return;
            }

            CopyMemory(state.Late, long.MaxValue - 1, from, to, memory);
            CopyMemory(state.Head, long.MaxValue, from, to, memory);
            rows = reader.Read(state.Id, from, to, state.Head?.Row ?? 0, state.Late?.Row ?? 0);
        }

        using (rows)
        {
            memory.Sort((left, right) => left.Columns.Times[0].CompareTo(right.Columns.Times[0]));
            var next = 0;
            while (rows.Read())
            {
                var chunk = StoredChunk.From(rows);
                var columns = merge.Rent();
                var error = chunk.Load(columns);
                if (error != ChunkError.None)
                {
                    NoteDamaged(chunk, $"{state.Device}/{state.Metric}", error);
                    continue;
                }

                for (; next < memory.Count && memory[next].Columns.Times[0] < chunk.Start; next++)
                {
                    merge.Add(memory[next].Columns, memory[next].Order);
                }

                if (!merge.Add(columns, chunk.Id))
                {
                    return;
                }
            }

            for (; next < memory.Count; next++)
            {
                merge.Add(memory[next].Columns, memory[next].Order);
            }
        }

        merge.Finish();
    }

    private static void CopyMemory(
        OpenChunk? chunk, long order, long from, long to, List<(PointColumns Columns, long Order)> into)
    {
        if (chunk is null)
        {
            return;
        }

        var copy = new PointColumns();
        copy.CopyRange(chunk.Points, from, to);
        if (copy.Count > 0)
        {
            into.Add((copy, order));
        }
    }
}
