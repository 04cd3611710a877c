using System.Text;
using IotEvents.Devices.Settings;

namespace IotEvents.Devices.Linux;

/// <summary>What is read of this computer, and how often.</summary>
public sealed record HostOptions
{
    /// <summary>Processor, load, memory, disks, network, thermal zones, uptime. Default true.</summary>
    public bool Host { get; init; } = true;

    /// <summary>Hardware monitors: temperatures, fans, voltages of boards and drives. Default true.</summary>
    public bool Hwmon { get; init; } = true;

    /// <summary>Sensors with a driver of the kernel's industrial I/O. Default true.</summary>
    public bool Iio { get; init; } = true;

    /// <summary>Thermometers on a 1-Wire bus. Default true.</summary>
    public bool OneWire { get; init; } = true;

    /// <summary>Between two rounds, 1 s to 1 h. Default 5 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The device's id, 1 to 256 bytes. Default: the computer's name.</summary>
    public string Device { get; init; } = Environment.MachineName;

    /// <summary>True when there is anything to read at all; otherwise no adapter is needed.</summary>
    public bool IsEnabled => Host || Hwmon || Iio || OneWire;

    /// <summary>Reads the map <c>linux</c>; what is wrong is noted in the map's errors.</summary>
    public static HostOptions Read(SettingsMap settings)
    {
        var options = new HostOptions
        {
            Host = settings.Flag("host", true),
            Hwmon = settings.Flag("hwmon", true),
            Iio = settings.Flag("iio", true),
            OneWire = settings.Flag("onewire", true),
            Interval = settings.Duration("interval", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Device = settings.Text("device", Environment.MachineName),
        };
        if (Encoding.UTF8.GetByteCount(options.Device) is 0 or > 256)
        {
            settings.Refuse("device", "The id is empty or longer than 256 bytes", "choose one of 1 to 256 bytes");
        }

        settings.Done();
        return options;
    }
}
