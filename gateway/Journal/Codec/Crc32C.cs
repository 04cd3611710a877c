using System.Buffers.Binary;
using System.Numerics;

namespace IotEvents.Gateway.Journal.Codec;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4): finds every burst of up to 32 wrong bits. In hardware where there is any.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => Finish(Append(Begin, bytes));

    /// <summary>The register before the first byte.</summary>
    public const uint Begin = uint.MaxValue;

    /// <summary>Takes bytes into the register, eight a step.</summary>
    public static uint Append(uint register, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            register = BitOperations.Crc32C(register, value);
        }

        return register;
    }

    /// <summary>Takes a number into the register.</summary>
    public static uint Append(uint register, long value) => BitOperations.Crc32C(register, (ulong)value);

    /// <summary>The checksum of what the register took.</summary>
    public static uint Finish(uint register) => ~register;
}
