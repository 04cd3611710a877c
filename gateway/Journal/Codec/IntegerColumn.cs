using System.Buffers.Binary;
using System.Numerics;

namespace IotEvents.Gateway.Journal.Codec;

/// <summary>A column of whole numbers: as they are, as differences, or as differences of differences; whichever is smallest.</summary>
/// <remarks>
/// Arithmetic wraps around at 64 bits on both sides, so every long comes back whatever its neighbours are.
/// The encoder looks at each number once per shape; the decoder needs no table. Layout in <c>FORMAT.md</c>.
/// </remarks>
internal static class IntegerColumn
{
    // The low two bits of the first byte say how many times differences were taken, the next two how they are packed.
    private const int OrderMax = 2;
    private const int PackedAsVarints = 0;
    private const int PackedAsBits = 1;
    private const int PackedAsRuns = 2;

    /// <summary>Writes the numbers, and leaves differences in their place.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="values">At least one; spoiled afterwards.</param>
    /// <param name="scratch">As long as the values; spoiled afterwards.</param>
    public static void Write(BlobWriter to, Span<long> values, Span<long> scratch)
    {
        var best = Measure(values, 0);
        values.CopyTo(scratch);
        for (var order = 1; order <= OrderMax && values.Length > order; order++)
        {
            Subtract(scratch, order);
            var shape = Measure(scratch, order);
            if (shape.Bytes < best.Bytes)
            {
                best = shape;
            }
        }

        for (var order = 1; order <= best.Order; order++)
        {
            Subtract(values, order);
        }

        Write(to, values, best);
    }

    /// <summary>How many bytes the smallest shape of these numbers takes; leaves the numbers as they are.</summary>
    public static long Size(ReadOnlySpan<long> values, Span<long> scratch)
    {
        values.CopyTo(scratch);
        var best = Measure(scratch, 0).Bytes;
        for (var order = 1; order <= OrderMax && values.Length > order; order++)
        {
            Subtract(scratch, order);
            best = Math.Min(best, Measure(scratch, order).Bytes);
        }

        return best;
    }

    /// <summary>Reads as many numbers as the span is long.</summary>
    public static void Read(ref BlobReader from, Span<long> values)
    {
        var shape = from.Byte();
        var order = shape & 3;
        if (order > OrderMax || shape >> 4 != 0 || order >= Math.Max(values.Length, 1))
        {
            from.Fail(JournalDamage.Field);
            return;
        }

        for (var index = 0; index < order; index++)
        {
            values[index] = from.Zigzag();
        }

        ReadRest(ref from, values[order..], shape >> 2);
        for (; order > 0 && from.IsSound; order--)
        {
            Add(values, order);
        }
    }

    // After the n-th call the first n numbers are the heads of the n differences, and the rest are n-th differences.
    private static void Subtract(Span<long> values, int order)
    {
        for (var index = values.Length - 1; index >= order; index--)
        {
            values[index] = unchecked(values[index] - values[index - 1]);
        }
    }

    private static void Add(Span<long> values, int order)
    {
        for (var index = order; index < values.Length; index++)
        {
            values[index] = unchecked(values[index] + values[index - 1]);
        }
    }

    private static Shape Measure(ReadOnlySpan<long> values, int order)
    {
        var heads = 1;
        foreach (var head in values[..order])
        {
            heads += Integers.VarintLength(Integers.Zigzag(head));
        }

        var rest = values[order..];
        var factor = Factor(rest);
        var (min, max) = (long.MaxValue, long.MinValue);
        long varints = 0;
        long runs = 0;
        var length = 0;
        for (var index = 0; index < rest.Length; index++)
        {
            var value = factor > 1 ? rest[index] / factor : rest[index];
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            var bytes = Integers.VarintLength(Integers.Zigzag(value));
            varints += bytes;
            length++;
            if (index + 1 == rest.Length || rest[index + 1] != rest[index])
            {
                runs += bytes + Integers.VarintLength((ulong)length);
                length = 0;
            }
        }

        heads += Integers.VarintLength((ulong)factor);
        var width = rest.IsEmpty ? 0 : 64 - BitOperations.LeadingZeroCount(unchecked((ulong)(max - min)));
        var bits = 1 + Integers.VarintLength(Integers.Zigzag(min)) + (((long)rest.Length * width) + 7) / 8;
        var (packing, size) = bits <= varints ? (PackedAsBits, bits) : (PackedAsVarints, varints);
        (packing, size) = runs < size ? (PackedAsRuns, runs) : (packing, size);
        return new Shape(order, packing, factor, min, width, heads + size);
    }

