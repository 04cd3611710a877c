using System.Numerics;
using System.Runtime.CompilerServices;

namespace IotEvents.Gateway.Rules.Cadence;

/// <summary>Counts intervals by their size in bins of a third of an octave; the older an interval, the less it counts.</summary>
/// <remarks>
/// Holds 256 to 512 intervals: at 512 all counts are halved. An interval counts for half after 256 further ones, for a
/// sixteenth after 1,024, and after 1,280 it is forgotten. Allocates nothing, 162 bytes.
/// </remarks>
internal struct IntervalHistogram
{
    /// <summary>How many bins there are: one for all below half a second, then three per octave up to a year.</summary>
    public const int Bins = 79;

    /// <summary>What one interval weighs at first: so much that it can be halved four times before it is gone.</summary>
    public const int One = 16;

    private const int WeightMax = 512 * One;
    private const long TicksMin = TimeSpan.TicksPerSecond / 2;
    private const double SecondsMin = 0.5;

    // The cube roots of 2 and 4.
    private const double Third = 1.2599210498948732;
    private const double TwoThirds = 1.5874010519681994;

    private static readonly double[] Edges = [0, .. Enumerable.Range(0, Bins).Select(Edge)];
    private static readonly double[] Middles = [.. Enumerable.Range(0, Bins).Select(bin => (Edges[bin] + Edges[bin + 1]) / 2)];

    private BinWeights _weights;

    /// <summary>The weight of all intervals, in units of <see cref="One"/>.</summary>
    public int Weight { get; private set; }

    /// <summary>How many intervals it holds.</summary>
    public readonly double Count => (double)Weight / One;

    /// <summary>The weight of a bin, in units of <see cref="One"/>.</summary>
    public readonly int this[int bin] => _weights[bin];

    /// <summary>Adds an interval.</summary>
    public void Add(long ticks)
    {
        _weights[BinOf(ticks)] += One;
        Weight += One;
        if (Weight >= WeightMax)
        {
            Halve();
        }
    }

    /// <summary>Writes what it holds: the bins that are not empty.</summary>
    public readonly void Write(StateWriter state)
    {
        var filled = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            filled += _weights[bin] > 0 ? 1 : 0;
        }

        state.Byte((byte)filled);
        for (var bin = 0; bin < Bins; bin++)
        {
            if (_weights[bin] > 0)
            {
                state.Byte((byte)bin);
                state.Byte((byte)_weights[bin]);
                state.Byte((byte)(_weights[bin] >> 8));
            }
        }
    }

    /// <summary>Takes over what <see cref="Write"/> gave.</summary>
    /// <returns>False when it is not that.</returns>
    public bool TryRead(ref StateReader state)
    {
        for (int filled = state.Byte(); filled > 0; filled--)
        {
            int bin = state.Byte();
            var weight = state.Byte() | (state.Byte() << 8);
            if (bin >= Bins || _weights[bin] > 0 || weight == 0 || Weight + weight >= WeightMax)
            {
                return false;
            }

            _weights[bin] = (ushort)weight;
            Weight += weight;
        }

        return true;
    }

    /// <summary>The smallest interval of a bin, in seconds.</summary>
    public static double Lower(int bin) => Edges[bin];

    /// <summary>What an interval of a bin is taken to be, in seconds: the bin's middle.</summary>
    public static double Middle(int bin) => Middles[bin];

    /// <summary>The mean interval in seconds; not a number when it holds none.</summary>
    public readonly double Mean()
    {
        var sum = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            sum += _weights[bin] * Middles[bin];
        }

        return sum / Weight;
    }

    private static int BinOf(long ticks)
    {
        if (ticks < TicksMin)
        {
            return 0;
        }

        var octave = BitOperations.Log2((ulong)(ticks / TicksMin));
        var part = (double)ticks / (TicksMin << octave);
        return Math.Min(1 + (octave * 3) + (part >= TwoThirds ? 2 : part >= Third ? 1 : 0), Bins - 1);
    }

    /// <summary>Where the bins end, the first of them being number 0.</summary>
    private static double Edge(int bin) =>
        SecondsMin * (1L << (bin / 3)) * (bin % 3) switch { 0 => 1, 1 => Third, _ => TwoThirds };

    private void Halve()
    {
        Weight = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            _weights[bin] >>= 1;
            Weight += _weights[bin];
        }
    }

    [InlineArray(Bins)]
    private struct BinWeights
    {
        private ushort _first;
    }
}
