using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Signals;

/// <summary>Goes evenly from one value to another, jumps back and begins again: a filling cistern, a counter that wraps.</summary>
/// <param name="From">The value at the start of each period. Default 0.</param>
/// <param name="To">The value just before it jumps back. Default 1.</param>
/// <param name="Period">From jump to jump, 1 ms to 365 days. Default 1 h.</param>
public sealed record SawtoothSignal(double From, double To, TimeSpan Period) : ISignal
{
    /// <summary>Reads <c>from</c>, <c>to</c>, <c>period</c>.</summary>
    public static SawtoothSignal Read(SettingsMap settings) => new(
        settings.Number("from", 0, double.MinValue, double.MaxValue),
        settings.Number("to", 1, double.MinValue, double.MaxValue),
        settings.Duration("period", TimeSpan.FromHours(1), SignalTimes.PeriodMin, SignalTimes.PeriodMax));

    /// <inheritdoc/>
    public Func<TimeSpan, double> Start(SeededRandom chance) =>
        at => double.Lerp(From, To, SignalTimes.Turn(at, Period));
}