    // The greatest number that divides all; 1 when they have none in common or are too small to gain by it.
    private static long Factor(ReadOnlySpan<long> values)
    {
        ulong factor = 0;
        foreach (var value in values)
        {
            var size = value == long.MinValue ? 1UL : (ulong)Math.Abs(value);
            if (factor == 0 || size % factor != 0)
            {
                factor = Integers.CommonFactor(factor, size);
                if (factor == 1)
                {
                    return 1;
                }
            }
        }

        return factor == 0 ? 1 : (long)factor;
    }

    private static void Write(BlobWriter to, ReadOnlySpan<long> values, Shape shape)
    {
        to.Byte((byte)(shape.Order | (shape.Packing << 2)));
        foreach (var head in values[..shape.Order])
        {
            to.Zigzag(head);
        }

        to.Varint((ulong)shape.Factor);
        var rest = values[shape.Order..];
        switch (shape.Packing)
        {
            case PackedAsBits:
                WriteBits(to, rest, shape);
                break;
            case PackedAsRuns:
                WriteRuns(to, rest, shape.Factor);
                break;
            default:
                foreach (var value in rest)
                {
                    to.Zigzag(value / shape.Factor);
                }

                break;
        }
    }

    private static void WriteRuns(BlobWriter to, ReadOnlySpan<long> values, long factor)
    {
        while (!values.IsEmpty)
        {
            var other = values.IndexOfAnyExcept(values[0]);
            var length = other < 0 ? values.Length : other;
            to.Zigzag(values[0] / factor);
            to.Varint((ulong)length);
            values = values[length..];
        }
    }

    private static void WriteBits(BlobWriter to, ReadOnlySpan<long> values, Shape shape)
    {
        to.Zigzag(shape.Min);
        to.Byte((byte)shape.Width);
        var bytes = to.Take((int)((((long)values.Length * shape.Width) + 7) / 8));
        UInt128 pending = 0;
        var pendingBits = 0;
        foreach (var value in values)
        {
            pending |= (UInt128)unchecked((ulong)((value / shape.Factor) - shape.Min)) << pendingBits;
            pendingBits += shape.Width;
            for (; pendingBits >= 8; pendingBits -= 8)
            {
                bytes[0] = (byte)pending;
                bytes = bytes[1..];
                pending >>= 8;
            }
        }

        if (pendingBits > 0)
        {
            bytes[0] = (byte)pending;
        }
    }

    private static void ReadRest(ref BlobReader from, Span<long> values, int packing)
    {
        var factor = (long)from.Varint();
        if (factor < 1)
        {
            from.Fail(JournalDamage.Field);
            return;
        }

        switch (packing)
        {
            case PackedAsVarints:
                ReadVarints(ref from, values, factor);
                break;
            case PackedAsBits:
                ReadBits(ref from, values, factor);
                break;
            case PackedAsRuns:
                ReadRuns(ref from, values, factor);
                break;
            default:
                from.Fail(JournalDamage.Field);
                break;
        }
    }

    private static void ReadVarints(ref BlobReader from, Span<long> values, long factor)
    {
        for (var index = 0; index < values.Length && from.IsSound; index++)
        {
            values[index] = unchecked(from.Zigzag() * factor);
        }
    }

    private static void ReadRuns(ref BlobReader from, Span<long> values, long factor)
    {
        while (!values.IsEmpty && from.IsSound)
        {
            var value = unchecked(from.Zigzag() * factor);
            var length = from.Count(values.Length);
            if (length == 0)
            {
                from.Fail(JournalDamage.Field);
                return;
            }

            values[..length].Fill(value);
            values = values[length..];
        }
    }

    private static void ReadBits(ref BlobReader from, Span<long> values, long factor)
    {
        var min = from.Zigzag();
        var width = from.Byte();
        if (width > 64)
        {
            from.Fail(JournalDamage.Field);
            return;
        }

        var bytes = from.Take((((ulong)values.Length * width) + 7) / 8);
        if (!from.IsSound)
        {
            return;
        }

        var mask = width == 0 ? 0 : ulong.MaxValue >> (64 - width);
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = unchecked((min + (long)(Bits(bytes, (long)index * width) & mask)) * factor);
        }
    }

    // The 64 bits that begin at a bit; zeros beyond the end.
    private static ulong Bits(ReadOnlySpan<byte> bytes, long bit)
    {
        var at = (int)(bit >> 3);
        var shift = (int)(bit & 7);
        if (bytes.Length - at >= 9)
        {
            var low = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]) >> shift;
            return shift == 0 ? low : low | ((ulong)bytes[at + 8] << (64 - shift));
        }

        UInt128 value = 0;
        for (var index = Math.Min(bytes.Length, at + 9) - 1; index >= at; index--)
        {
            value = (value << 8) | bytes[index];
        }

        return (ulong)(value >> shift);
    }

    private readonly record struct Shape(int Order, int Packing, long Factor, long Min, int Width, long Bytes);
}
