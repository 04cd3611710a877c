using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Faults;

/// <summary>The value jumps by an amount and comes back: a switching motor, a loose contact.</summary>
/// <param name="Target">Whom and when.</param>
/// <param name="By">How far it jumps, in the metric's unit; negative is down. Default 100.</param>
public sealed record SpikeFault(FaultTarget Target, double By) : Fault(Target)
{
    /// <summary>Reads <c>by</c>.</summary>
    public static SpikeFault Read(SettingsMap settings, FaultTarget target) =>
        new(target, settings.Number("by", 100, double.MinValue, double.MaxValue));

    /// <inheritdoc/>
    public override bool StrikesValues => true;

    /// <inheritdoc/>
    public override double Change(string metric, double value, FaultState state) => value + By;
}
