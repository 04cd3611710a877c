namespace IotEvents.Gateway.Journal.Codec;

/// <summary>The limits of a record and its checksum. The format is written down in <c>FORMAT.md</c>.</summary>
internal static class BatchCodec
{
    /// <summary>The number of this format, stored with each record.</summary>
    public const int Number = 1;

    /// <summary>The most readings one record holds. Bounds what damaged bytes can make a reader allocate to 32 MB.</summary>
    public const int ReadingsMax = 1 << 20;

    /// <summary>The most events one record holds.</summary>
    public const int EventsMax = 1 << 20;

    /// <summary>CRC-32C over offset, recorded time, counts, codec (each eight bytes, low first) and the blob.</summary>
    public static uint Checksum(long offset, long recordedAt, long readings, long events, long codec, ReadOnlySpan<byte> blob)
    {
        var register = Crc32C.Append(Crc32C.Begin, offset);
        register = Crc32C.Append(register, recordedAt);
        register = Crc32C.Append(register, readings);
        register = Crc32C.Append(register, events);
        register = Crc32C.Append(register, codec);
        return Crc32C.Finish(Crc32C.Append(register, blob));
    }
}
