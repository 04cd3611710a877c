using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>The kernel's thermal zones: <c>Documentation/driver-api/thermal/sysfs-api.rst</c>; millidegrees Celsius.</summary>
internal sealed class ThermalSource : IHostSource
{
    private const string Folder = "sys/class/thermal";

    private static readonly Unit Celsius = Units.Get("Cel");

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        foreach (var zone in sample.Names(Folder, "thermal_zone"))
        {
            if (sample.Number($"{Folder}/{zone}/temp") is { } temperature)
            {
                var type = sample.Text($"{Folder}/{zone}/type") ?? zone;
                sample.Add(sample.Unique("temperature." + HostSample.Part(type)), temperature / 1000, Celsius);
            }
        }
    }
}
