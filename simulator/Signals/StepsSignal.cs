using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Signals;

/// <summary>Jumps to given values at given times: a door, a pump, a switch.</summary>
/// <param name="Initial">The value before the first step. Default 0.</param>
/// <param name="Points">When it jumps and to what; 1 to 1,000 steps in the order of time.</param>
/// <param name="Repeat">After this time it begins again; null for never. After the last step.</param>
public sealed record StepsSignal(double Initial, IReadOnlyList<SignalPoint> Points, TimeSpan? Repeat) : ISignal
{
    /// <summary>Reads <c>initial</c>, <c>steps</c> (each <c>at</c> and <c>to</c>), <c>repeat</c>.</summary>
    public static StepsSignal Read(SettingsMap settings)
    {
        var initial = settings.Number("initial", 0, double.MinValue, double.MaxValue);
        var points = SignalPoint.ReadList(settings, "steps", "to");
        return new StepsSignal(initial, points, SignalPoint.ReadRepeat(settings, points));
    }

    /// <inheritdoc/>
    public Func<TimeSpan, double> Start(SeededRandom chance) => at =>
    {
        var index = SignalPoint.LastIndexAt(Points, SignalTimes.Fold(at, Repeat));
        return index < 0 ? Initial : Points[index].Value;
    };
}
