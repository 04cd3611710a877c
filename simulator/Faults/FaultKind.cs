using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Faults;

/// <summary>A kind of fault as scenario files name it.</summary>
/// <param name="Name">The word after <c>kind:</c>.</param>
/// <param name="Read">Reads the kind's own keys; whom and when is read already.</param>
public sealed record FaultKind(string Name, Func<SettingsMap, FaultTarget, Fault> Read)
{
    /// <summary>A kind without keys of its own.</summary>
    public FaultKind(string name, Func<FaultTarget, Fault> create)
        : this(name, (_, target) => create(target))
    {
    }
}
