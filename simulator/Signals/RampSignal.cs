using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Signals;

/// <summary>Goes evenly from one value to another, then stays there.</summary>
/// <param name="From">The value at the start. Default 0.</param>
/// <param name="To">The value at the end. Default 1.</param>
/// <param name="Over">How long it takes, 1 ms to 365 days. Default 1 h.</param>
public sealed record RampSignal(double From, double To, TimeSpan Over) : ISignal
{
    /// <summary>Reads <c>from</c>, <c>to</c>, <c>over</c>.</summary>
    public static RampSignal Read(SettingsMap settings) => new(
        settings.Number("from", 0, double.MinValue, double.MaxValue),
        settings.Number("to", 1, double.MinValue, double.MaxValue),
        settings.Duration("over", TimeSpan.FromHours(1), SignalTimes.PeriodMin, SignalTimes.PeriodMax));

    /// <inheritdoc/>
    public Func<TimeSpan, double> Start(SeededRandom chance) =>
        at => double.Lerp(From, To, Math.Min(1, at / Over));
}
