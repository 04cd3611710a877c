namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>How far a series goes from its level once in a while: the median of the peaks of its last seven blocks of time.</summary>
/// <remarks>
/// Real noise has longer tails than normal noise. What the series does on most days is no anomaly, however many median
/// deviations it is; and one strange day among seven changes nothing.
/// </remarks>
internal sealed class PeakHistory
{
    private const int Blocks = 7;

    private readonly double[] _peaks = new double[Blocks];
    private readonly RankedValues _ranked;
    private int _next;
    private double _peak;

    /// <summary>No peak is known.</summary>
    public PeakHistory() => _ranked = new RankedValues(_peaks);

    /// <summary>
    /// The typical peak; 0 before the first block has ended. Of an even number the lower of the two in the middle: of the first
    /// two peaks, one that was strange must not count half.
    /// </summary>
    public double Typical => _ranked.Count == 0 ? 0 : _ranked.At((_ranked.Count - 1) / 2);

    /// <summary>Takes a deviation of the block that goes on.</summary>
    /// <returns>True when it is the greatest so far.</returns>
    public bool Add(double deviation)
    {
        var isGreater = deviation > _peak;
        _peak = isGreater ? deviation : _peak;
        return isGreater;
    }

    /// <summary>Ends the block.</summary>
    public void EndBlock()
    {
        if (_ranked.Count == Blocks)
        {
            _ranked.Remove(_next);
        }

        _peaks[_next] = _peak;
        _ranked.Add(_next);
        _next = (_next + 1) % Blocks;
        _peak = 0;
    }

    /// <summary>Writes the peaks, oldest first.</summary>
    public void Write(StateWriter writer)
    {
        writer.Number(_peak);
        writer.Byte((byte)_ranked.Count);
        for (var i = 0; i < _ranked.Count; i++)
        {
            writer.Number(_peaks[(_next + Blocks - _ranked.Count + i) % Blocks]);
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    /// <returns>False when it cannot be.</returns>
    public bool Read(ref StateReader reader)
    {
        _ranked.Clear();
        var peak = reader.Number();
        int count = reader.Byte();
        var isFine = count <= Blocks && peak >= 0 && Robust.IsPlausible(peak);
        for (var i = 0; i < count && isFine; i++)
        {
            _peak = reader.Number();
            isFine = _peak >= 0 && Robust.IsPlausible(_peak);
            EndBlock();
        }

        _peak = peak;
        return isFine;
    }
}
