using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>Thermometers on a 1-Wire bus: <c>Documentation/w1/slaves/w1_therm.rst</c>; millidegrees Celsius.</summary>
/// <remarks>The names are the sensors' serial numbers, <c>onewire.28_3c01b607f3a1</c>; bus masters have no temperature.</remarks>
internal sealed class OneWireSource : IHostSource
{
    private const string Folder = "sys/bus/w1/devices";

    private static readonly Unit Celsius = Units.Get("Cel");

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        foreach (var sensor in sample.Names(Folder, ""))
        {
            if (sample.Number($"{Folder}/{sensor}/temperature") is { } temperature)
            {
                sample.Add("onewire." + HostSample.Part(sensor), temperature / 1000, Celsius);
            }
        }
    }
}
