using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>Points in order of time, as three columns. Points of the same time stand in order of arrival. Not
/// thread-safe.</summary>
internal sealed class PointColumns
{
    private const int FirstCapacity = 16;
    private const int GrowthMax = 256;

    private long[] _times = [];
    private double[] _values = [];
    private Quality[] _qualities = [];

    /// <summary>How many points there are.</summary>
    public int Count { get; private set; }

    /// <summary>Nanoseconds since 1970. Valid until the columns change.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    /// <summary>The values. Valid until the columns change.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>The qualities. Valid until the columns change.</summary>
    public ReadOnlySpan<Quality> Qualities => _qualities.AsSpan(0, Count);

    /// <summary>Puts a point in its place.</summary>
    /// <returns>False when the same time and value (bit for bit) is there already; the first one's quality
    /// stays.</returns>
    public bool Insert(long time, double value, Quality quality)
    {
        // Nearly every point is the latest one.
        var place = Count == 0 || _times[Count - 1] < time ? Count : UpperBound(Times, time);
        for (var i = place; i > 0 && _times[i - 1] == time; i--)
        {
            if (BitConverter.DoubleToInt64Bits(_values[i - 1]) == BitConverter.DoubleToInt64Bits(value))
            {
                return false;
            }
        }

        Open(place);
        (_times[place], _values[place], _qualities[place]) = (time, value, quality);
        return true;
    }

    /// <summary>Makes room for points at the end and gives the columns to fill; used to load a chunk.</summary>
    public void Extend(int count, out Span<long> times, out Span<double> values, out Span<Quality> qualities)
    {
        var start = Count;
        Resize(start + count);
        Count = start + count;
        times = _times.AsSpan(start, count);
        values = _values.AsSpan(start, count);
        qualities = _qualities.AsSpan(start, count);
    }

    /// <summary>Appends the points of other columns within [from, to).</summary>
    public void CopyRange(PointColumns other, long from, long to)
    {
        var first = LowerBound(other.Times, from);
        var count = LowerBound(other.Times, to) - first;
        if (count <= 0)
        {
            return;
        }

        Extend(count, out var times, out var values, out var qualities);
        other.Times.Slice(first, count).CopyTo(times);
        other.Values.Slice(first, count).CopyTo(values);
        other.Qualities.Slice(first, count).CopyTo(qualities);
    }

    /// <summary>Forgets all but the first points.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Forgets the points and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>How many of the ordered times are before an instant.</summary>
    public static int LowerBound(ReadOnlySpan<long> times, long instant)
    {
        int low = 0, high = times.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] < instant)
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

    private static int UpperBound(ReadOnlySpan<long> times, long instant) =>
        instant == long.MaxValue ? times.Length : LowerBound(times, instant + 1);

    private void Open(int place)
    {
        if (Count == _times.Length)
        {
            Resize(Count + Math.Clamp(Count, FirstCapacity, Math.Max(GrowthMax, Count / 4)));
        }

        if (place < Count)
        {
            Array.Copy(_times, place, _times, place + 1, Count - place);
            Array.Copy(_values, place, _values, place + 1, Count - place);
            Array.Copy(_qualities, place, _qualities, place + 1, Count - place);
        }

        Count++;
    }

    private void Resize(int capacity)
    {
        if (capacity > _times.Length)
        {
            Array.Resize(ref _times, capacity);
            Array.Resize(ref _values, capacity);
            Array.Resize(ref _qualities, capacity);
        }
    }
}
