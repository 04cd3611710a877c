using System.Globalization;
using IotEvents.Devices.Contracts;
using Microsoft.Data.Sqlite;

namespace IotEvents.Gateway.History;

/// <summary>Opens the store's file; moves one that is not usable aside and begins anew.</summary>
internal static class SeriesFileOpening
{
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;
    private const int SqliteError = 1;

    private static readonly string[] Suffixes = ["", "-wal", "-shm"];

    /// <summary>Opens it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="journal">The journal its offsets must count in; empty for any.</param>
    /// <param name="clock">Names the file that is moved aside.</param>
    /// <param name="logger">Takes what happens.</param>
    /// <param name="movedAside">Where the unusable file went; null when there was none.</param>
    public static SeriesFile Open(
        string path, string journal, TimeProvider clock, ILogger logger, out string? movedAside)
    {
        movedAside = null;
        try
        {
            return Begin(path, journal, logger);
        }
        catch (Exception error) when (IsUnusable(error))
        {
            movedAside = string.Create(
                CultureInfo.InvariantCulture, $"{path}.damaged-{Timestamp.Now(clock).UnixMilliseconds}");
            logger.MovedAside(path, error.Message, movedAside);
        }

        foreach (var suffix in Suffixes)
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, movedAside + suffix, overwrite: true);
            }
        }

        return Begin(path, journal, logger);
    }

    private static SeriesFile Begin(string path, string journal, ILogger logger)
    {
        var file = SeriesFile.Open(path);
        try
        {
            file.Check();
            var totals = file.ReadTotals();
            if (journal.Length > 0 && totals.Journal != journal)
            {
                if (totals.Generation > 0)
                {
                    logger.AnotherJournal(path);
                }

                file.ResetOffsets(journal);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool IsUnusable(Exception error) => error is InvalidDataException
        || (error is SqliteException sqlite
            && sqlite.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase or SqliteError);
}
