using SQLitePCL;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>Turns SQLite's result codes (sqlite.org/rescode.html) into the closed reasons of the journal.</summary>
internal static class SqliteErrors
{
    /// <summary>Throws unless the result is success.</summary>
    public static void Check(sqlite3 database, int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw Create(database, result);
        }
    }

    /// <summary>The failure of a result code; a mistake in our own SQL is not one and becomes an <see cref="InvalidOperationException"/>.</summary>
    public static Exception Create(sqlite3 database, int result)
    {
        var message = $"{Describe(result)} (SQLite {result}: {raw.sqlite3_errmsg(database).utf8_to_string()})";
        var failure = Reason(result);
        return failure == JournalFailure.None
            ? new InvalidOperationException(message)
            : new JournalFailedException(failure, message);
    }

    /// <summary>The reason of a primary or extended result code; none for codes that only a mistake in the program gives.</summary>
    public static JournalFailure Reason(int result) => (result & 0xFF) switch
    {
        raw.SQLITE_FULL => JournalFailure.DiskFull,
        raw.SQLITE_IOERR => JournalFailure.IoError,
        raw.SQLITE_READONLY => JournalFailure.ReadOnly,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => JournalFailure.Busy,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => JournalFailure.Damaged,
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => JournalFailure.NotPermitted,
        raw.SQLITE_NOMEM => JournalFailure.IoError,
        _ => JournalFailure.None,
    };

    private static string Describe(int result) => Reason(result) switch
    {
        JournalFailure.DiskFull => "The disk of the journal is full",
        JournalFailure.IoError => "The disk of the journal fails",
        JournalFailure.ReadOnly => "The journal can only be read",
        JournalFailure.Busy => "Another program holds the journal",
        JournalFailure.Damaged => "The journal's file is damaged",
        JournalFailure.NotPermitted => "The journal's file cannot be opened",
        _ => "The journal's statement is wrong",
    };
}
