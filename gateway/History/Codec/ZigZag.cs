namespace IotEvents.Gateway.History.Codec;

/// <summary>Signed numbers as unsigned ones, near zero first: 0, -1, 1, -2, 2 … are 0, 1, 2, 3, 4 …</summary>
internal static class ZigZag
{
    /// <summary>The unsigned number that stands for a signed one.</summary>
    public static ulong Encode(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>The signed number an unsigned one stands for.</summary>
    public static long Decode(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
