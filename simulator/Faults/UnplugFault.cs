using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Faults;

/// <summary>The link itself goes: the serial adapter is pulled and comes back under the same name, the MQTT connection breaks.</summary>
public sealed record UnplugFault(FaultTarget Target) : Fault(Target)
{
    /// <inheritdoc/>
    public override bool IsAlarming => true;

    /// <inheritdoc/>
    public override bool Unplugs => true;

    /// <inheritdoc/>
    public override void Change(List<SimulatedMessage> messages, FaultState state)
    {
        if (state.IsActive)
        {
            messages.Clear();
        }
    }
}
