using System.Numerics;
using System.Text;

namespace IotEvents.Simulator.Chance;

/// <summary>Chance from a seed: the same seed gives the same numbers on every machine and every version of the runtime.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014). It is our own because the
/// runtime promises no fixed sequence between versions, and a recorded seed must replay years later. Not for secrets.
/// One thread.
/// </remarks>
public sealed class SeededRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x100000001B3;

    private readonly ulong _seed;
    private ulong _state;
    private double? _spareGaussian;

    /// <summary>Starts the sequence of a seed.</summary>
    public SeededRandom(ulong seed)
    {
        _seed = seed;
        _state = seed;
    }

    /// <summary>
    /// An independent sequence for a named part: what one device draws changes nothing for the others, and a device added
    /// to a scenario leaves those before it as they were. Depends on the seed and the name alone, not on what was drawn.
    /// </summary>
    public SeededRandom Fork(string name)
    {
        var hash = FnvOffset;
        foreach (var unit in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ unit) * FnvPrime;
        }

        return new SeededRandom(Mix(_seed ^ BitOperations.RotateLeft(hash, 23)));
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(_state += GoldenGamma);

    /// <summary>A number from 0 (included) to 1 (excluded), uniform.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 (included) to a limit (excluded), uniform.</summary>
    /// <param name="limit">At least 1.</param>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)(((UInt128)NextBits() * (uint)limit) >> 64);
    }

    /// <summary>A number of mean 0 and standard deviation 1, normally distributed (polar method of Marsaglia).</summary>
    public double NextGaussian()
    {
        if (_spareGaussian is { } spare)
        {
            _spareGaussian = null;
            return spare;
        }

        double left, right, square;
        do
        {
            left = (2 * NextDouble()) - 1;
            right = (2 * NextDouble()) - 1;
            square = (left * left) + (right * right);
        }
        while (square is >= 1 or 0);

        var scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _spareGaussian = right * scale;
        return left * scale;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
