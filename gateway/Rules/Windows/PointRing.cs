using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Windows;

/// <summary>The points a rule looks back on, in order of time, bounded in number.</summary>
/// <remarks>
/// Points lie in two arrays without a gap, so a window is a slice of them. The head moves as points are forgotten; the
/// rest is moved to the front when the arrays are full, which costs at most seven moves for each point added. Every point has a
/// number, counted from the first one ever added, and belongs to the chunk of that number divided by
/// <see cref="PointChunk.PointsMax"/>; chunks are what is written.
/// </remarks>
internal sealed class PointRing
{
    private const int CapacityMin = 16;

    private readonly int _pointsMax;
    private long[] _times = [];
    private double[] _values = [];
    private int _head;
    private int _count;
    private long _first;

    // What is on disk: the chunks from _savedChunk on with all points before _savedEnd, seen from the point _savedFirst.
    private long _savedChunk;
    private long _savedEnd;
    private long _savedFirst;
    private List<long>? _unreadable;

    /// <summary>Makes an empty ring; it takes memory only as points come.</summary>
    /// <param name="pointsMax">The most points kept, at least 1; the oldest leave first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for a point.</exception>
    public PointRing(int pointsMax = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pointsMax, 1);
        _pointsMax = pointsMax;
    }

    /// <summary>The number of points.</summary>
    public int Count => _count;

    /// <summary>How many points left because there were too many, not because of their age; survives a restart unless the ring was empty.</summary>
    public long Dropped { get; private set; }

    /// <summary>All points; valid until the ring changes.</summary>
    public PointSpan All => Slice(0, _count);

    private ReadOnlySpan<long> Times => _times.AsSpan(_head, _count);

    /// <summary>Adds the newest point.</summary>
    /// <param name="time">Not before the last point's; points of the same time are kept in the order they came.</param>
    /// <param name="value">In the unit of the series.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time lies before the last point's; nothing has changed then.</exception>
    public void Add(Timestamp time, double value)
    {
        if (_count > 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(time.Nanoseconds, _times[_head + _count - 1], nameof(time));
        }

        if (_count == _pointsMax)
        {
            Dropped++;
            Forget(1);
        }

        MakeRoom();
        _times[_head + _count] = time.Nanoseconds;
        _values[_head + _count] = value;
        _count++;
    }

    /// <summary>Forgets the points before an instant.</summary>
    public void TrimBefore(Timestamp time)
    {
        if (_count > 0 && _times[_head] < time.Nanoseconds)
        {
            Forget(CountUpTo(time.Nanoseconds - 1));
        }
    }

    /// <summary>The points after one instant and not after another: the window is open at its left end, as in Prometheus 3.</summary>
    /// <returns>Empty when there is none; valid until the ring changes.</returns>
    public PointSpan Between(Timestamp after, Timestamp upTo)
    {
        var start = CountUpTo(after.Nanoseconds);
        var end = CountUpTo(upTo.Nanoseconds);
        return Slice(start, Math.Max(0, end - start));
    }

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
        (_savedChunk, _savedEnd, _savedFirst) = (_count == 0 ? PointChunk.After(end) : PointChunk.Of(_first), end, _first);
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
        _unreadable = [.. ordered.Select(it => it.Chunk)];
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

    private PointSpan Slice(int start, int count) => new(_times.AsSpan(_head + start, count), _values.AsSpan(_head + start, count));

    private void Forget(int count)
    {
        _first += count;
        _count -= count;
        _head = _count == 0 ? 0 : _head + count;
    }

    // How many points lie at or before an instant. The newest point is asked first: most windows end there.
    private int CountUpTo(long time)
    {
        var times = Times;
        if (times.IsEmpty || times[^1] <= time)
        {
            return times.Length;
        }

        var (low, high) = (0, times.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] <= time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void MakeRoom()
    {
        if (_head + _count < _times.Length)
        {
            return;
        }

        // What a burst took is given back when the window has become far smaller.
        var length = _times.Length;
        var capacity = _head <= length / 8 ? Math.Max(CapacityMin, length * 2)
            : _count < length / 8 && length > CapacityMin ? length / 2
            : length;
        var (times, values) = capacity == length ? (_times, _values) : (new long[capacity], new double[capacity]);
        Array.Copy(_times, _head, times, 0, _count);
        Array.Copy(_values, _head, values, 0, _count);
        (_times, _values, _head) = (times, values, 0);
    }
}
