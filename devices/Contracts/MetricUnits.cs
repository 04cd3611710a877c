using System.Collections.Frozen;
using System.Text;

namespace IotEvents.Devices.Contracts;

/// <summary>Which unit a metric's name promises. A wrong guess is worse than none, so a name stands here only with a reason.</summary>
/// <remarks>
/// Looked at is the last segment of the name (<c>ENERGY.Power</c> → <c>Power</c>; a last segment that is <c>value</c> or a
/// number is skipped), without regard to case: (1) as a whole; (2) by a unit at its end after <c>_</c>; (3) by its last
/// word (<c>outdoor_temperature</c>); each also without digits at the end (<c>temperature2</c>).
/// Left out on purpose: <c>level</c>, <c>speed</c>, <c>distance</c>, <c>flow</c>, <c>weight</c>, <c>rain</c>, <c>volume</c>, whose
/// makers do not agree; <c>_a</c>, <c>_b</c>, <c>_c</c> and <c>_w</c> after other words, which are phases of a three-phase meter.
/// </remarks>
internal static class MetricUnits
{
    private const int SegmentMax = 64;

    /// <summary>What a whole segment, or its last word, says.</summary>
    private static readonly FrozenDictionary<string, Unit> Names = Table(
        // Sensor makers outside weather stations of the USA report °C; those that do not say so with _f.
        ("Cel", "temperature temp dewpoint dew_point"),
        ("%RH", "humidity"),
        // What barometers report. Pumps and tyres say bar or kPa in the payload or the name.
        ("hPa", "pressure barometer"),
        ("ppm", "co2 eco2 carbon_dioxide"),
        ("ppb", "tvoc voc_ppb"),
        ("ug/m3", "pm1 pm25 pm2_5 pm10 pm4"),
        // A charge in per cent by the convention of Zigbee and Home Assistant; volts are called voltage.
        ("%", "battery battery_level soc soil_moisture"),
        ("V", "voltage"),
        ("A", "current"),
        ("W", "power active_power activepower"),
        ("VA", "apparent_power apparentpower"),
        ("var", "reactive_power reactivepower"),
        // Meters count in kWh by convention; those that count in Wh say so.
        ("kWh", "energy"),
        ("Hz", "frequency"),
        ("1", "power_factor powerfactor"),
        ("lx", "illuminance lux"),
        // Signal strength of radios is always dBm, the ratio to noise always dB.
        ("dBm", "rssi"),
        ("dB", "snr"),
        ("pH", "ph"),
        ("s", "uptime"),
        ("lat", "latitude"),
        ("lon", "longitude"));

    /// <summary>Units written out at the end of a name. No single letters: see <see cref="ByLetter"/>.</summary>
    private static readonly FrozenDictionary<string, Unit> Suffixes = Table(
        ("Cel", "celsius degc"), ("degF", "fahrenheit degf"), ("K", "kelvin"), ("%", "percent pct"),
        ("W", "watt watts"), ("kW", "kw"), ("Wh", "wh"), ("kWh", "kwh"), ("VA", "va"), ("V", "volt volts"), ("mV", "mv"),
        ("A", "amps ampere amperes"), ("mA", "ma"), ("mAh", "mah"), ("Hz", "hz"), ("kHz", "khz"), ("MHz", "mhz"),
        ("Pa", "pa"), ("hPa", "hpa mbar"), ("kPa", "kpa"), ("bar", "bar"), ("psi", "psi"), ("mmHg", "mmhg"),
        ("lx", "lx lux"), ("ppm", "ppm"), ("ppb", "ppb"), ("dBm", "dbm"), ("dB", "db"), ("rpm", "rpm"),
        ("mm", "mm"), ("cm", "cm"), ("km", "km"), ("m", "meters metres"), ("km/h", "kmh kph"), ("mph", "mph"), ("m/s", "mps"),
        ("l", "liters litres"), ("l/min", "lpm"), ("kg", "kg"), ("ms", "ms milliseconds"), ("s", "seconds secs"),
        ("min", "minutes"), ("h", "hours"), ("B", "bytes"), ("KiB", "kib"), ("MiB", "mib"), ("GiB", "gib"), ("deg", "degrees"));

    /// <summary>A single letter at the end counts only after a word of its own kind: <c>voltage_c</c> is phase C, not °C.</summary>
    private static readonly (string Letter, string Kind, Unit Unit)[] ByLetter =
    [
        ("c", "Cel", Units.Get("Cel")), ("f", "Cel", Units.Get("degF")), ("k", "Cel", Units.Get("K")),
        ("w", "W", Units.Get("W")), ("v", "V", Units.Get("V")), ("a", "A", Units.Get("A")),
    ];

    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> NameSpans =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> SuffixSpans =
        Suffixes.GetAlternateLookup<ReadOnlySpan<char>>();

    internal static bool TryFind(ReadOnlySpan<byte> utf8Metric, out Unit unit)
    {
        unit = Unit.None;
        var bytes = LastSegment(utf8Metric);
        if (bytes.Length is 0 or > SegmentMax)
        {
            return false;
        }

        Span<char> segment = stackalloc char[SegmentMax];
        return Encoding.UTF8.TryGetChars(bytes, segment, out var length) && TryFind(segment[..length], out unit);
    }

    private static bool TryFind(ReadOnlySpan<char> segment, out Unit unit)
    {
        if (NameSpans.TryGetValue(segment, out unit))
        {
            return true;
        }

        var cut = segment.LastIndexOf('_');
        if (cut > 0 && (SuffixSpans.TryGetValue(segment[(cut + 1)..], out unit) ||
            TryLetter(segment[..cut], segment[(cut + 1)..], out unit) || NameSpans.TryGetValue(segment[(cut + 1)..], out unit)))
        {
            return true;
        }

        var withoutNumber = segment.TrimEnd("0123456789").TrimEnd('_');
        return withoutNumber.Length is > 0 && withoutNumber.Length < segment.Length && TryFind(withoutNumber, out unit);
    }

    private static bool TryLetter(ReadOnlySpan<char> word, ReadOnlySpan<char> letter, out Unit unit)
    {
        unit = Unit.None;
        if (letter.Length != 1 || !TryFind(word, out var kind))
        {
            return false;
        }

        foreach (var (known, symbol, result) in ByLetter)
        {
            if (letter.Equals(known, StringComparison.OrdinalIgnoreCase) && kind.Symbol == symbol)
            {
                unit = result;
                return true;
            }
        }

        // "power_a" is a phase, and stays what "power" is.
        unit = kind;
        return char.ToLowerInvariant(letter[0]) is >= 'a' and <= 'c';
    }

    private static ReadOnlySpan<byte> LastSegment(ReadOnlySpan<byte> metric)
    {
        while (true)
        {
            var dot = metric.LastIndexOf((byte)'.');
            var last = metric[(dot + 1)..];
            if (dot < 0 || !(last.SequenceEqual("value"u8) || !last.ContainsAnyExceptInRange((byte)'0', (byte)'9')))
            {
                return last;
            }

            metric = metric[..dot];
        }
    }

    private static FrozenDictionary<string, Unit> Table(params (string Unit, string Names)[] rows) =>
        rows.SelectMany(row => row.Names.Split(' '), (row, name) => KeyValuePair.Create(name, Units.Get(row.Unit)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
