using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotEvents.Gateway.History;

/// <summary>The store's file as it stands on the disk, for reading only: also beside a gateway that writes it.</summary>
/// <remarks>
/// It has what the last write of a running gateway put there; the newest points (at most <see cref="SeriesStoreOptions.Flush"/>
/// old) are not in it yet. Nothing is made, mended or moved aside. One thread.
/// </remarks>
public sealed class SeriesArchive : IDisposable
{
    private readonly SeriesQuery _query;
    private readonly Timestamp[] _latest;

    private SeriesArchive(string path, SeriesCatalog catalog, List<SeriesState> states)
    {
        Catalog = catalog;
        var byId = new SeriesStates(catalog);
        states.ForEach(byId.Restore);
        _query = new SeriesQuery(path, byId, new Lock(), NullLogger.Instance);
        _latest = [.. catalog.All.Select(series =>
            byId.TryGet(series.Id, out var state) && state.Latest.TryRead(out var point) ? point.Time : Timestamp.None)];
    }

    /// <summary>Its series, numbered from 0 in the order of the file. One whose unit changed is there with its last unit.</summary>
    public SeriesCatalog Catalog { get; }

    /// <summary>Chunks that were left out because they are damaged, as far as they were read.</summary>
    public int Damaged => _query.Damaged;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file <c>series.db</c> of a data folder.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is no such file, or cannot be read.</exception>
    public static SeriesArchive Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no history at {path}.", path);
        }

        try
        {
            var states = ReadSeries(path);
            var catalog = new SeriesCatalog(Math.Max(states.Count, 1));
            foreach (var state in states.GroupBy(state => (state.Device, state.Metric)).Select(same => same.Last()))
            {
                catalog.Restore(catalog.Count, state.Device, state.Metric, state.Unit);
            }

            return new SeriesArchive(path, catalog, states);
        }
        catch (SqliteException error)
        {
            throw new InvalidDataException($"The history at {path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>When the newest stored point of a series was measured; none when it has no point.</summary>
    /// <param name="series">The series' number in <see cref="Catalog"/>.</param>
    public Timestamp Latest(int series) => _latest[series];

    /// <summary>The points of a series, as <see cref="SeriesStore.Read(int, Timestamp, Timestamp, int)"/> gives them.</summary>
    /// <param name="series">The series' number in <see cref="Catalog"/>.</param>
    /// <param name="from">First instant.</param>
    /// <param name="to">First instant after the range.</param>
    /// <param name="max">At most so many points, from the earliest on; at least 1.</param>
    public IReadOnlyList<SeriesPoint> Read(int series, Timestamp from, Timestamp to, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var list = new PointList(max);
        _query.Read(series, from.Nanoseconds, to.Nanoseconds, list);
        return list.Points;
    }

    /// <inheritdoc/>
    public void Dispose() => _query.Dispose();

    private static List<SeriesState> ReadSeries(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        connection.Open();
        return [.. SeriesFile.ReadSeries(connection)];
    }
}
