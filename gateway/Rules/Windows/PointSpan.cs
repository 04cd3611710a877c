namespace IotEvents.Gateway.Rules.Windows;

/// <summary>Points of a series in order of time, looked at where they lie.</summary>
/// <remarks>Valid until the ring they came from changes.</remarks>
/// <param name="times">Nanoseconds since the Unix epoch, never falling.</param>
/// <param name="values">As many values, in the unit of the series.</param>
internal readonly ref struct PointSpan(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
{
    /// <summary>When each point was measured: nanoseconds since the Unix epoch, never falling.</summary>
    public ReadOnlySpan<long> Times { get; } = times;

    /// <summary>The value of each point, in the unit of the series.</summary>
    public ReadOnlySpan<double> Values { get; } = values;

    /// <summary>The number of points.</summary>
    public int Count => Times.Length;

    /// <summary>True when there is no point.</summary>
    public bool IsEmpty => Times.IsEmpty;
}
