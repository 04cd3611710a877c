using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>Devices with the attributes that are in force: what an alert says names the limit that it was judged by.</summary>
/// <param name="devices">The devices as they are configured.</param>
/// <param name="overrides">What is another one for a while.</param>
internal sealed class OverriddenDevices(IDeviceDirectory devices, OverrideBook overrides) : IDeviceDirectory
{
    /// <inheritdoc/>
    public DeviceDescription Find(string device)
    {
        var found = devices.Find(device);
        if (overrides.Of(device) is not { Count: > 0 } changed)
        {
            return found;
        }

        var attributes = new Dictionary<string, Quantity>(found.Attributes);
        foreach (var one in changed)
        {
            attributes[one.Attribute] = one.Value;
        }

        return found with { Attributes = attributes };
    }
}
