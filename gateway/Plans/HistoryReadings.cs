using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;

namespace IotEvents.Gateway.Plans;

/// <summary>Reads the points of a series from an instant on to another, at most so many, the earliest first.</summary>
public delegate IReadOnlyList<SeriesPoint> ReadPoints(int series, Timestamp from, Timestamp to, int max);

/// <summary>The readings of all series of the history in one order: that of their times, and at one time that of their series.</summary>
/// <remarks>
/// The history does not know when a reading was received: each counts as received when it was measured. A page of each series
/// is in memory, together about <see cref="PointsMax"/> points, however long the history is.
/// </remarks>
/// <param name="read">Reads the history.</param>
/// <param name="series">The numbers of the series.</param>
/// <param name="from">First instant.</param>
/// <param name="to">First instant after the range.</param>
public sealed class HistoryReadings(ReadPoints read, IReadOnlyCollection<int> series, Timestamp from, Timestamp to)
{
    /// <summary>About how many points are in memory at once.</summary>
    public const int PointsMax = 1_000_000;

    /// <summary>Reads them once, from the first on.</summary>
    public IEnumerable<Reading> Read()
    {
        var size = Math.Clamp(PointsMax / Math.Max(series.Count, 1), 16, 4096);
        var next = new PriorityQueue<Page, (long Time, int Series)>();
        foreach (var number in series)
        {
            Queue(next, new Page(read, number, from, to, size));
        }

        while (next.TryDequeue(out var page, out _))
        {
            var point = page.Current;
            yield return new Reading(page.Series, point.Quality, point.Time, point.Time, point.Value);
            Queue(next, page);
        }
    }

    private static void Queue(PriorityQueue<Page, (long Time, int Series)> next, Page page)
    {
        if (page.MoveNext())
        {
            next.Enqueue(page, (page.Current.Time.Nanoseconds, page.Series));
        }
    }

    /// <summary>One series, a page at a time. Points of one time are never on two pages.</summary>
    private sealed class Page(ReadPoints read, int series, Timestamp from, Timestamp to, int size)
    {
        private IReadOnlyList<SeriesPoint> _points = [];
        private Timestamp _from = from;
        private int _size = size;
        private int _count;
        private int _place = -1;
        private bool _isLast;

        public int Series { get; } = series;

        public SeriesPoint Current => _points[_place];

        public bool MoveNext()
        {
            if (++_place < _count)
            {
                return true;
            }

            while (!_isLast)
            {
                Load();
                if (_count > 0)
                {
                    _place = 0;
                    return true;
                }
            }

            _points = [];
            return false;
        }

        private void Load()
        {
            _points = read(Series, _from, to, _size);
            _count = _points.Count;
            _isLast = _count < _size;
            if (_isLast)
            {
                return;
            }

            // What shares its time with the last point may go on behind the page: it is read again with the next one.
            _from = _points[^1].Time;
            while (_count > 0 && _points[_count - 1].Time == _from)
            {
                _count--;
            }

            if (_count == 0)
            {
                _size *= 2;
            }
        }
    }
}
