using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Windows;

/// <summary>The points a rule looks back on, in order of time, bounded in number.</summary>
/// <remarks>
/// Points lie in two arrays without a gap, so a window is a slice of them. The head moves as points are forgotten; the rest
/// is moved to the front when the arrays are full, which costs at most seven moves for each point added. Every point has a
/// number, counted from the first one added, and belongs to the chunk of that number divided by
/// <see cref="PointChunk.PointsMax"/>; chunks are what is written.
/// </remarks>
internal sealed partial class PointRing
{
    private const int CapacityMin = 16;

    private readonly int _pointsMax;
    private long[] _times = [];
    private double[] _values = [];
    private int _head;
    private int _count;
    private long _first;

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

    /// <summary>How many points left because there were too many, not because of their age.</summary>
    /// <remarks>It outlives a restart, unless the ring is saved empty.</remarks>
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

    /// <summary>The points of a window that is open at its left end, as in Prometheus 3.</summary>
    /// <param name="after">Its left end; a point exactly there is left out.</param>
    /// <param name="upTo">Its right end; a point exactly there belongs to it.</param>
    /// <returns>Empty when there is none; valid until the ring changes.</returns>
    public PointSpan Between(Timestamp after, Timestamp upTo)
    {
        var start = CountUpTo(after.Nanoseconds);
        var end = CountUpTo(upTo.Nanoseconds);
        return Slice(start, Math.Max(0, end - start));
    }

    private PointSpan Slice(int start, int count) =>
        new(_times.AsSpan(_head + start, count), _values.AsSpan(_head + start, count));

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
