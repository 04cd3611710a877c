using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal.Codec;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>Reads records from the table <c>batch</c>, and checks each against its checksum. One thread.</summary>
internal sealed class BatchRows
{
    /// <summary>The records from one offset to another, at most so many.</summary>
    public const string Select =
        """
        SELECT offset, recorded_at, readings, events, codec, crc, blob FROM batch
        WHERE offset BETWEEN ?1 AND ?2 ORDER BY offset LIMIT ?3
        """;

    private readonly BatchDecoder _decoder = new();

    /// <summary>How many bytes the readings and events of a row take.</summary>
    public static int BytesOf(SqliteStatement row) => row.Blob(6).Length;

    /// <summary>Reads the row that a statement stands on.</summary>
    /// <param name="row">A statement of <see cref="Select"/>.</param>
    /// <param name="damaged">Told of a record that cannot be read, which then comes empty.</param>
    public CommittedBatch Read(SqliteStatement row, Action<long, JournalDamage> damaged)
    {
        var (offset, at, readings, events, codec) =
            (row.Integer(0), row.Integer(1), row.Integer(2), row.Integer(3), row.Integer(4));
        var blob = row.Blob(6);
        var (decoded, decodedEvents) = (Array.Empty<Reading>(), Array.Empty<EventRecord>());
        var damage = row.Integer(5) != BatchCodec.Checksum(offset, at, readings, events, codec, blob) ? JournalDamage.Checksum
            : codec != BatchCodec.Number ? JournalDamage.Codec
            : _decoder.Decode(blob, readings, events, out decoded, out decodedEvents);
        if (damage == JournalDamage.None)
        {
            return new CommittedBatch(offset, new Timestamp(at), decoded, decodedEvents);
        }

        damaged(offset, damage);
        return Empty(offset);
    }

    /// <summary>What stands for a record that cannot be read.</summary>
    public static CommittedBatch Empty(long offset) => new(offset, Timestamp.None, ReadOnlyMemory<Reading>.Empty, []);
}
