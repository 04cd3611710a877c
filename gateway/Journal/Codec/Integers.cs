namespace IotEvents.Gateway.Journal.Codec;

/// <summary>Small arithmetic of the record format.</summary>
internal static class Integers
{
    /// <summary>Small numbers of both signs become small numbers: 0, -1, 1, -2 … become 0, 1, 2, 3 …</summary>
    public static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>How many bytes a varint takes: 1 to 10.</summary>
    public static int VarintLength(ulong value) => (63 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7 + 1;

    /// <summary>The greatest number that divides both without rest; 0 and 0 give 0.</summary>
    public static ulong CommonFactor(ulong left, ulong right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }
}
