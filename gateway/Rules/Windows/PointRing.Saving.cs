using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Windows;

/// <content>How the points outlive a restart.</content>
internal sealed partial class PointRing
{
    // What is on disk: the chunks from _savedChunk on with all points before _savedEnd, seen from the point _savedFirst.
    private long _savedChunk;
    private long _savedEnd;
    private long _savedFirst;
    private List<long>? _unreadable;

    /// <summary>The chunks that changed since they were last saved or restored; takes them for saved.</summary>
    /// <returns>Each chunk once; null bytes mean that the chunk is gone.</returns>
    /// <remarks>
    /// A point is written with its chunk; that points were forgotten is written with the last chunk only, which names the
    /// first point that counts. So a window that slides costs one chunk a save.
    /// </remarks>
    public IEnumerable<(long Chunk, byte[]? Bytes)> SaveChanges()
    {
        var changes = new List<(long, byte[]?)>();
        var end = _first + _count;
        var firstKept = _count == 0 ? PointChunk.After(_savedEnd) : PointChunk.Of(_first);
        for (; _savedChunk < Math.Min(firstKept, PointChunk.After(_savedEnd)); _savedChunk++)
        {
            changes.Add((_savedChunk, null));
        }

        var firstWritten = long.MaxValue;
        if (_count > 0 && (end != _savedEnd || _first != _savedFirst))
        {
            firstWritten = Math.Max(firstKept, end == _savedEnd ? PointChunk.Of(end - 1) : PointChunk.Of(_savedEnd));
            for (var chunk = firstWritten; chunk <= PointChunk.Of(end - 1); chunk++)
            {
                changes.Add((chunk, Write(chunk)));
            }
        }

        foreach (var chunk in _unreadable ?? [])
        {
            if (chunk < firstWritten || chunk > PointChunk.Of(end - 1))
            {
                changes.Add((chunk, null));
            }
        }

        _unreadable = null;
        _savedChunk = _count == 0 ? PointChunk.After(end) : PointChunk.Of(_first);
        (_savedEnd, _savedFirst) = (end, _first);
        return changes;
    }

    /// <summary>Takes over all chunks that were saved and are not gone, in any order.</summary>
    /// <returns>
    /// False when they are not of this version or do not belong together; the ring is empty then, and the next
    /// <see cref="SaveChanges"/> says that they are gone.
    /// </returns>
    public bool TryRestore(IEnumerable<(long Chunk, byte[] Bytes)> chunks)
    {
        var ordered = chunks.OrderBy(it => it.Chunk).ToList();
        Clear();
        if (ordered.Count == 0 || Read(ordered))
        {
            return true;
        }

        Clear();
        _unreadable = [.. ordered.Select(it => it.Chunk).Distinct()];
        return false;
    }

    private bool Read(List<(long Chunk, byte[] Bytes)> chunks)
    {
        Span<long> times = stackalloc long[PointChunk.PointsMax];
        Span<double> values = stackalloc double[PointChunk.PointsMax];
        if (!PointChunk.TryRead(chunks[^1].Bytes, chunks[^1].Chunk, times, values, out var last))
        {
            return false;
        }

        var next = last.RingFirst;
        if (chunks[0].Chunk != PointChunk.Of(next))
        {
            return false;
        }

        _first = next;
        Dropped = last.Dropped;
        foreach (var (number, bytes) in chunks)
        {
            if (!PointChunk.TryRead(bytes, number, times, values, out var chunk)
                || chunk.First > next || chunk.End <= next || PointChunk.Of(next) != number)
            {
                return false;
            }

            for (var i = (int)(next - chunk.First); i < chunk.Count; i++)
            {
                if (_count > 0 && times[i] < _times[_head + _count - 1])
                {
                    return false;
                }

                Add(new Timestamp(times[i]), values[i]);
            }

            next = chunk.End;
        }

        (_savedChunk, _savedEnd, _savedFirst) = (chunks[0].Chunk, next, last.RingFirst);
        return true;
    }

    private byte[] Write(long chunk)
    {
        var start = Math.Max(_first, PointChunk.FirstPoint(chunk));
        var end = Math.Min(_first + _count, PointChunk.FirstPoint(chunk + 1));
        return PointChunk.Write(Slice((int)(start - _first), (int)(end - start)), start, _first, Dropped);
    }

    private void Clear()
    {
        (_times, _values, _head, _count, _first, Dropped) = ([], [], 0, 0, 0, 0);
        (_savedChunk, _savedEnd, _savedFirst, _unreadable) = (0, 0, 0, null);
    }
}
