using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Faults;

/// <summary>The value slides away from the truth: an ageing sensor.</summary>
/// <param name="Target">Whom and when.</param>
/// <param name="PerHour">How far it slides in an hour, in the metric's unit; negative is down. Default 1.</param>
public sealed record DriftFault(FaultTarget Target, double PerHour) : Fault(Target)
{
    /// <summary>Reads <c>per_hour</c>.</summary>
    public static DriftFault Read(SettingsMap settings, FaultTarget target) =>
        new(target, settings.Number("per_hour", 1, double.MinValue, double.MaxValue));

    /// <inheritdoc/>
    public override bool IsAlarming => true;

    /// <inheritdoc/>
    public override bool StrikesValues => true;

    /// <inheritdoc/>
    public override double Change(string metric, double value, FaultState state) => value + (PerHour * state.Elapsed.TotalHours);
}
