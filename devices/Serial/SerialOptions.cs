using System.IO.Ports;
using System.Text;
using IotEvents.Devices.Settings;

namespace IotEvents.Devices.Serial;

/// <summary>One serial line: where it is, how it speaks, and what its lines mean.</summary>
public sealed record SerialOptions
{
    /// <summary>The adapter's name, unique among all adapters. Must be given.</summary>
    public required string Name { get; init; }

    /// <summary>The port's device file, best one under <c>/dev/serial/by-id</c>, which survives replugging. Must be given.</summary>
    public required string Port { get; init; }

    /// <summary>Line speed in bits per second, 300 to 921600. Default 9600.</summary>
    public int Baud { get; init; } = 9600;

    /// <summary>Data bits per character, 7 or 8. Default 8.</summary>
    public int DataBits { get; init; } = 8;

    /// <summary><c>none</c>, <c>even</c> or <c>odd</c>. Default none.</summary>
    public Parity Parity { get; init; } = Parity.None;

    /// <summary>1 or 2. Default 1.</summary>
    public StopBits StopBits { get; init; } = StopBits.One;

    /// <summary>The decoder of each line: <c>json</c>, <c>csv</c>, <c>kv</c>, <c>number</c> and whatever else there is. Default json.</summary>
    public string Decoder { get; init; } = "json";

    /// <summary>The device's id, 1 to 256 bytes. Default: the name.</summary>
    public required string Device { get; init; }

    /// <summary>For <c>csv</c>: the columns' names in order, each may name a unit, <c>temp [°C]</c>. Default none: a header line tells.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>For <c>csv</c> with columns: <c>comma</c>, <c>semicolon</c>, <c>tab</c>, <c>pipe</c> or <c>space</c>. Default comma.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Reads one item of the list <c>serial</c>; what is wrong is noted in the map's errors.</summary>
    public static SerialOptions Read(SettingsMap settings)
    {
        var name = settings.RequiredText("name", "meter");
        var options = new SerialOptions
        {
            Name = name,
            Port = settings.RequiredText("port", "/dev/serial/by-id/usb-XYZ"),
            Baud = (int)settings.WholeNumber("baud", 9600, 300, 921_600),
            DataBits = (int)settings.WholeNumber("data_bits", 8, 7, 8),
            Parity = settings.Choice("parity", Parity.None, ("none", Parity.None), ("even", Parity.Even), ("odd", Parity.Odd)),
            StopBits = settings.Choice("stop_bits", StopBits.One, ("1", StopBits.One), ("2", StopBits.Two)),
            Decoder = settings.Text("decoder", "json"),
            Device = settings.Text("device", name),
            Columns = settings.Texts("columns"),
            Separator = settings.Choice(
                "separator", ',', ("comma", ','), ("semicolon", ';'), ("tab", '\t'), ("pipe", '|'), ("space", ' ')),
        };
        options.Check(settings);
        settings.Done();
        return options;
    }

    private void Check(SettingsMap settings)
    {
        if (Encoding.UTF8.GetByteCount(Device) > 256)
        {
            settings.Refuse("device", "The id is longer than 256 bytes", "choose a shorter one");
        }

        if (Columns.Count > 0 && Decoder != "csv")
        {
            settings.Refuse("columns", $"Columns mean nothing to the decoder '{Decoder}'", "remove them, or write decoder: csv");
        }

        if (Columns.Any(column => column.Length == 0 || column.Contains(Separator) || column.AsSpan().ContainsAny('\r', '\n')))
        {
            settings.Refuse("columns", "A column's name is empty, or holds the separator or a line end", "rename it");
        }
    }
}
