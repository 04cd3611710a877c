using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>The kernel's hardware monitors: <c>Documentation/hwmon/sysfs-interface.rst</c>.</summary>
internal sealed class HwmonSource : IHostSource
{
    private const string Folder = "sys/class/hwmon";
    private const string Ending = "_input";

    /// <summary>The kinds of sensors and what a count of theirs is.</summary>
    private static readonly (string Kind, double Scale, Unit Unit)[] Kinds =
    [
        ("temp", 1e-3, Units.Get("Cel")), ("fan", 1, Units.Get("rpm")), ("in", 1e-3, Units.Get("V")),
        ("curr", 1e-3, Units.Get("A")), ("power", 1e-6, Units.Get("W")), ("humidity", 1e-3, Units.Get("%RH")),
    ];

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        foreach (var monitor in sample.Names(Folder, "hwmon"))
        {
            var folder = $"{Folder}/{monitor}";
            var name = sample.Unique("hwmon." + HostSample.Part(sample.Text($"{folder}/name") ?? monitor));
            foreach (var file in sample.Names(folder, "").Where(file => file.EndsWith(Ending, StringComparison.Ordinal)))
            {
                Add(sample, folder, name, file[..^Ending.Length]);
            }
        }
    }

    private static void Add(HostSample sample, string folder, string monitor, string sensor)
    {
        var kind = Array.Find(Kinds, kind => kind.Kind == sensor.TrimEnd("0123456789".ToCharArray()));
        if (kind.Kind is not null && sample.Number($"{folder}/{sensor}{Ending}") is { } count)
        {
            var label = sample.Text($"{folder}/{sensor}_label") ?? sensor;
            sample.Add(sample.Unique($"{monitor}.{HostSample.Part(label)}"), count * kind.Scale, kind.Unit);
        }
    }
}
