using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Signals;

/// <summary>Goes in straight lines through given points: a tank that fills and drains, a freezer that warms and recovers.</summary>
/// <param name="Points">When it has which value; 1 to 1,000 points in the order of time. Before the first and after the last
/// it stays.</param>
/// <param name="Repeat">After this time it begins again; null for never. After the last point.</param>
public sealed record CurveSignal(IReadOnlyList<SignalPoint> Points, TimeSpan? Repeat) : ISignal
{
    /// <summary>Reads <c>points</c> (each <c>at</c> and <c>value</c>), <c>repeat</c>.</summary>
    public static CurveSignal Read(SettingsMap settings)
    {
        var points = SignalPoint.ReadList(settings, "points", "value");
        return new CurveSignal(points, SignalPoint.ReadRepeat(settings, points));
    }

    /// <inheritdoc/>
    public Func<TimeSpan, double> Start(SeededRandom chance) => at => SignalPoint.Between(Points, SignalTimes.Fold(at, Repeat));
}
