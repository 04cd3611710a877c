using System.Runtime.InteropServices;

namespace IotEvents.Gateway.History.Codec;

/// <summary>Values that are decimal numbers, as whole numbers of their last decimal: 21.37 is 2137 of
/// hundredths.</summary>
/// <remarks>
/// A value is taken only when the whole number divided by the power of ten gives it back bit for bit. Values that do
/// not
/// (0.1 + 0.2, -0.0, huge) are kept as exceptions beside the others, as long as they are few.
/// </remarks>
internal static class DecimalValues
{
    /// <summary>The most decimals that are tried.</summary>
    public const int DecimalsMax = 9;

    // Below 2^53 both the whole number and the power of ten are exact, so the division is the correctly rounded one.
    private const double WholeMax = 1L << 53;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>Finds the fewest decimals that fit nearly all values, and the whole numbers.</summary>
    /// <param name="values">One or more values.</param>
    /// <param name="wholes">Takes the whole numbers; for an exception the number before it. As long as values.</param>
    /// <param name="exceptions">Takes the places of the exceptions. As long as values.</param>
    /// <param name="decimals">How many decimals, 0 to 9.</param>
    /// <param name="exceptionCount">How many exceptions there are; at most an eighth of the values.</param>
    /// <returns>False when too many values are no such decimals.</returns>
    public static bool TryScale(
        ReadOnlySpan<double> values, Span<long> wholes, Span<int> exceptions, out int decimals, out int exceptionCount)
    {
        exceptionCount = 0;
        if (!TryFindDecimals(values, out decimals))
        {
            return false;
        }

        var power = Powers[decimals];
        long before = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (IsWhole(values[i], power, out var whole))
            {
                before = whole;
            }
            else
            {
                exceptions[exceptionCount++] = i;
            }

            wholes[i] = before;
        }

        return exceptionCount <= values.Length / 8;
    }

    /// <summary>Turns whole numbers, lying in the memory of the values, into the values.</summary>
    public static void Restore(Span<double> values, int decimals)
    {
        var wholes = MemoryMarshal.Cast<double, long>(values);
        var power = Powers[decimals];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = wholes[i] / power;
        }
    }

    private static bool TryFindDecimals(ReadOnlySpan<double> values, out int decimals)
    {
        decimals = 0;
        var strangers = 0;
        foreach (var value in values)
        {
            var needed = decimals;
            while (needed <= DecimalsMax && !IsWhole(value, Powers[needed], out _))
            {
                needed++;
            }

            if (needed <= DecimalsMax)
            {
                decimals = needed;
            }
            else if (++strangers > values.Length / 8)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWhole(double value, double power, out long whole)
    {
        var scaled = Math.Round(value * power);
        whole = (long)scaled;
        return Math.Abs(scaled) < WholeMax
            && BitConverter.DoubleToInt64Bits(whole / power) == BitConverter.DoubleToInt64Bits(value);
    }
}
