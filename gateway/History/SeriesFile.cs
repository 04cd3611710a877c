using IotEvents.Devices.Contracts;
using IotEvents.Gateway.History.Codec;
using Microsoft.Data.Sqlite;

namespace IotEvents.Gateway.History;

/// <summary>What stands in the one row of totals.</summary>
/// <param name="Journal">Which journal the offsets count in.</param>
/// <param name="Cursor">The first offset with a point not in a chunk.</param>
/// <param name="Generation">How many transactions were committed; tells after an unclear failure whether one
/// was.</param>
/// <param name="Chunks">How many chunks there are.</param>
/// <param name="Points">How many points are in them.</param>
internal readonly record struct FileTotals(string Journal, long Cursor, long Generation, long Chunks, long Points);

/// <summary>A chunk's row without its bytes.</summary>
internal readonly record struct ChunkRow(long Id, int Series, int Count);

/// <summary>The store's SQLite file as its one writer sees it: tables, statements, transactions. Not
/// thread-safe.</summary>
/// <remarks>
/// Rows are appended in the order they are written; an index on (series, start, end) finds them. Ordering the table
/// itself
/// by series would write a whole page for every chunk.
/// </remarks>
internal sealed class SeriesFile : IDisposable
{
    private const int Version = 1;

    private const string Schema = """
        PRAGMA page_size = 4096;
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        BEGIN IMMEDIATE;
        CREATE TABLE totals (id INTEGER PRIMARY KEY CHECK (id = 1), journal TEXT NOT NULL, cursor INTEGER NOT NULL,
            generation INTEGER NOT NULL, chunks INTEGER NOT NULL, points INTEGER NOT NULL) STRICT;
        INSERT INTO totals VALUES (1, '', 0, 0, 0, 0);
        CREATE TABLE series (id INTEGER PRIMARY KEY, device TEXT NOT NULL, metric TEXT NOT NULL, unit TEXT NOT NULL,
            next INTEGER NOT NULL, last_time INTEGER, last_value BLOB, last_quality INTEGER) STRICT;
        CREATE TABLE chunk (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, start INTEGER NOT NULL,
            end INTEGER NOT NULL, count INTEGER NOT NULL, codec INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
        CREATE INDEX chunk_range ON chunk (series, start, end);
        CREATE INDEX chunk_age ON chunk (end);
        PRAGMA user_version = 1;
        COMMIT;
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _putChunk;
    private readonly SqliteCommand _dropChunk;
    private readonly SqliteCommand _putSeries;
    private readonly SqliteCommand _putTotals;
    private readonly SqliteCommand _tail;

    private SeriesFile(string path, SqliteConnection connection)
    {
        Path = path;
        _connection = connection;
        _putChunk = Prepare("INSERT INTO chunk VALUES ($0, $1, $2, $3, $4, $5, $6, $7)", 8);
        _dropChunk = Prepare("DELETE FROM chunk WHERE id = $0", 1);
        _putSeries = Prepare("INSERT OR REPLACE INTO series VALUES ($0, $1, $2, $3, $4, $5, $6, $7)", 8);
        _putTotals = Prepare(
            "UPDATE totals SET journal = $0, cursor = $1, generation = $2, chunks = $3, points = $4", 5);
        _tail = Prepare(
            "SELECT id, series, start, end, count, codec, crc, data FROM chunk WHERE series = $0 ORDER BY start DESC LIMIT 1",
            1);
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Opens the file, and makes it when it is not there.</summary>
    /// <exception cref="SqliteException">It cannot be opened, or is no such file.</exception>
    /// <exception cref="InvalidDataException">It is of a later version.</exception>
    public static SeriesFile Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            var version = Scalar(connection, "PRAGMA user_version");
            if (version == 0)
            {
                Run(connection, Schema);
            }
            else if (version != Version)
            {
                throw new InvalidDataException(
                    $"'{path}' is of version {version}; this program knows version {Version}.");
            }

            // The writer checkpoints by itself, outside the lock that readers wait for.
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;");
            return new SeriesFile(path, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction.</summary>
    public void Begin() => Run(_connection, "BEGIN IMMEDIATE");

    /// <summary>Makes it so, for every connection. On the disk for certain only after
    /// <see cref="TryCheckpoint"/>.</summary>
    public void Commit() => Run(_connection, "COMMIT");

    /// <summary>Takes everything since <see cref="Begin"/> back; does nothing outside a transaction.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Run(_connection, "ROLLBACK");
        }
    }

    /// <summary>Brings all that is committed to the disk.</summary>
    /// <returns>False when a reader held it up; nothing is lost, but not all is certain.</returns>
    public bool TryCheckpoint()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        using var row = command.ExecuteReader();
        return row.Read() && row.GetInt64(0) == 0 && row.GetInt64(1) == row.GetInt64(2);
    }

    /// <summary>Looks whether the tables can be read at all. Not the chunks: those have checksums of their
    /// own.</summary>
    public void Check()
    {
        _ = ReadTotals();
        _ = ReadLastChunk();
        foreach (var state in ReadSeries())
        {
            _ = state.Id;
        }
    }

    /// <summary>The row of totals.</summary>
    public FileTotals ReadTotals()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT journal, cursor, generation, chunks, points FROM totals";
        using var row = command.ExecuteReader();
        return row.Read()
            ? new FileTotals(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))
            : throw new InvalidDataException($"'{Path}' has lost its totals.");
    }

    /// <summary>Writes the row of totals.</summary>
    public void PutTotals(in FileTotals totals) =>
        Run(_putTotals, totals.Journal, totals.Cursor, totals.Generation, totals.Chunks, totals.Points);

    /// <summary>Every series with its latest point, in the order of their numbers.</summary>
    public IEnumerable<SeriesState> ReadSeries() => ReadSeries(_connection);

    /// <summary>As the other, from any connection to such a file.</summary>
    public static IEnumerable<SeriesState> ReadSeries(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT id, device, metric, unit, next, last_time, last_value, last_quality FROM series ORDER BY id";
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            _ = Units.TryParse(row.GetString(3), out var unit);
            var state = new SeriesState(row.GetInt32(0), row.GetString(1), row.GetString(2), unit, row.GetInt64(4));
            if (!row.IsDBNull(5))
            {
                var value = BitConverter.ToDouble(row.GetFieldValue<byte[]>(6));
                state.Latest.Offer(row.GetInt64(5), value, (Quality)row.GetInt64(7));
            }

            yield return state;
        }
    }

    /// <summary>Writes a series with its latest point.</summary>
    public void PutSeries(SeriesState state, long next)
    {
        // The value as bytes: SQLite turns a NaN into NULL and an integral double into an integer.
        var there = state.Latest.TryRead(out var last);
        Run(_putSeries, state.Id, state.Device, state.Metric, state.Unit.Symbol, next,
            there ? last.Time.Nanoseconds : DBNull.Value,
            there ? BitConverter.GetBytes(last.Value) : DBNull.Value,
            there ? (long)last.Quality : DBNull.Value);
    }

    /// <summary>Forgets up to where series were written: the offsets of another journal say nothing.</summary>
    public void ResetOffsets(string journal)
    {
        Begin();
        Run(_connection, "UPDATE series SET next = 0");
        PutTotals(ReadTotals() with { Journal = journal, Cursor = 0 });
        Commit();
    }

    /// <summary>Writes a chunk.</summary>
    public void PutChunk(long id, int series, ReadOnlySpan<long> times, ReadOnlySpan<byte> bytes)
    {
        var crc = ChunkChecksum.Compute(series, times[0], times[^1], times.Length, ChunkCodec.Layout, bytes);
        Run(_putChunk, id, series, times[0], times[^1], times.Length, ChunkCodec.Layout, (long)crc, bytes.ToArray());
    }

    /// <summary>Removes a chunk.</summary>
    public void DropChunk(long id) => Run(_dropChunk, id);

    /// <summary>The chunk of a series that begins last; null when it has none.</summary>
    public StoredChunk? ReadTail(int series)
    {
        _tail.Parameters[0].Value = series;
        using var row = _tail.ExecuteReader();
        return row.Read() ? StoredChunk.From(row) : null;
    }

    /// <summary>The largest chunk id.</summary>
    public long ReadLastChunk() => Scalar(_connection, "SELECT coalesce(max(id), 0) FROM chunk");

    /// <summary>The time of the first point of the chunk that ends first.</summary>
    public Timestamp ReadOldest() =>
        new(Scalar(_connection,
            $"SELECT coalesce((SELECT start FROM chunk ORDER BY end LIMIT 1), {long.MinValue + 1} - 1)"));

    /// <summary>The chunks that end first, and before an instant.</summary>
    public List<ChunkRow> ReadOldestChunks(long endBefore, int max)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id, series, count FROM chunk WHERE end < $end ORDER BY end LIMIT $max";
        command.Parameters.AddWithValue("$end", endBefore);
        command.Parameters.AddWithValue("$max", max);
        using var row = command.ExecuteReader();
        var chunks = new List<ChunkRow>();
        while (row.Read())
        {
            chunks.Add(new ChunkRow(row.GetInt64(0), row.GetInt32(1), row.GetInt32(2)));
        }

        return chunks;
    }

    /// <summary>Bytes of the pages in use.</summary>
    public long ReadBytes() => Scalar(_connection, "PRAGMA page_size") *
        (Scalar(_connection, "PRAGMA page_count") - Scalar(_connection, "PRAGMA freelist_count"));

    /// <summary>Gives up to so many free pages back to the file system.</summary>
    public void Shrink(int pages)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"PRAGMA incremental_vacuum({pages})";
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            // Each step frees one page.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in new[] { _putChunk, _dropChunk, _putSeries, _putTotals, _tail })
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter($"${i}", null));
        }

        return command;
    }
}
