using IotEvents.Gateway.History.Codec;
using Microsoft.Data.Sqlite;

namespace IotEvents.Gateway.History;

/// <summary>A chunk as it was read from its row, not yet checked.</summary>
internal sealed record StoredChunk(
    long Id, int Series, long Start, long End, int Count, int Layout, uint Crc, byte[] Bytes)
{
    /// <summary>Reads the columns id, series, start, end, count, codec, crc, data.</summary>
    public static StoredChunk From(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3),
        (int)Math.Clamp(row.GetInt64(4), 0, int.MaxValue), (int)Math.Clamp(row.GetInt64(5), 0, int.MaxValue),
        unchecked((uint)row.GetInt64(6)), row.GetFieldValue<byte[]>(7));

    /// <summary>Checks the chunk and appends its points.</summary>
    /// <returns><see cref="ChunkError.None"/>, or what is wrong; nothing was appended then.</returns>
    public ChunkError Load(PointColumns into)
    {
        if (Layout != ChunkCodec.Layout)
        {
            return ChunkError.Layout;
        }

        if (Count is < 1 or > ChunkCodec.PointsMax)
        {
            return ChunkError.Count;
        }

        if (ChunkChecksum.Compute(Series, Start, End, Count, Layout, Bytes) != Crc)
        {
            return ChunkError.Checksum;
        }

        var before = into.Count;
        into.Extend(Count, out var times, out var values, out var qualities);
        var error = ChunkCodec.Decode(Bytes, times, values, qualities);
        if (error == ChunkError.None && (times[0] != Start || times[^1] != End))
        {
            error = ChunkError.Times;
        }

        if (error != ChunkError.None)
        {
            into.Truncate(before);
        }

        return error;
    }
}
