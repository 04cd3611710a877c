using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>
/// The last samples of a series with their robust level and spread. A sample may be held back: it is there, but not learned.
/// </summary>
/// <remarks>Times are kept to the second, from 1970 to 2106: half the memory, and no level cares for less.</remarks>
internal sealed class RobustWindow
{
    private const long Second = 1_000_000_000;

    private readonly double[] _values;
    private readonly uint[] _seconds;
    private readonly RankedValues _learned;
    private UInt128 _held;
    private int _first;

    /// <summary>An empty window.</summary>
    /// <param name="capacity">Samples at most, 1 to 128; the oldest makes room.</param>
    public RobustWindow(int capacity)
    {
        (_values, _seconds) = (new double[capacity], new uint[capacity]);
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

        Put(SecondsOf(time), value, isHeld);
    }

    /// <summary>Lets samples go that are older than an instant, but keeps the newest <paramref name="keep"/>.</summary>
    public void Trim(Timestamp oldest, int keep)
    {
        while (Count > keep && _seconds[_first] < SecondsOf(oldest))
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
            if (IsHeld(from))
            {
                Put(_seconds[from], _values[from], isHeld: false);
            }
        }

        return Median - before;
    }

    /// <summary>The time of a sample, from the oldest to the newest.</summary>
    public Timestamp TimeAt(int index) => new(_seconds[Place(index)] * Second);

    /// <summary>Adds a number of its own to each sample, from the oldest to the newest.</summary>
    public void Shift(ReadOnlySpan<double> by)
    {
        _learned.Clear();
        for (var i = 0; i < Count; i++)
        {
            var place = Place(i);
            _values[place] += by[i];
            if (!IsHeld(place))
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
            writer.Word(_seconds[place]);
            writer.Number(_values[place]);
            writer.Byte((byte)(IsHeld(place) ? 1 : 0));
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
            var (time, value, flag) = (reader.Word(), reader.Number(), reader.Byte());
            isFine = time <= uint.MaxValue && Robust.IsPlausible(value) && flag <= 1;
            if (isFine)
            {
                Put((uint)time, value, flag == 1);
            }
        }

        return isFine;
    }

    private int Place(int index) => (_first + index) % _values.Length;

    private bool IsHeld(int place) => (_held >> place & UInt128.One) == UInt128.One;

    private static uint SecondsOf(Timestamp time) => (uint)Math.Clamp(time.Nanoseconds / Second, 0, uint.MaxValue);

    private void Put(uint seconds, double value, bool isHeld)
    {
        var place = Place(Count);
        (_seconds[place], _values[place]) = (seconds, value);
        _held = isHeld ? _held | (UInt128.One << place) : _held & ~(UInt128.One << place);
        Count++;
        if (!isHeld)
        {
            _learned.Add(place);
        }
    }

    private void RemoveOldest()
    {
        if (!IsHeld(_first))
        {
            _learned.Remove(_first);
        }

        _first = (_first + 1) % _values.Length;
        Count--;
    }
}
