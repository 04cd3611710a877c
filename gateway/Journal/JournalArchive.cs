using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal.Storage;

namespace IotEvents.Gateway.Journal;

/// <summary>The journal's file as it stands on the disk at one moment, for reading only: also beside a gateway that writes it.</summary>
/// <remarks>
/// All that is read belongs to one commit, whatever is committed meanwhile. Until it is disposed the gateway cannot shorten its
/// write-ahead file, so read and dispose. Nothing is made, mended or moved aside. One thread.
/// </remarks>
public sealed class JournalArchive : IDisposable
{
    private readonly SqliteFile _file;
    private readonly SqliteStatement _select;
    private readonly BatchRows _rows = new();

    private JournalArchive(SqliteFile file)
    {
        _file = file;
        file.Run("BEGIN");
        NextOffset = file.Number("SELECT coalesce(max(offset), 0) FROM batch") + 1;
        FirstOffset = file.Number("SELECT coalesce(min(offset), 0) FROM batch") is var first and > 0 ? first : NextOffset;
        _select = new SqliteStatement(file.Handle, BatchRows.Select);
    }

    /// <summary>The oldest record there is; <see cref="NextOffset"/> when there is none.</summary>
    public long FirstOffset { get; }

    /// <summary>The offset behind the newest record.</summary>
    public long NextOffset { get; }

    /// <summary>Records and rows that were left out because they are damaged, as far as they were read.</summary>
    public int Damaged { get; private set; }

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file <c>journal.db</c> of a data folder.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="JournalFailedException">It is no journal, is newer than this program, or cannot be read.</exception>
    public static JournalArchive Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no journal at {path}.", path);
        }

        JournalSchema.Inspect(path);
        var file = SqliteFile.OpenReader(path);
        try
        {
            return new JournalArchive(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Every series, by number.</summary>
    public IEnumerable<SeriesRecord> ReadSeries() => JournalTables.ReadSeries(_file, _ => Damaged++);

    /// <summary>All state of a room, in the order of the keys.</summary>
    public IEnumerable<StateRecord> ReadState(string room) => JournalTables.ReadState(_file, room, _ => Damaged++);

    /// <summary>The first offset each consumer still needs, by its name.</summary>
    public IReadOnlyDictionary<string, long> ReadCursors() =>
        JournalTables.ReadCursors(_file).ToDictionary(cursor => cursor.Name, cursor => cursor.Offset, StringComparer.Ordinal);

    /// <summary>Adds records to a list, in order. One that cannot be read comes empty.</summary>
    /// <param name="offset">The first one wanted.</param>
    /// <param name="batchesMax">How many at most, from 1.</param>
    /// <param name="into">Takes them.</param>
    /// <returns>How many were added; 0 when there are none from there on.</returns>
    public int Read(long offset, int batchesMax, List<CommittedBatch> into)
    {
        var before = into.Count;
        _select.Bind(1, offset).Bind(2, NextOffset - 1).Bind(3, batchesMax);
        try
        {
            while (_select.Step())
            {
                into.Add(_rows.Read(_select, (_, _) => Damaged++));
            }
        }
        finally
        {
            _select.Reset();
        }

        return into.Count - before;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _select.Dispose();
        _file.Dispose();
    }
}
