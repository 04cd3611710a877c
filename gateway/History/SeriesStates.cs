using System.Diagnostics.CodeAnalysis;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.History;

/// <summary>Finds the store's own series by the catalog's numbers. The file may outlive a journal, the numbers may
/// not.</summary>
/// <remarks>
/// A series is the same when device, metric and unit are; one without a unit takes the first unit that becomes known. A
/// device that begins to send another unit begins another series, because the old numbers would be wrong in it.
/// All members but <see cref="TryGetMapped"/> want the view lock.
/// </remarks>
internal sealed class SeriesStates(SeriesCatalog catalog)
{
    private readonly Dictionary<(string Device, string Metric), List<SeriesState>> _byName = [];
    private SeriesState?[] _byNumber = new SeriesState?[64];
    private int _lastId;

    /// <summary>Every series, by the store's own number.</summary>
    public Dictionary<int, SeriesState> ById { get; } = [];

    /// <summary>Puts back a series of the file.</summary>
    public void Restore(SeriesState state)
    {
        ById.Add(state.Id, state);
        _lastId = Math.Max(_lastId, state.Id);
        if (!_byName.TryGetValue((state.Device, state.Metric), out var same))
        {
            _byName.Add((state.Device, state.Metric), same = []);
        }

        same.Add(state);
    }

    /// <summary>Finds a series that was asked for before. Any thread, no lock.</summary>
    public bool TryGetMapped(int number, [NotNullWhen(true)] out SeriesState? state)
    {
        var byNumber = Volatile.Read(ref _byNumber);
        state = (uint)number < (uint)byNumber.Length ? Volatile.Read(ref byNumber[number]) : null;
        return state is not null;
    }

    /// <summary>Finds a series for a reader.</summary>
    public bool TryGet(int number, [NotNullWhen(true)] out SeriesState? state)
    {
        if (TryGetMapped(number, out state))
        {
            return true;
        }

        if ((uint)number >= (uint)catalog.Count)
        {
            return false;
        }

        state = Find(catalog[number]);
        if (state is not null)
        {
            Map(number, state);
        }

        return state is not null;
    }

    /// <summary>Finds a series for the writer, and makes it when it is new.</summary>
    public SeriesState GetOrAdd(int number)
    {
        var series = catalog[number];
        if (TryGetMapped(number, out var state) && (state.Unit == series.Unit || !series.Unit.IsKnown))
        {
            return state;
        }

        state = Find(series);
        if (state is null)
        {
            state = new SeriesState(_lastId + 1, series.Device, series.Metric, series.Unit, 0);
            Restore(state);
        }

        if (!state.Unit.IsKnown)
        {
            state.Unit = series.Unit;
        }

        Map(number, state);
        return state;
    }

    private SeriesState? Find(Events.Series series)
    {
        if (!_byName.TryGetValue((series.Device, series.Metric), out var same))
        {
            return null;
        }

        return series.Unit.IsKnown
            ? same.FindLast(state => state.Unit == series.Unit) ?? same.FindLast(state => !state.Unit.IsKnown)
            : same[^1];
    }

    private void Map(int number, SeriesState state)
    {
        if (number >= _byNumber.Length)
        {
            var grown = new SeriesState?[Math.Max(number + 1, _byNumber.Length * 2)];
            _byNumber.CopyTo(grown, 0);
            Volatile.Write(ref _byNumber, grown);
        }

        Volatile.Write(ref _byNumber[number], state);
    }
}
