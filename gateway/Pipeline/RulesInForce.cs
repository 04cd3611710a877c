using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Pipeline;

/// <summary>The one place that knows which rules and devices are in force. Whoever looks devices up here follows every reload.</summary>
/// <remarks>The journal's thread puts others in force, between two readings; any thread may read.</remarks>
/// <param name="first">What is in force at the start.</param>
public sealed class RulesInForce(RuleChange first) : IDeviceDirectory
{
    private volatile RuleChange _current = first;

    /// <summary>Rules, devices and the files they were read from, as they belong together.</summary>
    public RuleChange Current => _current;

    /// <inheritdoc/>
    public DeviceDescription Find(string device) => _current.Devices.Find(device);

    /// <summary>Others are in force from now on.</summary>
    internal void Put(RuleChange change) => _current = change;
}
