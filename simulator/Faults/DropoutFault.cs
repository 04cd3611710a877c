using IotEvents.Devices.Settings;
using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Faults;

/// <summary>The device says nothing, though its link stands: a lost radio packet, a hung firmware.</summary>
public sealed record DropoutFault(FaultTarget Target) : Fault(Target)
{
    /// <summary>Has no keys of its own.</summary>
    public static DropoutFault Read(SettingsMap settings, FaultTarget target) => new(target);

    /// <inheritdoc/>
    public override void Change(List<SimulatedMessage> messages, FaultState state)
    {
        if (state.IsActive)
        {
            messages.Clear();
        }
    }
}
