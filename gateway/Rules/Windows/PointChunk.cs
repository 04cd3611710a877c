using System.Buffers.Binary;
using System.Numerics;

namespace IotEvents.Gateway.Rules.Windows;

/// <summary>Up to 64 points as they are written: their numbers, their times, and the exact bits of their values.</summary>
/// <remarks>
/// A version byte; the place of the first point in the chunk and the number of points less one, a byte each; the number of the
/// ring's first point, and how many points it dropped; the first time and value in eight bytes each; then for each further
/// point how the step of time differs from the step before (one byte in a regular series), and the bytes of the value that
/// differ from the value before. Numbers are in base 128, the lowest seven bits first.
/// </remarks>
/// <param name="First">The number of its first point.</param>
/// <param name="Count">Its points.</param>
/// <param name="RingFirst">The first point that counted in the ring as this was written.</param>
/// <param name="Dropped">How many points the ring had dropped by then.</param>
internal readonly record struct PointChunk(long First, int Count, long RingFirst, long Dropped)
{
    /// <summary>The most points of a chunk.</summary>
    public const int PointsMax = 64;

    private const byte Version = 1;
    private const int HeadBytesMax = 1 + 1 + 1 + 10 + 10 + 8 + 8;
    private const int PointBytesMax = 10 + 1 + 8;

    /// <summary>The number after its last point.</summary>
    public long End => First + Count;

    /// <summary>The chunk a point belongs to.</summary>
    public static long Of(long point) => point / PointsMax;

    /// <summary>The chunk after those that hold the points before this one.</summary>
    public static long After(long point) => (point + PointsMax - 1) / PointsMax;

    /// <summary>The number of the first point that belongs to a chunk.</summary>
    public static long FirstPoint(long chunk) => chunk * PointsMax;

    /// <summary>Writes 1 to 64 points of one chunk.</summary>
    /// <param name="points">The points.</param>
    /// <param name="first">The number of the first of them.</param>
    /// <param name="ringFirst">The number of the first point of the ring.</param>
    /// <param name="dropped">How many points the ring has dropped.</param>
    public static byte[] Write(PointSpan points, long first, long ringFirst, long dropped)
    {
        Span<byte> bytes = stackalloc byte[HeadBytesMax + (PointsMax * PointBytesMax)];
        bytes[0] = Version;
        bytes[1] = (byte)(first % PointsMax);
        bytes[2] = (byte)(points.Count - 1);
        var length = 3;
        PutVarint(bytes, ref length, (ulong)ringFirst);
        PutVarint(bytes, ref length, (ulong)dropped);
        var (time, step, value) = (points.Times[0], 0L, BitConverter.DoubleToUInt64Bits(points.Values[0]));
        BinaryPrimitives.WriteInt64LittleEndian(bytes[length..], time);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(length + 8)..], value);
        length += 16;
        for (var i = 1; i < points.Count; i++)
        {
            // All of this wraps around, and back when it is read.
            var nextStep = points.Times[i] - time;
            var change = nextStep - step;
            PutVarint(bytes, ref length, (ulong)((change << 1) ^ (change >> 63)));
            (time, step) = (points.Times[i], nextStep);

            var next = BitConverter.DoubleToUInt64Bits(points.Values[i]);
            PutDifference(bytes, ref length, value ^ next);
            value = next;
        }

        return bytes[..length].ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> gave.</summary>
    /// <param name="bytes">All bytes of the chunk.</param>
    /// <param name="number">The number of the chunk.</param>
    /// <param name="times">Takes the times, nanoseconds; room for 64.</param>
    /// <param name="values">Takes the values; room for 64.</param>
    /// <param name="chunk">What the chunk says of its points.</param>
    /// <returns>False when the bytes are not of this version, are cut, or have too much.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, long number, Span<long> times, Span<double> values, out PointChunk chunk)
    {
        chunk = default;
        if (bytes.Length < 3 || bytes[0] != Version || number is < 0 or >= long.MaxValue / PointsMax
            || bytes[1] + bytes[2] >= PointsMax)
        {
            return false;
        }

        var (offset, count) = (bytes[1], bytes[2] + 1);
        var rest = bytes[3..];
        if (!TryVarint(ref rest, out var ringFirst) || !TryVarint(ref rest, out var dropped) || rest.Length < 16
            || ringFirst > long.MaxValue || dropped > long.MaxValue)
        {
            return false;
        }

        var (time, step) = (BinaryPrimitives.ReadInt64LittleEndian(rest), 0L);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]);
        rest = rest[16..];
        (times[0], values[0]) = (time, BitConverter.UInt64BitsToDouble(value));
        for (var i = 1; i < count; i++)
        {
            if (!TryVarint(ref rest, out var change) || !TryDifference(ref rest, out var difference))
            {
                return false;
            }

            step += (long)(change >> 1) ^ -(long)(change & 1);
            time += step;
            value ^= difference;
            (times[i], values[i]) = (time, BitConverter.UInt64BitsToDouble(value));
        }

        chunk = new PointChunk(FirstPoint(number) + offset, count, (long)ringFirst, (long)dropped);
        return rest.IsEmpty;
    }

    // A byte says how many zero bytes are left out at the low end and how many bytes follow.
    private static void PutDifference(Span<byte> bytes, ref int length, ulong difference)
    {
        var low = difference == 0 ? 0 : BitOperations.TrailingZeroCount(difference) / 8;
        var kept = difference == 0 ? 0 : 8 - (BitOperations.LeadingZeroCount(difference) / 8) - low;
        bytes[length++] = (byte)((low << 4) | kept);
        difference >>= 8 * low;
        for (var i = 0; i < kept; i++)
        {
            bytes[length++] = (byte)(difference >> (8 * i));
        }
    }

    private static bool TryDifference(ref ReadOnlySpan<byte> bytes, out ulong difference)
    {
        difference = 0;
        if (bytes.IsEmpty)
        {
            return false;
        }

        var (low, kept) = (bytes[0] >> 4, bytes[0] & 15);
        if (low + kept > 8 || bytes.Length <= kept)
        {
            return false;
        }

        for (var i = 0; i < kept; i++)
        {
            difference |= (ulong)bytes[1 + i] << (8 * (low + i));
        }

        bytes = bytes[(1 + kept)..];
        return true;
    }

    private static void PutVarint(Span<byte> bytes, ref int length, ulong number)
    {
        for (; number > 127; number >>= 7)
        {
            bytes[length++] = (byte)(number | 128);
        }

        bytes[length++] = (byte)number;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            number |= (ulong)(bytes[i] & 127) << (7 * i);
            if (bytes[i] < 128)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
