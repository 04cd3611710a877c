using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>An open SQLite file with the settings durability needs, each read back. One thread.</summary>
internal sealed class SqliteFile : IDisposable
{
    /// <summary><c>synchronous=FULL</c>: a commit returns when the write-ahead file is flushed.</summary>
    public const int SynchronousFull = 2;

    // The first version without the WAL-reset bug, which can damage a database (sqlite.org, 2026-03-13).
    private static readonly Version VersionMin = new(3, 51, 3);

    private readonly SqliteConnection _connection;

    private SqliteFile(SqliteConnection connection) => _connection = connection;

    /// <summary>The handle for statements.</summary>
    public sqlite3 Handle => _connection.Handle!;

    /// <summary>Opens the writer's connection, and makes the file if it is not there.</summary>
    public static SqliteFile OpenWriter(string path, int synchronous)
    {
        var file = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            file.Set("journal_mode", "wal", "wal");
            file.Set("synchronous", $"{synchronous}", $"{synchronous}");
            file.Set("foreign_keys", "1", "1");
            file.Set("journal_size_limit", "67108864", "67108864");
            file.Set("temp_store", "2", "2");
            // The writer moves the log itself, where it sees the result: SQLite ignores what fails in an automatic checkpoint.
            file.Set("wal_autocheckpoint", "0", "0");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that can only read.</summary>
    public static SqliteFile OpenReader(string path) => Open(path, SqliteOpenMode.ReadOnly);

    /// <summary>Runs statements that give no rows and happen seldom.</summary>
    public void Run(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        statement.Run();
    }

    /// <summary>The first value of a statement that happens seldom, as text; empty when there is none.</summary>
    public string Text(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>The first value of a statement that happens seldom, as a number.</summary>
    public long Number(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        return statement.Number();
    }

    /// <summary>True while no transaction is open.</summary>
    public bool IsIdle => raw.sqlite3_get_autocommit(Handle) != 0;

    /// <summary>Moves the write-ahead log into the main file.</summary>
    /// <param name="all">Wait for readers, and empty the log; otherwise as much as goes without waiting.</param>
    /// <returns>Frames that stay in the log.</returns>
    public int Checkpoint(bool all)
    {
        var mode = all ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_PASSIVE;
        var result = raw.sqlite3_wal_checkpoint_v2(Handle, "main", mode, out var frames, out var moved);
        if (result != raw.SQLITE_BUSY)
        {
            SqliteErrors.Check(Handle, result);
        }

        return Math.Max(0, frames - moved);
    }

    /// <summary>Looks for damage in the structure, for at most a time: a large file must not hold up the start.</summary>
    /// <exception cref="JournalFailedException">There is damage.</exception>
    public void Check(TimeProvider clock, TimeSpan most)
    {
        const int InstructionsBetweenLooks = 10_000;
        var from = clock.GetTimestamp();
        raw.sqlite3_progress_handler(
            Handle, InstructionsBetweenLooks, _ => clock.GetElapsedTime(from) > most ? 1 : 0, null);
        try
        {
            using var check = new SqliteStatement(Handle, "PRAGMA quick_check(1)");
            var result = check.TryStep();
            if (result == raw.SQLITE_ROW && check.Text(0) is var found && found != "ok")
            {
                throw new JournalFailedException(JournalFailure.Damaged, $"The journal's file is damaged: {found}");
            }

            if (result != raw.SQLITE_INTERRUPT)
            {
                SqliteErrors.Check(Handle, result);
            }
        }
        finally
        {
            raw.sqlite3_progress_handler(Handle, 0, null, null);
        }
    }

    public void Dispose() => _connection.Dispose();

    private static SqliteFile Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        }.ConnectionString);
        var file = new SqliteFile(connection);
        try
        {
            connection.Open();
            RequireVersion();
            SqliteErrors.Check(file.Handle, raw.sqlite3_extended_result_codes(file.Handle, 1));
            SqliteErrors.Check(file.Handle, raw.sqlite3_busy_timeout(file.Handle, 2000));
            file.Set("trusted_schema", "0", "0");
            file.Set("cell_size_check", "1", "1");
            file.Set("mmap_size", "0", "0");
            return file;
        }
        catch (SqliteException error)
        {
            file.Dispose();
            var failure = SqliteErrors.Reason(error.SqliteExtendedErrorCode);
            throw new JournalFailedException(
                failure == JournalFailure.None ? JournalFailure.IoError : failure, $"'{path}': {error.Message}", error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void RequireVersion()
    {
        var version = raw.sqlite3_libversion().utf8_to_string();
        if (!Version.TryParse(version, out var parsed) || parsed < VersionMin)
        {
            throw new JournalFailedException(JournalFailure.UnsafeLibrary,
                $"SQLite {version} can damage its own log; use {VersionMin} or newer");
        }
    }

    private void Set(string name, string value, string expected)
    {
        Run($"PRAGMA {name} = {value}");
        var found = Text($"PRAGMA {name}");
        // Without memory mapping compiled in, SQLite answers nothing to mmap_size: off, as wanted.
        if (found != expected && !(name == "mmap_size" && found.Length == 0))
        {
            throw new JournalFailedException(JournalFailure.UnsafeLibrary,
                $"SQLite keeps {name} at '{found}' instead of '{expected}'; is the folder on a file system without shared memory?");
        }
    }
}
