using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>The last samples of a series with their robust level and spread. A sample may be held back: it is there, but not learned.</summary>
internal sealed class RobustWindow
{
    private readonly double[] _values;
    private readonly long[] _times;
    private readonly bool[] _isHeld;
    private readonly RankedValues _learned;
    private int _first;

    /// <summary>An empty window.</summary>
    /// <param name="capacity">Samples at most, 1 to 255; the oldest makes room.</param>
    public RobustWindow(int capacity)
    {
        (_values, _times, _isHeld) = (new double[capacity], new long[capacity], new bool[capacity]);
        _learned = new RankedValues(_values);
    }

    /// <summary>All samples.</summary>
    public int Count { get; private set; }

    /// <summary>Samples that are learned.</summary>
    public int LearnedCount => _learned.Count;

    /// <summary>Samples that are held back.</summary>
    public int HeldCount => Count - _learned.Count;

    /// <summary>The median of what is learned; not a number when that is nothing.</summary>
    public double Median => _learned.Median;

    /// <summary>The median absolute deviation of what is learned.</summary>
    public double MedianDeviation() => _learned.MedianDeviation();

    /// <summary>Takes a sample in.</summary>
    public void Add(Timestamp time, double value, bool isHeld)
    {
        if (Count == _values.Length)
        {
            RemoveOldest();
        }

        Put(time, value, isHeld);
    }

    /// <summary>Lets samples go that are older than an instant, but keeps the newest <paramref name="keep"/>.</summary>
    public void Trim(Timestamp oldest, int keep)
    {
        while (Count > keep && _times[_first] < oldest.Nanoseconds)
        {
            RemoveOldest();
        }
    }

    /// <summary>Learns what was held back and forgets what was learned before: the held samples are the new normal.</summary>
    /// <returns>By how much the median moved.</returns>
    public double AcceptHeld()
    {
        var before = Median;
        _learned.Clear();
        var (count, first) = (Count, _first);
        Count = 0;
        for (var i = 0; i < count; i++)
        {
            var from = (first + i) % _values.Length;
            if (_isHeld[from])
            {
                Put(new Timestamp(_times[from]), _values[from], isHeld: false);
            }
        }

        return Median - before;
    }

    /// <summary>The time of a sample, from the oldest to the newest.</summary>
    public Timestamp TimeAt(int index) => new(_times[Place(index)]);

    /// <summary>Adds a number of its own to each sample, from the oldest to the newest.</summary>
    public void Shift(ReadOnlySpan<double> by)
    {
        _learned.Clear();
        for (var i = 0; i < Count; i++)
        {
            var place = Place(i);
            _values[place] += by[i];
            if (!_isHeld[place])
            {
                _learned.Add(place);
            }
        }
    }

    /// <summary>Writes the samples, oldest first.</summary>
    public void Write(StateWriter writer)
    {
        writer.Byte((byte)Count);
        for (var i = 0; i < Count; i++)
        {
            var place = Place(i);
            writer.Time(new Timestamp(_times[place]));
            writer.Number(_values[place]);
            writer.Byte((byte)(_isHeld[place] ? 1 : 0));
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    /// <returns>False when it cannot be of a window like this.</returns>
    public bool Read(ref StateReader reader)
    {
        _learned.Clear();
        (Count, _first) = (0, 0);
        int count = reader.Byte();
        var isFine = count <= _values.Length;
        for (var i = 0; i < count && isFine; i++)
        {
            var (time, value, flag) = (reader.Time(), reader.Number(), reader.Byte());
            isFine = Robust.IsPlausible(value) && flag <= 1;
            if (isFine)
            {
                Put(time, value, flag == 1);
            }
        }

        return isFine;
    }

    private int Place(int index) => (_first + index) % _values.Length;

    private void Put(Timestamp time, double value, bool isHeld)
    {
        var place = Place(Count);
        (_times[place], _values[place], _isHeld[place]) = (time.Nanoseconds, value, isHeld);
        Count++;
        if (!isHeld)
        {
            _learned.Add(place);
        }
    }

    private void RemoveOldest()
    {
        if (!_isHeld[_first])
        {
            _learned.Remove(_first);
        }

        _first = (_first + 1) % _values.Length;
        Count--;
    }
}
