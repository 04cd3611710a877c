namespace IotEvents.Gateway.Journal.Storage;

/// <summary>Reads the small tables, and checks each row against its checksum.</summary>
internal static class JournalTables
{
    public static IEnumerable<SeriesRecord> ReadSeries(SqliteFile file, Action<string> damaged)
    {
        using var rows = new SqliteStatement(file.Handle, "SELECT id, device, metric, unit, crc FROM series ORDER BY id");
        while (rows.Step())
        {
            var series = new SeriesRecord((int)rows.Integer(0), rows.Text(1), rows.Text(2), rows.Text(3));
            if (JournalRows.SeriesChecksum(series.Id, series.Device, series.Metric, series.Unit) != rows.Integer(4))
            {
                damaged("series");
                series = series with { Device = "damaged", Metric = $"series-{series.Id}", Unit = "" };
            }

            yield return series;
        }
    }

    public static IEnumerable<StateRecord> ReadState(SqliteFile file, string room, Action<string> damaged)
    {
        using var rows = new SqliteStatement(file.Handle, "SELECT key, value, crc FROM state WHERE room = ?1 ORDER BY key");
        rows.Bind(1, room);
        while (rows.Step())
        {
            var state = new StateRecord(rows.Blob(0).ToArray(), rows.Blob(1).ToArray());
            if (JournalRows.StateChecksum(room, state.Key, state.Value) == rows.Integer(2))
            {
                yield return state;
            }
            else
            {
                damaged("state");
            }
        }
    }

    public static byte[]? FindState(SqliteFile file, string room, byte[] key, Action<string> damaged)
    {
        using var rows = new SqliteStatement(file.Handle, "SELECT value, crc FROM state WHERE room = ?1 AND key = ?2");
        rows.Bind(1, room);
        rows.Bind(2, key);
        if (!rows.Step())
        {
            return null;
        }

        var value = rows.Blob(0).ToArray();
        if (JournalRows.StateChecksum(room, key, value) == rows.Integer(1))
        {
            return value;
        }

        damaged("state");
        return null;
    }

    public static IEnumerable<ConsumerCursor> ReadCursors(SqliteFile file)
    {
        using var rows = new SqliteStatement(file.Handle,
            "SELECT consumer, offset, dropped_batches, dropped_readings, dropped_events FROM cursor ORDER BY consumer");
        while (rows.Step())
        {
            yield return new ConsumerCursor(
                rows.Text(0), rows.Integer(1), rows.Integer(2), rows.Integer(3), rows.Integer(4));
        }
    }
}
