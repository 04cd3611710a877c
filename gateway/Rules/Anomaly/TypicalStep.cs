namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>How far a series moves when it moves at all: the median of its last steps that were not zero.</summary>
/// <remarks>
/// The least spread that makes sense. A constant series has none; a sensor that shows 20.1 or 20.2 has steps of 0.1, though its
/// median deviation is zero most of the time; a counter that rests and jumps has its jumps.
/// </remarks>
internal sealed class TypicalStep
{
    private const int Capacity = 24;

    /// <summary>What differs by less than this part of itself is a rounding error, and no step.</summary>
    private const double RoundingError = 1e-12;

    private readonly double[] _steps = new double[Capacity];
    private readonly RankedValues _ranked;
    private int _next;
    private double _last = double.NaN;

    /// <summary>No step is known.</summary>
    public TypicalStep() => _ranked = new RankedValues(_steps);

    /// <summary>The median of the last 24 steps; 0 before the first.</summary>
    public double Value => _ranked.Count == 0 ? 0 : _ranked.Median;

    /// <summary>Takes the next value of the series; not a number when what comes then does not follow it.</summary>
    public void Add(double value)
    {
        var step = Math.Abs(value - _last);
        if (step > RoundingError * Math.Max(Math.Abs(value), Math.Abs(_last)))
        {
            Put(step);
        }

        _last = value;
    }

    /// <summary>Writes the steps, oldest first.</summary>
    public void Write(StateWriter writer)
    {
        writer.Number(_last);
        writer.Byte((byte)_ranked.Count);
        for (var i = 0; i < _ranked.Count; i++)
        {
            writer.Number(_steps[(_next + Capacity - _ranked.Count + i) % Capacity]);
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    /// <returns>False when it cannot be.</returns>
    public bool Read(ref StateReader reader)
    {
        _ranked.Clear();
        (_next, _last) = (0, reader.Number());
        int count = reader.Byte();
        var isFine = count <= Capacity && (double.IsNaN(_last) || Robust.IsPlausible(_last));
        for (var i = 0; i < count && isFine; i++)
        {
            var step = reader.Number();
            isFine = step > 0 && Robust.IsPlausible(step);
            Put(step);
        }

        return isFine;
    }

    private void Put(double step)
    {
        if (_ranked.Count == Capacity)
        {
            _ranked.Remove(_next);
        }

        _steps[_next] = step;
        _ranked.Add(_next);
        _next = (_next + 1) % Capacity;
    }
}
