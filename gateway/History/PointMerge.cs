using System.Runtime.InteropServices;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>Merges columns of points, given in order of their first time, into one row of points in order of
/// time.</summary>
/// <remarks>
/// At one time the order is that of arrival: written chunks in the order they were written, then what is in memory. A
/// value
/// that stands there already at that time is left out, so a point that is in two places comes once.
/// </remarks>
internal sealed class PointMerge(IPointSink sink, long from, long to)
{
    private readonly List<Cursor> _active = [];
    private readonly Stack<PointColumns> _free = [];
    private readonly List<long> _valuesAtTime = [];
    private long _time;
    private bool _full;

    /// <summary>Empty columns to load the next source into; they come back by themselves when they are read to the
    /// end.</summary>
    public PointColumns Rent() => _free.Count > 0 ? _free.Pop() : new PointColumns();

    /// <summary>Adds a source, not empty, after passing on everything that is before its first time.</summary>
    /// <param name="columns">The points; out of <see cref="Rent"/>, and not touched by the caller any more.</param>
    /// <param name="order">Where it stands among the points of the same time.</param>
    /// <returns>False when the sink wants no more.</returns>
    public bool Add(PointColumns columns, long order)
    {
        var first = PointColumns.LowerBound(columns.Times, from);
        if (first == columns.Count || columns.Times[first] >= to)
        {
            Return(columns);
            return !_full;
        }

        Drain(columns.Times[0]);
        _active.Add(new Cursor(columns, order, first));
        return !_full;
    }

    /// <summary>Passes on the rest.</summary>
    public void Finish() => Drain(to);

    private void Drain(long before)
    {
        while (_active.Count > 1 && !_full && TryFindNext(before, out var next))
        {
            Pass(next, _active[next].Position + 1);
        }

        if (_active.Count == 1 && !_full)
        {
            Pass(0, PointColumns.LowerBound(_active[0].Columns.Times, before));
        }
    }

    /// <summary>The active source with the earliest point, if that is before the given time.</summary>
    private bool TryFindNext(long before, out int next)
    {
        next = -1;
        for (var i = 0; i < _active.Count; i++)
        {
            if (next < 0 || _active[i].CompareTo(_active[next]) < 0)
            {
                next = i;
            }
        }

        return _active[next].Time < before;
    }

    /// <summary>Gives the sink the points of one source up to a position.</summary>
    private void Pass(int source, int end)
    {
        ref var cursor = ref CollectionsMarshal.AsSpan(_active)[source];
        var columns = cursor.Columns;
        end = Math.Min(end, PointColumns.LowerBound(columns.Times, to));
        for (; cursor.Position < end && !_full; cursor.Position++)
        {
            Pass(columns.Times[cursor.Position], columns.Values[cursor.Position], columns.Qualities[cursor.Position]);
        }

        if (cursor.Position == columns.Count || columns.Times[cursor.Position] >= to)
        {
            _active.RemoveAt(source);
            Return(columns);
        }
    }

    private void Pass(long time, double value, Quality quality)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        if (time == _time && _valuesAtTime.Count > 0)
        {
            if (_valuesAtTime.Contains(bits))
            {
                return;
            }
        }
        else
        {
            _valuesAtTime.Clear();
        }

        _time = time;
        _valuesAtTime.Add(bits);
        _full = !sink.Take(time, value, quality);
    }

    private void Return(PointColumns columns)
    {
        columns.Clear();
        _free.Push(columns);
    }

    private record struct Cursor(PointColumns Columns, long Order, int Position)
    {
        public readonly long Time => Columns.Times[Position];

        public readonly int CompareTo(in Cursor other) =>
            Time != other.Time ? Time.CompareTo(other.Time) : Order.CompareTo(other.Order);
    }
}
