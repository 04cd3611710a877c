using System.Collections.Frozen;
using System.Text;
using static IotEvents.Devices.Contracts.Dimension;

namespace IotEvents.Devices.Contracts;

/// <summary>Every unit the gateway knows, by its SenML name (RFC 8428 §12.1, RFC 8798) and by the spellings devices use.</summary>
public static class Units
{
    private static readonly Dimension Force = Mass * Length / Time.Power(2);
    private static readonly Dimension Energy = Force * Length;
    private static readonly Dimension Power = Energy / Time;
    private static readonly Dimension Pressure = Force / Length.Power(2);
    private static readonly Dimension Voltage = Power / Current;
    private static readonly Dimension Volume = Length.Power(3);
    private static readonly Dimension Speed = Length / Time;

    internal static readonly UnitRow[] Rows =
    [
        new("", "", One, 1, 0),
        new("1", "", One, 1, 0, "count", "ratio"),
        new("%", "%", One, 0.01, 0, "percent", "pct", "/%"),
        new("%RH", "%RH", One, 0.01, 0, "rh"),
        new("ppm", "ppm", One, 1e-6, 0),
        new("K", "K", Temperature, 1, 0, "kelvin"),
        new("Cel", "°C", Temperature, 1, 273.15, "C", "°C", "degC", "celsius"),
        new("degF", "°F", Temperature, 5.0 / 9, 459.67 * 5 / 9, "F", "°F", "fahrenheit"),
        new("s", "s", Time, 1, 0, "sec"),
        new("ms", "ms", Time, 1e-3, 0),
        new("min", "min", Time, 60, 0),
        new("h", "h", Time, 3600, 0),
        new("m", "m", Length, 1, 0),
        new("l", "L", Volume, 1e-3, 0, "L", "liter", "litre"),
        new("m/s", "m/s", Speed, 1, 0),
        new("V", "V", Voltage, 1, 0),
        new("A", "A", Current, 1, 0),
        new("W", "W", Power, 1, 0),
        new("kWh", "kWh", Energy, 3.6e6, 0),
        new("hPa", "hPa", Pressure, 100, 0, "mbar"),
        new("B", "B", Information, 8, 0, "byte", "bytes"),
        new("GB", "GB", Information, 8e9, 0),
    ];

    private static readonly FrozenDictionary<string, Unit> ByName = Index();
    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> ByNameSpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every known unit, in the order of the table.</summary>
    public static IEnumerable<Unit> All => Enumerable.Range(1, Rows.Length - 1).Select(i => new Unit(i));

    /// <summary>Finds a unit by its SenML name or a spelling devices use. Exact first: <c>mW</c> and <c>MW</c> are not the same.</summary>
    /// <returns>False when no unit has that name; an empty name is <see cref="Unit.None"/> and true.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out Unit unit)
    {
        name = name.Trim();
        unit = Unit.None;
        return name.IsEmpty || ByNameSpan.TryGetValue(name, out unit);
    }

    /// <summary>As the other overload, for a name in UTF-8; a name of more than 32 bytes is no unit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Name, out Unit unit)
    {
        unit = Unit.None;
        if (utf8Name.Length > 32)
        {
            return false;
        }

        Span<char> name = stackalloc char[32];
        return Encoding.UTF8.TryGetChars(utf8Name, name, out var length) && TryParse(name[..length], out unit);
    }

    /// <summary>The unit of that name.</summary>
    /// <exception cref="ArgumentException">No unit has that name.</exception>
    public static Unit Get(string name) =>
        TryParse(name, out var unit) ? unit : throw new ArgumentException($"No unit is called '{name}'.", nameof(name));

    private static FrozenDictionary<string, Unit> Index()
    {
        var byName = new Dictionary<string, Unit>(StringComparer.Ordinal);
        for (var i = 1; i < Rows.Length; i++)
        {
            byName.Add(Rows[i].Symbol, new Unit(i));
            foreach (var alias in Rows[i].Aliases)
            {
                byName.Add(alias, new Unit(i));
            }
        }

        return byName.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
