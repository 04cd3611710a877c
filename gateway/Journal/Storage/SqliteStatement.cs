using SQLitePCL;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>A statement prepared once and run many times; binding and stepping allocate nothing. One thread.</summary>
/// <remarks>The raw interface, because ADO.NET parameters would copy every key and value into arrays of their own.</remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        SqliteErrors.Check(database, raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public SqliteStatement Bind(int index, long value)
    {
        SqliteErrors.Check(_database, raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        SqliteErrors.Check(_database, raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        SqliteErrors.Check(_database, raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    /// <summary>Runs to the end.</summary>
    /// <exception cref="JournalFailedException">The world did not let it.</exception>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first column of the first row as a number; 0 when there is no row.</summary>
    public long Number()
    {
        try
        {
            return Step() ? Integer(0) : 0;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The next row; false at the end. Call <see cref="Reset"/> when done.</summary>
    public bool Step()
    {
        var result = TryStep();
        return result == raw.SQLITE_ROW || (result == raw.SQLITE_DONE ? false : throw SqliteErrors.Create(_database, result));
    }

    /// <summary>As <see cref="Step"/>, but gives SQLite's result as it is.</summary>
    public int TryStep() => raw.sqlite3_step(_statement);

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string() ?? "";

    /// <summary>The column's bytes; valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>Ends the run, so that it holds no snapshot of the file. The result repeats the last step's error, so it says nothing new.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();
}
