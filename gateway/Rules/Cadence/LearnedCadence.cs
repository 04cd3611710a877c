namespace IotEvents.Gateway.Rules.Cadence;

/// <summary>How a series reports.</summary>
internal enum CadenceShape
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>At a beat: most intervals are the same.</summary>
    Periodic,

    /// <summary>When something happens: intervals of every length around the usual one.</summary>
    Irregular,

    /// <summary>Several readings close together, then a long pause.</summary>
    Bursty,
}

/// <summary>The names of shapes in answers and on screens.</summary>
internal static class CadenceShapes
{
    /// <summary>The name: <c>periodic</c>, <c>irregular</c>, <c>bursty</c>.</summary>
    public static string Name(this CadenceShape shape) => shape switch
    {
        CadenceShape.Periodic => "periodic",
        CadenceShape.Irregular => "irregular",
        CadenceShape.Bursty => "bursty",
        _ => "unknown",
    };
}

/// <summary>What was learned about how often a series reports.</summary>
/// <param name="Interval">The median of the last intervals.</param>
/// <param name="Jitter">The median distance of the last intervals from their median.</param>
/// <param name="Deadline">The silence that counts as absence.</param>
/// <param name="Shape">How it reports.</param>
/// <param name="Intervals">How many intervals it was learned from, since it was last learned anew.</param>
/// <param name="IsConfident">
/// True when enough is known for the stated rate of false absences to hold; before that the deadline is an estimate on the long side.
/// </param>
internal readonly record struct LearnedCadence(
    TimeSpan Interval, TimeSpan Jitter, TimeSpan Deadline, CadenceShape Shape, long Intervals, bool IsConfident);
