using System.Runtime.InteropServices;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History.Codec;

/// <summary>Packs the points of one series into bytes and back, bit for bit. The layout is in FORMAT.md beside this
/// file.</summary>
/// <remarks>An instance keeps its working memory and serves one thread. Decoding is static, allocates nothing, and is
/// safe
/// with any bytes.</remarks>
public sealed class ChunkCodec
{
    /// <summary>The most points of one chunk.</summary>
    public const int PointsMax = 2048;

    /// <summary>The number of the layout, kept beside each chunk.</summary>
    public const int Layout = 1;

    /// <summary>No chunk is longer, in bytes: 8 + 10 + 10 + 5 per point for times, values, exceptions and qualities,
    /// and heads.</summary>
    public const int BytesMax = (PointsMax * 33) + 512;

    private const byte XorKind = 0xFF;

    private readonly byte[] _bytes = new byte[BytesMax];
    private readonly long[] _numbers = new long[PointsMax];
    private readonly int[] _exceptions = new int[PointsMax];

    /// <summary>Packs points.</summary>
    /// <param name="times">Nanoseconds since 1970, not descending; 1 to <see cref="PointsMax"/>.</param>
    /// <param name="values">Any doubles, as many.</param>
    /// <param name="qualities">As many.</param>
    /// <returns>The bytes; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The lengths differ or are out of range.</exception>
    public ReadOnlySpan<byte> Encode(
        ReadOnlySpan<long> times, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        if (times.Length is 0 or > PointsMax || values.Length != times.Length || qualities.Length != times.Length)
        {
            throw new ArgumentException(
                $"A chunk takes 1 to {PointsMax} points, with as many times as values and qualities.");
        }

        var writer = new BitWriter(_bytes);
        EncodeTimes(times, ref writer);
        EncodeValues(values, ref writer);
        EncodeQualities(qualities, ref writer);
        return _bytes.AsSpan(0, writer.Length);
    }

    /// <summary>Unpacks as many points as the spans are long.</summary>
    /// <param name="bytes">The bytes of one chunk; any bytes are safe.</param>
    /// <param name="times">Takes the times, in order.</param>
    /// <param name="values">Takes the values.</param>
    /// <param name="qualities">Takes the qualities.</param>
    /// <returns><see cref="ChunkError.None"/>, or what is wrong; the spans then hold nothing of use.</returns>
    public static ChunkError Decode(
        ReadOnlySpan<byte> bytes, Span<long> times, Span<double> values, Span<Quality> qualities)
    {
        if (times.Length is 0 or > PointsMax || values.Length != times.Length || qualities.Length != times.Length)
        {
            return ChunkError.Count;
        }

        var reader = new BitReader(bytes);
        return !TryDecodeTimes(ref reader, times) ? ChunkError.Times
            : !TryDecodeValues(ref reader, values) ? ChunkError.Values
            : !TryDecodeQualities(ref reader, qualities) ? ChunkError.Qualities
            : reader.AtEnd ? ChunkError.None : ChunkError.Rest;
    }

    private void EncodeTimes(ReadOnlySpan<long> times, ref BitWriter writer)
    {
        var factor = CommonFactor(times);
        writer.WriteSigned(times[0]);
        writer.WriteVarint(factor);
        for (var i = 0; i < times.Length; i++)
        {
            _numbers[i] = (long)((ulong)(times[i] - times[0]) / factor);
        }

        IntegerBlocks.Encode(_numbers.AsSpan(0, times.Length), ref writer);
    }

    private static bool TryDecodeTimes(ref BitReader reader, Span<long> times)
    {
        if (!reader.TryReadSigned(out var first) || !reader.TryReadVarint(out var factor) || factor == 0
            || !IntegerBlocks.TryDecode(ref reader, times))
        {
            return false;
        }

        var before = long.MinValue;
        foreach (ref var time in times)
        {
            time = first + (long)((ulong)time * factor);
            if (time < before)
            {
                return false;
            }

            before = time;
        }

        return true;
    }

    /// <summary>The largest number that divides every distance from the first time; 1 when there is no
    /// distance.</summary>
    private static ulong CommonFactor(ReadOnlySpan<long> times)
    {
        ulong factor = 0, before = 0;
        for (var i = 1; i < times.Length; i++)
        {
            var distance = (ulong)(times[i] - times[i - 1]);
            if (distance == before)
            {
                continue;
            }

            before = distance;
            while (distance != 0)
            {
                (factor, distance) = (distance, factor % distance);
            }

            if (factor == 1)
            {
                break;
            }
        }

        return Math.Max(factor, 1);
    }

    private void EncodeValues(ReadOnlySpan<double> values, ref BitWriter writer)
    {
        var wholes = _numbers.AsSpan(0, values.Length);
        if (!DecimalValues.TryScale(values, wholes, _exceptions, out var decimals, out var exceptionCount))
        {
            writer.WriteByte(XorKind);
            XorValues.Encode(values, ref writer);
            return;
        }

        writer.WriteByte((byte)decimals);
        IntegerBlocks.Encode(wholes, ref writer);
        writer.WriteVarint((ulong)exceptionCount);
        foreach (var place in _exceptions.AsSpan(0, exceptionCount))
        {
            writer.WriteVarint((ulong)place);
            writer.WriteUInt64(BitConverter.DoubleToUInt64Bits(values[place]));
        }
    }

    private static bool TryDecodeValues(ref BitReader reader, Span<double> values)
    {
        if (!reader.TryReadByte(out var kind))
        {
            return false;
        }

        if (kind == XorKind)
        {
            return XorValues.TryDecode(ref reader, values);
        }

        if (kind > DecimalValues.DecimalsMax
            || !IntegerBlocks.TryDecode(ref reader, MemoryMarshal.Cast<double, long>(values))
            || !reader.TryReadVarint(out var exceptionCount) || exceptionCount > (ulong)values.Length)
        {
            return false;
        }

        DecimalValues.Restore(values, kind);
        for (var i = 0UL; i < exceptionCount; i++)
        {
            if (!reader.TryReadVarint(out var place) || place >= (ulong)values.Length
                || !reader.TryReadUInt64(out var bits))
            {
                return false;
            }

            values[(int)place] = BitConverter.UInt64BitsToDouble(bits);
        }

        return true;
    }

    private static void EncodeQualities(ReadOnlySpan<Quality> qualities, ref BitWriter writer)
    {
        while (!qualities.IsEmpty)
        {
            var run = qualities.IndexOfAnyExcept(qualities[0]);
            run = run < 0 ? qualities.Length : run;
            writer.WriteVarint((ulong)qualities[0]);
            writer.WriteVarint((ulong)run);
            qualities = qualities[run..];
        }
    }

    private static bool TryDecodeQualities(ref BitReader reader, Span<Quality> qualities)
    {
        while (!qualities.IsEmpty)
        {
            if (!reader.TryReadVarint(out var quality) || quality > ushort.MaxValue
                || !reader.TryReadVarint(out var run) || run == 0 || run > (ulong)qualities.Length)
            {
                return false;
            }

            qualities[..(int)run].Fill((Quality)quality);
            qualities = qualities[(int)run..];
        }

        return true;
    }
}
