using IotEvents.Gateway.Journal.Codec;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>Takes over what can still be read of a damaged journal. Every row must fit its checksum; a table ends where it is torn.</summary>
internal static class JournalSalvage
{
    /// <summary>Copies rows in one transaction.</summary>
    /// <returns>How many records were copied, besides state, series and cursors.</returns>
    public static long Copy(string damaged, JournalRows into)
    {
        SqliteFile from;
        try
        {
            from = SqliteFile.OpenReader(damaged);
        }
        catch (JournalFailedException)
        {
            return 0;
        }

        using (from)
        {
            into.Begin();
            var records = CopyBatches(from, into, "ASC");
            records += CopyBatches(from, into, "DESC");
            CopyWhatReads(JournalTables.ReadSeries(from, Ignore), series => into.PutSeries(series.Id, series.Device, series.Metric, series.Unit));
            CopyWhatReads(JournalTables.ReadCursors(from), cursor => into.SetCursor(cursor.Name, cursor.Offset));
            CopyStates(from, into);
            into.Commit();
            return records;
        }
    }

    // Once from each end: a torn page in the middle then costs only what lies on it.
    private static long CopyBatches(SqliteFile from, JournalRows into, string direction)
    {
        long records = 0;
        try
        {
            using var rows = new SqliteStatement(from.Handle,
                $"SELECT offset, recorded_at, readings, events, codec, crc, blob FROM batch ORDER BY offset {direction}");
            while (rows.Step())
            {
                var blob = rows.Blob(6);
                var (offset, at, readings, events) = (rows.Integer(0), rows.Integer(1), rows.Integer(2), rows.Integer(3));
                if (rows.Integer(4) == BatchCodec.Number &&
                    rows.Integer(5) == BatchCodec.Checksum(offset, at, readings, events, BatchCodec.Number, blob))
                {
                    if (!into.TryPutBatch(offset, at, (int)readings, (int)events, blob))
                    {
                        break;
                    }

                    records++;
                }
            }
        }
        catch (JournalFailedException error) when (IsOfTheSource(error))
        {
            return records;
        }

        return records;
    }

    private static void CopyStates(SqliteFile from, JournalRows into)
    {
        var rooms = new List<string>();
        CopyWhatReads(Rooms(from), rooms.Add);
        foreach (var room in rooms)
        {
            CopyWhatReads(JournalTables.ReadState(from, room, Ignore), state => into.PutState(room, state.Key, state.Value));
        }
    }

    private static IEnumerable<string> Rooms(SqliteFile from)
    {
        using var rows = new SqliteStatement(from.Handle, "SELECT DISTINCT room FROM state");
        while (rows.Step())
        {
            yield return rows.Text(0);
        }
    }

    private static void CopyWhatReads<T>(IEnumerable<T> rows, Action<T> put)
    {
        try
        {
            foreach (var row in rows)
            {
                put(row);
            }
        }
        catch (JournalFailedException error) when (IsOfTheSource(error))
        {
            // The rest of the table cannot be read; what was read is good by its own checksum.
        }
    }

    private static bool IsOfTheSource(JournalFailedException error) =>
        error.Failure is JournalFailure.Damaged or JournalFailure.IoError;

    private static void Ignore(string table)
    {
    }
}
