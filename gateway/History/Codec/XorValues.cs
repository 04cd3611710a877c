using System.Numerics;

namespace IotEvents.Gateway.History.Codec;

/// <summary>Any doubles, each as the bits in which it differs from the one before.</summary>
/// <remarks>After Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB 2015, section
/// 4.1.2.</remarks>
internal static class XorValues
{
    /// <summary>Writes one or more values.</summary>
    public static void Encode(ReadOnlySpan<double> values, ref BitWriter writer)
    {
        var before = BitConverter.DoubleToUInt64Bits(values[0]);
        writer.WriteUInt64(before);
        int windowShift = 0, windowWidth = 0;
        foreach (var value in values[1..])
        {
            var bits = BitConverter.DoubleToUInt64Bits(value);
            var changed = bits ^ before;
            before = bits;
            if (changed == 0)
            {
                writer.WriteBits(0, 1);
                continue;
            }

            var shift = BitOperations.TrailingZeroCount(changed);
            var top = 64 - BitOperations.LeadingZeroCount(changed);
            if (shift >= windowShift && top <= windowShift + windowWidth && windowWidth <= top - shift + 12)
            {
                writer.WriteBits(0b01, 2);
            }
            else
            {
                (windowShift, windowWidth) = (shift, top - shift);
                writer.WriteBits(0b11, 2);
                writer.WriteBits((ulong)windowShift, 6);
                writer.WriteBits((ulong)(windowWidth - 1), 6);
            }

            writer.WriteBits(changed >> windowShift, windowWidth);
        }

        writer.Align();
    }

    /// <summary>Reads as many values as the span is long, at least one.</summary>
    /// <returns>False when the bytes are not what <see cref="Encode"/> writes.</returns>
    public static bool TryDecode(ref BitReader reader, Span<double> values)
    {
        if (!reader.TryReadUInt64(out var bits))
        {
            return false;
        }

        values[0] = BitConverter.UInt64BitsToDouble(bits);
        int windowShift = 0, windowWidth = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (!reader.Has(1))
            {
                return false;
            }

            if (reader.ReadBits(1) != 0)
            {
                if (!TryReadWindow(ref reader, ref windowShift, ref windowWidth) || !reader.Has(windowWidth))
                {
                    return false;
                }

                bits ^= reader.ReadBits(windowWidth) << windowShift;
            }

            values[i] = BitConverter.UInt64BitsToDouble(bits);
        }

        return reader.TryAlign();
    }

    private static bool TryReadWindow(ref BitReader reader, ref int shift, ref int width)
    {
        if (!reader.Has(1))
        {
            return false;
        }

        if (reader.ReadBits(1) == 0)
        {
            return width > 0;
        }

        if (!reader.Has(12))
        {
            return false;
        }

        shift = (int)reader.ReadBits(6);
        width = (int)reader.ReadBits(6) + 1;
        return shift + width <= 64;
    }
}
