using System.Buffers.Binary;
using System.Numerics;

namespace IotEvents.Gateway.History.Codec;

/// <summary>CRC32C of a chunk's bytes and of what stands beside them in its row, so that a flipped bit is found in
/// either.</summary>
public static class ChunkChecksum
{
    /// <summary>The checksum, as RFC 3720 appendix B.4 has it: begun with ones, and inverted at the end.</summary>
    public static uint Compute(int series, long start, long end, int count, int layout, ReadOnlySpan<byte> bytes)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (uint)series);
        crc = BitOperations.Crc32C(crc, (ulong)start);
        crc = BitOperations.Crc32C(crc, (ulong)end);
        crc = BitOperations.Crc32C(crc, (uint)count);
        crc = BitOperations.Crc32C(crc, (uint)layout);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var rest in bytes)
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}
