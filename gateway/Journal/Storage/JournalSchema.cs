using System.Buffers.Binary;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>The tables of the journal, and whether a file holds them.</summary>
internal static class JournalSchema
{
    /// <summary>The version this program writes, in SQLite's <c>user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>"IOTE" in SQLite's <c>application_id</c>: this file is a journal of ours.</summary>
    public const int ApplicationId = 0x494F5445;

    private static readonly string[] Tables =
    [
        """
        CREATE TABLE batch(offset INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, readings INTEGER NOT NULL,
          events INTEGER NOT NULL, codec INTEGER NOT NULL, crc INTEGER NOT NULL, blob BLOB NOT NULL) STRICT
        """,
        """
        CREATE TABLE series(id INTEGER PRIMARY KEY, device TEXT NOT NULL, metric TEXT NOT NULL, unit TEXT NOT NULL,
          crc INTEGER NOT NULL) STRICT
        """,
        """
        CREATE TABLE state(room TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, crc INTEGER NOT NULL,
          PRIMARY KEY(room, key)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE cursor(consumer TEXT PRIMARY KEY, offset INTEGER NOT NULL, dropped_batches INTEGER NOT NULL DEFAULT 0,
          dropped_readings INTEGER NOT NULL DEFAULT 0, dropped_events INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID
        """,
    ];

    /// <summary>Looks at a file's first bytes (sqlite.org/fileformat.html, 1.3) before SQLite opens it, so that a refused one stays as it is.</summary>
    public static void Inspect(string path)
    {
        Span<byte> header = stackalloc byte[72];
        try
        {
            if (!File.Exists(path))
            {
                return;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length ||
                !header.StartsWith("SQLite format 3\0"u8))
            {
                return;
            }
        }
        catch (UnauthorizedAccessException error)
        {
            throw new JournalFailedException(JournalFailure.NotPermitted,
                $"'{path}' may not be read; give it to the gateway's user: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new JournalFailedException(JournalFailure.IoError, $"'{path}' cannot be read: {error.Message}", error);
        }

        var version = BinaryPrimitives.ReadInt32BigEndian(header[60..]);
        var application = BinaryPrimitives.ReadInt32BigEndian(header[68..]);
        Refuse(path, application, version);
    }

    /// <summary>Makes the tables in an empty file, and refuses a file that is not ours or newer than this program.</summary>
    public static void Prepare(SqliteFile file, string path)
    {
        var application = file.Number("PRAGMA application_id");
        var version = file.Number("PRAGMA user_version");
        Refuse(path, application, version);
        if (application == ApplicationId && version == Version)
        {
            return;
        }

        if (file.Number("SELECT count(*) FROM sqlite_schema") > 0)
        {
            throw new JournalFailedException(JournalFailure.ForeignFile,
                $"'{path}' is a SQLite database of another program; it was not touched: give the gateway another folder");
        }

        Create(file);
    }

    private static void Refuse(string path, long application, long version)
    {
        if (application == ApplicationId && version > Version)
        {
            throw new JournalFailedException(JournalFailure.NewerSchema,
                $"'{path}' was written by a newer version (schema {version}, this one knows {Version}); "
                + "it was not touched: start the newer version, or give this one another folder");
        }
    }

    private static void Create(SqliteFile file)
    {
        file.Run("BEGIN IMMEDIATE");
        foreach (var table in Tables)
        {
            file.Run(table);
        }

        file.Run($"PRAGMA application_id = {ApplicationId}");
        file.Run($"PRAGMA user_version = {Version}");
        file.Run("COMMIT");
    }
}
