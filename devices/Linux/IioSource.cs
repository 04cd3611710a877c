using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>Sensors of the kernel's industrial I/O: <c>Documentation/ABI/testing/sysfs-bus-iio</c>.</summary>
/// <remarks>A channel gives its value as <c>…_input</c>, or as <c>…_raw</c> to which an offset is added and which is then scaled.</remarks>
internal sealed class IioSource : IHostSource
{
    private const string Folder = "sys/bus/iio/devices";

    /// <summary>The kinds of channels and what one of theirs is in the unit beside it.</summary>
    private static readonly (string Kind, double Scale, Unit Unit)[] Kinds =
    [
        ("temp", 1e-3, Units.Get("Cel")), ("humidityrelative", 1e-3, Units.Get("%RH")), ("pressure", 1, Units.Get("kPa")),
        ("illuminance", 1, Units.Get("lx")), ("voltage", 1e-3, Units.Get("V")), ("current", 1e-3, Units.Get("A")),
        ("power", 1e-3, Units.Get("W")), ("resistance", 1, Units.Get("Ohm")), ("distance", 1, Units.Get("m")),
    ];

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        foreach (var device in sample.Names(Folder, "iio:device"))
        {
            var folder = $"{Folder}/{device}";
            var name = sample.Unique("iio." + HostSample.Part(sample.Text($"{folder}/name") ?? device));
            foreach (var file in sample.Names(folder, "in_"))
            {
                Add(sample, folder, name, file);
            }
        }
    }

    private static void Add(HostSample sample, string folder, string device, string file)
    {
        var isInput = file.EndsWith("_input", StringComparison.Ordinal);
        if (!isInput && !file.EndsWith("_raw", StringComparison.Ordinal))
        {
            return;
        }

        var channel = file[3..file.LastIndexOf('_')];
        var type = channel.TrimEnd("0123456789".ToCharArray());
        var kind = Array.Find(Kinds, kind => kind.Kind == type);
        if (kind.Kind is null || sample.Number($"{folder}/{file}") is not { } value)
        {
            return;
        }

        if (!isInput)
        {
            value = (value + Attribute(sample, folder, channel, type, "offset", 0)) * Attribute(sample, folder, channel, type, "scale", 1);
        }

        sample.Add($"{device}.{HostSample.Part(channel)}", value * kind.Scale, kind.Unit);
    }

    /// <summary>The channel's own attribute, or the one all channels of its type share.</summary>
    private static double Attribute(HostSample sample, string folder, string channel, string type, string name, double byDefault) =>
        sample.Number($"{folder}/in_{channel}_{name}") ??
        (channel == type ? null : sample.Number($"{folder}/in_{type}_{name}")) ?? byDefault;
}
