using System.Runtime.CompilerServices;

namespace IotEvents.Gateway.Rules.Cadence;

/// <summary>The last eleven intervals, for their median: half of them may be something else without moving it far.</summary>
/// <remarks>Seconds as floats: a seventh digit of an interval means nothing here. Allocates nothing, 46 bytes.</remarks>
internal struct RecentIntervals
{
    /// <summary>How many it holds.</summary>
    public const int Max = 11;

    private Ring _ring;
    private byte _next;

    /// <summary>How many there are.</summary>
    public byte Count { get; private set; }

    /// <summary>An interval in seconds, 0 the oldest.</summary>
    public readonly float this[int index] => _ring[(_next + Max - Count + index) % Max];

    /// <summary>Adds an interval in seconds; the oldest makes room.</summary>
    public void Add(float seconds)
    {
        _ring[_next] = seconds;
        _next = (byte)((_next + 1) % Max);
        Count = (byte)Math.Min(Count + 1, Max);
    }

    /// <summary>The median, and the median distance from it (MAD), in seconds; both 0 when there are none.</summary>
    public readonly (float Median, float Deviation) Spread()
    {
        if (Count == 0)
        {
            return default;
        }

        Span<float> sorted = stackalloc float[Max];
        sorted = sorted[..Count];
        for (var i = 0; i < Count; i++)
        {
            sorted[i] = this[i];
        }

        sorted.Sort();
        var median = sorted[Count / 2];
        foreach (ref var value in sorted)
        {
            value = Math.Abs(value - median);
        }

        sorted.Sort();
        return (median, sorted[Count / 2]);
    }

    /// <summary>Writes what it holds, the oldest first.</summary>
    public readonly void Write(StateWriter state)
    {
        state.Byte(Count);
        for (var i = 0; i < Count; i++)
        {
            state.Single(this[i]);
        }
    }

    /// <summary>Takes over what <see cref="Write"/> gave.</summary>
    /// <returns>False when it is not that.</returns>
    public bool TryRead(ref StateReader state)
    {
        var count = state.Byte();
        for (var i = 0; i < count; i++)
        {
            if (i >= Max || !state.TrySeconds(out var seconds))
            {
                return false;
            }

            Add(seconds);
        }

        return true;
    }

    [InlineArray(Max)]
    private struct Ring
    {
        private float _first;
    }
}
