using Microsoft.Data.Sqlite;

namespace IotEvents.Gateway.History;

/// <summary>A read-only connection of one reader at a time, with its one statement.</summary>
internal sealed class ChunkReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _range;

    /// <summary>Opens the connection.</summary>
    public ChunkReader(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        _connection.Open();
        _range = _connection.CreateCommand();
        _range.CommandText = """
            SELECT id, series, start, end, count, codec, crc, data FROM chunk
            WHERE series = $series AND start < $to AND end >= $from AND id NOT IN ($head, $late)
            ORDER BY start, id
            """;
        foreach (var name in new[] { "$series", "$from", "$to", "$head", "$late" })
        {
            _range.Parameters.Add(new SqliteParameter(name, SqliteType.Integer));
        }
    }

    /// <summary>Begins to read the chunks of a range in order of their start; the view stays that of this
    /// moment.</summary>
    /// <param name="series">The store's own number.</param>
    /// <param name="from">First instant.</param>
    /// <param name="to">First instant after it.</param>
    /// <param name="head">A chunk to leave out; 0 for none.</param>
    /// <param name="late">Another one; 0 for none.</param>
    public SqliteDataReader Read(int series, long from, long to, long head, long late)
    {
        _range.Parameters[0].Value = series;
        _range.Parameters[1].Value = from;
        _range.Parameters[2].Value = to;
        _range.Parameters[3].Value = head;
        _range.Parameters[4].Value = late;
        return _range.ExecuteReader();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _range.Dispose();
        _connection.Dispose();
    }
}
