using System.Globalization;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>Where the journal is, held for this process: opens its file, and moves a damaged one aside.</summary>
internal sealed class JournalLocation : IDisposable
{
    private static readonly TimeSpan CheckMax = TimeSpan.FromSeconds(2);
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    private readonly TimeProvider _clock;
    private readonly int _synchronous;
    private readonly JournalLock _lock;
    private bool _mayMissLog;

    private JournalLocation(string path, TimeProvider clock, int synchronous, JournalLock taken)
    {
        Path = path;
        _clock = clock;
        _synchronous = synchronous;
        _lock = taken;
        _mayMissLog = !taken.WasReleased;
    }

    /// <summary>The database file, absolute.</summary>
    public string Path { get; }

    /// <summary>Makes the folder if it is not there, and takes its lock.</summary>
    public static JournalLocation Take(string path, TimeProvider clock, int synchronous)
    {
        var full = System.IO.Path.GetFullPath(path);
        var folder = System.IO.Path.GetDirectoryName(full)!;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalFailedException(JournalFailure.NotPermitted, $"The folder '{folder}' cannot be made: {error.Message}", error);
        }

        return new JournalLocation(full, clock, synchronous, JournalLock.Take(full + ".lock"));
    }

    /// <summary>Opens the file; one that is damaged is moved aside, and what can be read of it is taken over.</summary>
    public OpenedJournal Open()
    {
        var remark = MissingLog();
        _mayMissLog = false;
        try
        {
            JournalSchema.Inspect(Path);
            return OpenSound() with { Remark = remark };
        }
        catch (JournalFailedException error) when (error.Failure == JournalFailure.Damaged)
        {
            return Recover(error);
        }
    }

    public void Dispose() => _lock.Dispose();

    private OpenedJournal OpenSound()
    {
        MakeFile();
        SqliteFile? file = null;
        try
        {
            file = SqliteFile.OpenWriter(Path, _synchronous);
            JournalSchema.Prepare(file, Path);
            file.Check(_clock, CheckMax);
            file.Checkpoint(all: true);
            var rows = new JournalRows(file);
            rows.ClampCursors(rows.Last + 1);
            return new OpenedJournal(file, rows, "", null, 0);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    private OpenedJournal Recover(JournalFailedException damage)
    {
        var aside = MoveAside();
        var opened = OpenSound();
        try
        {
            // The damaged journal may have given out numbers that cannot be read any more. Milliseconds since 1970 are ahead of
            // every number it can have reached: it gives out at most one a millisecond.
            var salvaged = JournalSalvage.Copy(aside, opened.Rows);
            var first = Math.Max(_clock.GetUtcNow().ToUnixTimeMilliseconds(), opened.Rows.Last + 1);
            opened.Rows.Begin();
            opened.Rows.PutBatch(first, first * 1_000_000, 0, 0, []);
            opened.Rows.Commit();
            return opened with
            {
                MovedAside = aside,
                Salvaged = salvaged,
                Remark = $"The file was damaged and is now '{aside}'; {salvaged} records were saved out of it. {damage.Message}",
            };
        }
        catch
        {
            opened.Rows.Dispose();
            opened.File.Dispose();
            throw;
        }
    }

    private string MoveAside()
    {
        var time = _clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var name = System.IO.Path.ChangeExtension(Path, $".damaged-{time}");
        var aside = name;
        for (var number = 2; File.Exists(aside); number++)
        {
            aside = $"{name}-{number}";
        }

        try
        {
            foreach (var part in Parts)
            {
                if (File.Exists(Path + part))
                {
                    File.Move(Path + part, aside + part);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalFailedException(JournalFailure.NotPermitted, $"'{Path}' is damaged and cannot be moved aside: {error.Message}", error);
        }

        return aside;
    }

    // SQLite's own files take the mode of the main one, so that one is made first.
    private void MakeFile()
    {
        if (File.Exists(Path))
        {
            return;
        }

        try
        {
            using var made = PrivateFile.Open(Path, FileMode.CreateNew);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalFailedException(JournalFailure.NotPermitted, $"'{Path}' cannot be made: {error.Message}", error);
        }
    }

    private string MissingLog() =>
        _mayMissLog && File.Exists(Path) && new FileInfo(Path).Length > 0 && !File.Exists(Path + "-wal")
            ? $"'{Path}-wal' is missing though the last run was cut off: what was committed last may be lost"
            : "";
}

/// <summary>A journal that was opened.</summary>
/// <param name="File">The writer's connection.</param>
/// <param name="Rows">Its statements.</param>
/// <param name="Remark">What somebody should know; empty when nothing.</param>
/// <param name="MovedAside">Where a damaged file is now; null when it was sound.</param>
/// <param name="Salvaged">Records taken over from there.</param>
internal sealed record OpenedJournal(SqliteFile File, JournalRows Rows, string Remark, string? MovedAside, long Salvaged);
