using System.Runtime.CompilerServices;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>How far a series goes from its level once in a while: the median of the peaks of its last seven blocks of time.</summary>
/// <remarks>
/// Real noise has longer tails than normal noise. What the series does on most days is no anomaly, however many median
/// deviations it is; and one strange day among seven changes nothing.
/// </remarks>
internal sealed class PeakHistory
{
    private const int Blocks = 7;

    private Peaks _peaks;
    private int _count;
    private double _peak = double.NaN;

    /// <summary>
    /// The typical peak; 0 before the first block has ended. Of an even number the lower of the two in the middle: of the first
    /// two peaks, one that was strange must not count half.
    /// </summary>
    public double Typical { get; private set; }

    /// <summary>Takes a deviation of the block that goes on; one below zero is none.</summary>
    /// <returns>True when it is the greatest so far.</returns>
    public bool Add(double deviation)
    {
        var height = Math.Max(0, deviation);
        if (height <= _peak)
        {
            return false;
        }

        _peak = height;
        return true;
    }

    /// <summary>Ends the block. One in which nothing was measured does not count.</summary>
    public void EndBlock()
    {
        if (double.IsNaN(_peak))
        {
            return;
        }

        _peaks[..^1].CopyTo(_peaks[1..]);
        _peaks[0] = _peak;
        _count = Math.Min(_count + 1, Blocks);
        _peak = double.NaN;
        Measure();
    }

    /// <summary>Writes everything.</summary>
    public void Write(StateWriter writer)
    {
        writer.Number(_peak);
        writer.Byte((byte)_count);
        foreach (var peak in _peaks[.._count])
        {
            writer.Number(peak);
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    /// <returns>False when it cannot be.</returns>
    public bool Read(ref StateReader reader)
    {
        (_peak, _count) = (reader.Number(), reader.Byte());
        if (_count > Blocks || !(double.IsNaN(_peak) || IsPeak(_peak)))
        {
            return false;
        }

        var isFine = true;
        foreach (ref var peak in _peaks[.._count])
        {
            peak = reader.Number();
            isFine &= IsPeak(peak);
        }

        Measure();
        return isFine;
    }

    private void Measure()
    {
        Span<double> sorted = stackalloc double[Blocks];
        sorted = sorted[.._count];
        _peaks[.._count].CopyTo(sorted);
        sorted.Sort();
        Typical = _count == 0 ? 0 : sorted[(_count - 1) / 2];
    }

    private static bool IsPeak(double value) => value >= 0 && Robust.IsPlausible(value);

    // Newest first.
    [InlineArray(Blocks)]
    private struct Peaks
    {
        private double _newest;
    }
}
