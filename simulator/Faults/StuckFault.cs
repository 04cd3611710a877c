using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Faults;

/// <summary>The value no longer moves, not even by noise: a frozen sensor, a crashed driver that repeats its cache.</summary>
public sealed record StuckFault(FaultTarget Target) : Fault(Target)
{
    /// <summary>Has no keys of its own.</summary>
    public static StuckFault Read(SettingsMap settings, FaultTarget target) => new(target);

    /// <inheritdoc/>
    public override double Change(string metric, double value, FaultState state)
    {
        if (!state.Held.TryGetValue(metric, out var held))
        {
            state.Held[metric] = held = value;
        }

        return held;
    }
}
