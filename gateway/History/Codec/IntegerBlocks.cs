using System.Numerics;

namespace IotEvents.Gateway.History.Codec;

/// <summary>Packs whole numbers in blocks: each block keeps the numbers, their differences, or the differences of
/// those.</summary>
/// <remarks>
/// Each block takes the smallest number it keeps as its base and stores the rest above it in as many bits as the
/// largest
/// needs (frame of reference); equal numbers need none. All arithmetic wraps, so every long comes back. Layout:
/// FORMAT.md.
/// </remarks>
internal static class IntegerBlocks
{
    private const int BlockSize = 128;
    private const int Modes = 3;

    /// <summary>Writes one or more numbers.</summary>
    public static void Encode(ReadOnlySpan<long> numbers, ref BitWriter writer)
    {
        writer.WriteSigned(numbers[0]);
        if (numbers.Length == 1)
        {
            return;
        }

        var whole = Measure.Empty;
        var parted = 0;
        for (var start = 1; start < numbers.Length; start += BlockSize)
        {
            var block = Measure.Of(numbers, start, Math.Min(start + BlockSize, numbers.Length));
            parted += block.Best().Bytes;
            whole = whole.With(block);
        }

        var one = whole.Best();
        if (one.Bytes <= parted)
        {
            writer.WriteByte(0);
            Write(numbers, 1, numbers.Length, one, ref writer);
            return;
        }

        writer.WriteByte(1);
        for (var start = 1; start < numbers.Length; start += BlockSize)
        {
            var end = Math.Min(start + BlockSize, numbers.Length);
            Write(numbers, start, end, Measure.Of(numbers, start, end).Best(), ref writer);
        }
    }

    /// <summary>Reads as many numbers as the span is long, at least one.</summary>
    /// <returns>False when the bytes are not what <see cref="Encode"/> writes.</returns>
    public static bool TryDecode(ref BitReader reader, Span<long> numbers)
    {
        if (!reader.TryReadSigned(out numbers[0]))
        {
            return false;
        }

        if (numbers.Length == 1)
        {
            return true;
        }

        if (!reader.TryReadByte(out var parted) || parted > 1)
        {
            return false;
        }

        var size = parted == 0 ? numbers.Length : BlockSize;
        for (var start = 1; start < numbers.Length; start += size)
        {
            if (!TryReadBlock(ref reader, numbers, start, Math.Min(start + size, numbers.Length)))
            {
                return false;
            }
        }

        return true;
    }

    private static void Write(ReadOnlySpan<long> numbers, int start, int end, Choice choice, ref BitWriter writer)
    {
        writer.WriteByte((byte)((choice.Mode << 6) | Math.Min(choice.Width, 63)));
        writer.WriteSigned(choice.Base);
        for (var i = start; i < end; i++)
        {
            var kept = choice.Mode switch
            {
                0 => numbers[i],
                1 => numbers[i] - numbers[i - 1],
                _ => numbers[i] - numbers[i - 1] - Difference(numbers, i - 1),
            };
            writer.WriteBits((ulong)(kept - choice.Base), choice.Width);
        }

        writer.Align();
    }

    private static bool TryReadBlock(ref BitReader reader, Span<long> numbers, int start, int end)
    {
        if (!reader.TryReadByte(out var header) || header >> 6 >= Modes || !reader.TryReadSigned(out var floor))
        {
            return false;
        }

        // 63 bits are written as 64, so that six bits of the header name every width.
        var width = header & 63;
        width = width == 63 ? 64 : width;
        if (!reader.Has((long)(end - start) * width))
        {
            return false;
        }

        var difference = Difference(numbers, start - 1);
        for (var i = start; i < end; i++)
        {
            var kept = (long)reader.ReadBits(width) + floor;
            switch (header >> 6)
            {
                case 0:
                    numbers[i] = kept;
                    break;
                case 1:
                    numbers[i] = numbers[i - 1] + kept;
                    break;
                default:
                    difference += kept;
                    numbers[i] = numbers[i - 1] + difference;
                    break;
            }
        }

        return reader.TryAlign();
    }

    private static long Difference(ReadOnlySpan<long> numbers, int i) => i == 0 ? 0 : numbers[i] - numbers[i - 1];

    private readonly record struct Choice(int Mode, long Base, int Width, int Bytes);

    /// <summary>The smallest and largest of each mode's numbers in a block.</summary>
    private readonly record struct Measure(
        int Count, long Min0, long Max0, long Min1, long Max1, long Min2, long Max2)
    {
        public static readonly Measure Empty = new(
            0, long.MaxValue, long.MinValue, long.MaxValue, long.MinValue, long.MaxValue, long.MinValue);

        public static Measure Of(ReadOnlySpan<long> numbers, int start, int end)
        {
            long min0 = long.MaxValue, max0 = long.MinValue, min1 = min0, max1 = max0, min2 = min0, max2 = max0;
            var before = Difference(numbers, start - 1);
            for (var i = start; i < end; i++)
            {
                var number = numbers[i];
                var difference = number - numbers[i - 1];
                var second = difference - before;
                before = difference;
                min0 = Math.Min(min0, number);
                max0 = Math.Max(max0, number);
                min1 = Math.Min(min1, difference);
                max1 = Math.Max(max1, difference);
                min2 = Math.Min(min2, second);
                max2 = Math.Max(max2, second);
            }

            return new Measure(end - start, min0, max0, min1, max1, min2, max2);
        }

        public Measure With(Measure other) => new(
            Count + other.Count,
            Math.Min(Min0, other.Min0), Math.Max(Max0, other.Max0),
            Math.Min(Min1, other.Min1), Math.Max(Max1, other.Max1),
            Math.Min(Min2, other.Min2), Math.Max(Max2, other.Max2));

        public Choice Best()
        {
            var best = Cost(0, Min0, Max0);
            var first = Cost(1, Min1, Max1);
            var second = Cost(2, Min2, Max2);
            best = first.Bytes < best.Bytes ? first : best;
            return second.Bytes < best.Bytes ? second : best;
        }

        private Choice Cost(int mode, long min, long max)
        {
            var width = 64 - BitOperations.LeadingZeroCount((ulong)(max - min));
            width = width == 63 ? 64 : width;
            var varint = Math.Max(1, (70 - BitOperations.LeadingZeroCount(ZigZag.Encode(min))) / 7);
            return new Choice(mode, min, width, 1 + varint + (((Count * width) + 7) / 8));
        }
    }
}
