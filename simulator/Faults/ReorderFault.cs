using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Faults;

/// <summary>A message is held back and sent after the next one, with its own, older time: a mesh, a second radio path.</summary>
public sealed record ReorderFault(FaultTarget Target) : Fault(Target)
{
    /// <inheritdoc/>
    public override void Change(List<SimulatedMessage> messages, FaultState state)
    {
        if (messages.Count == 0)
        {
            return;
        }

        if (state.HeldMessage is { } held)
        {
            messages.Add(held);
            state.HeldMessage = null;
        }
        else if (state.IsActive)
        {
            state.HeldMessage = messages[^1];
            messages.RemoveAt(messages.Count - 1);
        }
    }
}
