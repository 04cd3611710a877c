using System.Numerics;

namespace IotEvents.Simulator.Load;

/// <summary>Counts lengths of time in a fixed amount of memory, each within 1.6 % of its true length.</summary>
/// <remarks>
/// Buckets grow with the value, as in HdrHistogram: 64 of equal width for each power of two of microseconds, from 1 µs to
/// about 19 hours. One writer at a time.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubCount = 1 << SubBits;
    private const int Magnitudes = 31;

    private readonly long[] _counts = new long[SubCount * Magnitudes];

    /// <summary>How many lengths were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exact to the microsecond; zero when nothing was counted.</summary>
    public TimeSpan Max { get; private set; }

    /// <summary>Counts one length; below zero counts as zero, beyond the range in the last bucket.</summary>
    public void Add(TimeSpan length)
    {
        var microseconds = Math.Max(0, length.Ticks / TimeSpan.TicksPerMicrosecond);
        _counts[Math.Min(Place(microseconds), _counts.Length - 1)]++;
        Count++;
        if (length > Max)
        {
            Max = length;
        }
    }

    /// <summary>Adds all that another one counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>The length that a part of all lengths do not exceed; zero when nothing was counted.</summary>
    /// <param name="part">0 to 1: 0.99 for the 99th percentile.</param>
    public TimeSpan Quantile(double part)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        var rank = Math.Max(1, (long)Math.Ceiling(part * Count));
        long passed = 0;
        for (var place = 0; place < _counts.Length; place++)
        {
            passed += _counts[place];
            if (passed >= rank)
            {
                var top = TimeSpan.FromMicroseconds(HighestAt(place));
                return top < Max ? top : Max;
            }
        }

        return Max;
    }

    // Below 64 µs one bucket per microsecond; then the six bits after the leading one choose among 64.
    private static int Place(long microseconds)
    {
        if (microseconds < SubCount)
        {
            return (int)microseconds;
        }

        var shift = BitOperations.Log2((ulong)microseconds) - SubBits;
        return ((shift + 1) * SubCount) + (int)((microseconds >> shift) - SubCount);
    }

    private static long HighestAt(int place)
    {
        if (place < SubCount)
        {
            return place;
        }

        var shift = (place / SubCount) - 1;
        return ((long)((place % SubCount) + SubCount + 1) << shift) - 1;
    }
}
