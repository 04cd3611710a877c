using IotEvents.Devices.Settings;
using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Faults;

/// <summary>The device sends the same bytes again: a lost acknowledgement, a nervous radio.</summary>
/// <param name="Target">Whom and when.</param>
/// <param name="Copies">How many more of each, 1 to 100. Default 1.</param>
public sealed record DuplicateFault(FaultTarget Target, int Copies) : Fault(Target)
{
    /// <summary>Reads <c>copies</c>.</summary>
    public static DuplicateFault Read(SettingsMap settings, FaultTarget target) =>
        new(target, (int)settings.WholeNumber("copies", 1, 1, 100));

    /// <inheritdoc/>
    public override void Change(List<SimulatedMessage> messages, FaultState state)
    {
        if (!state.IsActive)
        {
            return;
        }

        for (var i = messages.Count - 1; i >= 0; i--)
        {
            messages.InsertRange(i + 1, Enumerable.Repeat(messages[i], Copies));
        }
    }
}
