using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Signals;

/// <summary>Swings around a mean: day and night, a controller that hunts.</summary>
/// <param name="Mean">The middle. Default 0.</param>
/// <param name="Amplitude">How far it swings to each side, at least 0. Default 1.</param>
/// <param name="Period">One swing, 1 ms to 365 days. Default 24 h.</param>
/// <param name="Phase">Where in the swing it starts, 0 to 1: 0 rises through the mean, 0.25 is the top. Default 0.</param>
public sealed record SineSignal(double Mean, double Amplitude, TimeSpan Period, double Phase) : ISignal
{
    /// <summary>Reads <c>mean</c>, <c>amplitude</c>, <c>period</c>, <c>phase</c>.</summary>
    public static SineSignal Read(SettingsMap settings) => new(
        settings.Number("mean", 0, double.MinValue, double.MaxValue),
        settings.Number("amplitude", 1, 0, double.MaxValue),
        settings.Duration("period", TimeSpan.FromDays(1), SignalTimes.PeriodMin, SignalTimes.PeriodMax),
        settings.Number("phase", 0, 0, 1));

    /// <inheritdoc/>
    public Func<TimeSpan, double> Start(SeededRandom chance) =>
        at => Mean + (Amplitude * Math.Sin(2 * Math.PI * (SignalTimes.Turn(at, Period) + Phase)));
}
