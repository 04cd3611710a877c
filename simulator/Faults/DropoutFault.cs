using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Faults;

/// <summary>The device says nothing, though its link stands: a lost radio packet, a hung firmware.</summary>
public sealed record DropoutFault(FaultTarget Target) : Fault(Target)
{
    /// <inheritdoc/>
    public override bool IsAlarming => true;

    /// <inheritdoc/>
    public override void Change(List<SimulatedMessage> messages, FaultState state)
    {
        if (state.IsActive)
        {
            messages.Clear();
        }
    }
}
