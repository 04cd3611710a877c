using System.Runtime.CompilerServices;

namespace IotEvents.Gateway.Rules.Cadence;

/// <summary>The longest interval of each of the last blocks of time: what remembers the night while it is day.</summary>
/// <remarks>
/// A block ends after a day and sixteen intervals. Eight ended blocks are kept beside the open one: a week, and a day more.
/// Allocates nothing, 45 bytes.
/// </remarks>
internal struct LongestPauses
{
    /// <summary>How many ended blocks are kept.</summary>
    public const int BlocksMax = 8;

    /// <summary>The fewest intervals of a block.</summary>
    public const int IntervalsMin = 16;

    private Blocks _longest;

    /// <summary>How much time the open block covers.</summary>
    public long OpenTicks { get; private set; }

    /// <summary>How many intervals the open block holds, at most <see cref="IntervalsMin"/>.</summary>
    public byte OpenIntervals { get; private set; }

    /// <summary>How many blocks have ended, at most <see cref="BlocksMax"/>.</summary>
    public byte Ended { get; private set; }

    /// <summary>The longest of all in seconds.</summary>
    public readonly float Longest
    {
        get
        {
            var longest = 0f;
            for (var block = 0; block <= Ended; block++)
            {
                longest = Math.Max(longest, _longest[block]);
            }

            return longest;
        }
    }

    /// <summary>Adds an interval.</summary>
    /// <returns>True when a block ended with it.</returns>
    public bool Add(long ticks, float seconds)
    {
        _longest[0] = Math.Max(_longest[0], seconds);
        OpenTicks += ticks;
        OpenIntervals = (byte)Math.Min(OpenIntervals + 1, IntervalsMin);
        if (OpenTicks < TimeSpan.TicksPerDay || OpenIntervals < IntervalsMin)
        {
            return false;
        }

        for (var block = BlocksMax; block > 0; block--)
        {
            _longest[block] = _longest[block - 1];
        }

        _longest[0] = 0;
        Ended = (byte)Math.Min(Ended + 1, BlocksMax);
        (OpenTicks, OpenIntervals) = (0, 0);
        return true;
    }

    /// <summary>Writes what it holds.</summary>
    public readonly void Write(StateWriter state)
    {
        state.Word((ulong)OpenTicks);
        state.Byte(OpenIntervals);
        state.Byte(Ended);
        for (var block = 0; block <= Ended; block++)
        {
            state.Single(_longest[block]);
        }
    }

    /// <summary>Takes over what <see cref="Write"/> gave.</summary>
    /// <returns>False when it is not that.</returns>
    public bool TryRead(ref StateReader state)
    {
        (OpenTicks, OpenIntervals, Ended) = ((long)state.Word(), state.Byte(), state.Byte());
        var isOurs = OpenTicks >= 0 && OpenIntervals <= IntervalsMin && Ended <= BlocksMax;
        for (var block = 0; isOurs && block <= Ended; block++)
        {
            isOurs = state.TrySeconds(out _longest[block]);
        }

        return isOurs;
    }

    [InlineArray(BlocksMax + 1)]
    private struct Blocks
    {
        private float _first;
    }
}
