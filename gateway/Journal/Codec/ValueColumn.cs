namespace IotEvents.Gateway.Journal.Codec;

/// <summary>The values of a record: decimals as whole numbers with one scale, what is no decimal beside them; or floats, or doubles.</summary>
/// <remarks>
/// A double is taken as a decimal only if dividing the whole number by the power of ten gives the same 64 bits back. Both are
/// exact doubles and the division rounds once, so this is the number that reading the decimal text would give.
/// </remarks>
internal static class ValueColumn
{
    private const byte Decimals = 0;
    private const byte Floats = 1;
    private const byte Doubles = 2;
    private const int ScaleMax = 9;
    private const double WholeMax = 1L << 53;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>Writes finite values.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="values">At least one.</param>
    /// <param name="wholes">As long as the values; spoiled afterwards.</param>
    /// <param name="scratch">As long as the values; spoiled afterwards.</param>
    public static void Write(BlobWriter to, ReadOnlySpan<double> values, Span<long> wholes, Span<long> scratch)
    {
        var scale = Scale(values);
        var exceptions = Scale(values, scale, wholes);
        var spare = exceptions > values.Length / 4 && AreFloats(values) ? Floats
            : exceptions > values.Length / 2 ? Doubles
            : Decimals;
        to.Byte(spare);
        if (spare == Decimals)
        {
            to.Byte((byte)scale);
            WriteExceptions(to, values, wholes, scale, exceptions);
            IntegerColumn.Write(to, wholes, scratch);
            return;
        }

        foreach (var value in values)
        {
            if (spare == Floats)
            {
                to.Single((float)value);
            }
            else
            {
                to.Double(value);
            }
        }
    }

    /// <summary>Reads as many values as the span is long.</summary>
    public static void Read(ref BlobReader from, Span<double> values, Span<long> wholes)
    {
        switch (from.Byte())
        {
            case Decimals:
                ReadDecimals(ref from, values, wholes);
                break;
            case Floats:
                for (var index = 0; index < values.Length && from.IsSound; index++)
                {
                    values[index] = from.Single();
                }

                break;
            case Doubles:
                for (var index = 0; index < values.Length && from.IsSound; index++)
                {
                    values[index] = from.Double();
                }

                break;
            default:
                from.Fail(JournalDamage.Field);
                break;
        }
    }

    // The smallest scale at which every value that is a decimal at all is a whole number.
    private static int Scale(ReadOnlySpan<double> values)
    {
        var scale = 0;
        foreach (var value in values)
        {
            for (var candidate = scale; candidate <= ScaleMax; candidate++)
            {
                if (TryScale(value, candidate, out _))
                {
                    scale = candidate;
                    break;
                }
            }
        }

        return scale;
    }

    private static int Scale(ReadOnlySpan<double> values, int scale, Span<long> wholes)
    {
        var exceptions = 0;
        for (var index = 0; index < values.Length; index++)
        {
            if (!TryScale(values[index], scale, out var whole))
            {
                exceptions++;
                whole = index == 0 ? 0 : wholes[index - 1];
            }

            wholes[index] = whole;
        }

        return exceptions;
    }

    private static bool TryScale(double value, int scale, out long whole)
    {
        var rounded = Math.Round(value * Powers[scale]);
        whole = Math.Abs(rounded) <= WholeMax ? (long)rounded : 0;
        return BitConverter.DoubleToInt64Bits(whole / Powers[scale]) == BitConverter.DoubleToInt64Bits(value);
    }

    private static bool AreFloats(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (BitConverter.DoubleToInt64Bits((float)value) != BitConverter.DoubleToInt64Bits(value))
            {
                return false;
            }
        }

        return true;
    }

    private static void WriteExceptions(
        BlobWriter to, ReadOnlySpan<double> values, ReadOnlySpan<long> wholes, int scale, int exceptions)
    {
        to.Varint((ulong)exceptions);
        var last = -1;
        for (var index = 0; index < values.Length && exceptions > 0; index++)
        {
            if (BitConverter.DoubleToInt64Bits(wholes[index] / Powers[scale]) == BitConverter.DoubleToInt64Bits(values[index]))
            {
                continue;
            }

            to.Varint((ulong)(index - last - 1));
            to.Double(values[index]);
            last = index;
            exceptions--;
        }
    }

    private static void ReadDecimals(ref BlobReader from, Span<double> values, Span<long> wholes)
    {
        var scale = from.Byte();
        if (scale > ScaleMax)
        {
            from.Fail(JournalDamage.Field);
            return;
        }

        var exceptions = from.Count(values.Length);
        var patches = from;
        for (var index = 0; index < exceptions && from.IsSound; index++)
        {
            from.Varint();
            from.Double();
        }

        IntegerColumn.Read(ref from, wholes);
        for (var index = 0; index < values.Length && from.IsSound; index++)
        {
            values[index] = wholes[index] / Powers[scale];
        }

        Patch(ref from, patches, values, exceptions);
    }

    private static void Patch(ref BlobReader from, BlobReader patches, Span<double> values, int exceptions)
    {
        long at = -1;
        for (; exceptions > 0 && from.IsSound; exceptions--)
        {
            var gap = patches.Count(values.Length);
            at += gap + 1;
            if (at >= values.Length || !patches.IsSound)
            {
                from.Fail(JournalDamage.Field);
                return;
            }

            values[(int)at] = patches.Double();
        }
    }
}
