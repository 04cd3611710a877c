using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary>One value at one time.</summary>
internal readonly record struct Point(Timestamp Time, double Value);

/// <summary>A recorded series of which people said when it was anomalous.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Points">Its values in ascending order of time; at least one.</param>
/// <param name="Windows">When it was anomalous, in ascending order, without overlap.</param>
internal sealed record LabelledSeries(string Name, IReadOnlyList<Point> Points, IReadOnlyList<LabelledWindow> Windows)
{
    /// <summary>The first reading that is scored. Those before it, the first 15 %, only teach; as in the Numenta benchmark.</summary>
    public int FirstScored => Points.Count * 15 / 100;

    /// <summary>The time that is scored.</summary>
    public TimeSpan Scored => Points[^1].Time - Points[FirstScored].Time;

    /// <summary>Scores alerts by when they began; what began in the first 15 % does not count.</summary>
    public AlertScore Score(IEnumerable<Timestamp> begins) =>
        AlertScore.Of(Windows, [.. begins.Where(begin => begin >= Points[FirstScored].Time)], Scored);
}
