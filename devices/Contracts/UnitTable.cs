using static IotEvents.Devices.Contracts.Dimension;

namespace IotEvents.Devices.Contracts;

/// <summary>The table behind <see cref="Units"/>: the SenML units of RFC 8428 §12.1, those of RFC 8798, and common others.</summary>
/// <remarks>
/// Devices say <c>C</c> and <c>F</c> for temperatures, SenML means coulomb and farad: here the devices win, and
/// <see cref="Units.TryParseSenMl"/> reads the two letters the other way. Spellings with <c>µ</c>, <c>²</c>, <c>³</c> and
/// spaces need no alias: <see cref="Units"/> folds them. Conversion factors outside the RFCs are those of the NIST guide
/// SP 811 (2008), appendix B.
/// </remarks>
internal static class UnitTable
{
    private const double Degree = Math.PI / 180;
    private const double Inch = 0.0254;
    private const double Pound = 0.45359237;
    private const double Gallon = 231 * Inch * Inch * Inch;
    private const double Hour = 3600;

    private static readonly Dimension Area = Length.Power(2);
    private static readonly Dimension Volume = Length.Power(3);
    private static readonly Dimension Frequency = One / Time;
    private static readonly Dimension Speed = Length / Time;
    private static readonly Dimension Acceleration = Speed / Time;
    private static readonly Dimension Flow = Volume / Time;
    private static readonly Dimension Force = Mass * Acceleration;
    private static readonly Dimension Energy = Force * Length;
    private static readonly Dimension Power = Energy / Time;
    private static readonly Dimension Pressure = Force / Area;
    private static readonly Dimension Density = Mass / Volume;
    private static readonly Dimension Charge = Current * Time;
    private static readonly Dimension Voltage = Power / Current;
    private static readonly Dimension Resistance = Voltage / Current;
    private static readonly Dimension Conductivity = One / (Resistance * Length);
    private static readonly Dimension MagneticFlux = Voltage * Time;
    private static readonly Dimension Dose = Energy / Mass;
    private static readonly Dimension InformationRate = Information / Time;

    /// <summary>Every unit; the first row is "no unit".</summary>
    internal static readonly UnitRow[] Rows =
    [
        new("", "", One, 1, 0),

        // Numbers and ratios.
        new("1", "", One, 1, 0, "count", "ratio", "/", "counts", "pcs"),
        new("%", "%", One, 0.01, 0, "percent", "pct", "/%", "/100", "per cent"),
        new("%RH", "%RH", One, 0.01, 0, "rh", "RH", "%rh", "%rH", "%r.H."),
        new("%EL", "%", One, 0.01, 0),
        new("/1000", "‰", One, 1e-3, 0, "‰", "permille"),
        new("ppm", "ppm", One, 1e-6, 0),
        new("ppb", "ppb", One, 1e-9, 0),
        new("beats", "beats", One, 1, 0),
        new("steps", "steps", One, 1, 0),
        new("index", "", One, 1, 0, "AQI", "UVI", "UV index"),
        new("pH", "pH", One, 1, 0, "PH", "ph"),
        new("NTU", "NTU", One, 1, 0, "FNU"),
        new("dB", "dB", One, 1, 0, "db", "DB", "dBA", "dB(A)"),
        new("Bspl", "B SPL", One, 10, 0, "bel"),
        new("dBm", "dBm", One, 1, 0),
        new("dBW", "dBW", One, 1, 30),
        new("rad", "rad", One, 1, 0),
        new("sr", "sr", One, 1, 0),
        new("deg", "°", One, Degree, 0, "°", "degree", "degrees"),
        new("lat", "° N", One, Degree, 0),
        new("lon", "° E", One, Degree, 0),

        // Temperature.
        new("K", "K", Temperature, 1, 0, "kelvin"),
        new("Cel", "°C", Temperature, 1, 273.15, "C", "°C", "℃", "degC", "deg C", "deg_c", "celsius"),
        new("degF", "°F", Temperature, 5.0 / 9, 459.67 * 5 / 9, "F", "°F", "℉", "deg F", "deg_f", "fahrenheit"),

        // Time and frequency.
        new("s", "s", Time, 1, 0, "sec", "secs", "second", "seconds"),
        new("EL", "s", Time, 1, 0),
        new("ns", "ns", Time, 1e-9, 0),
        new("us", "µs", Time, 1e-6, 0),
        new("ms", "ms", Time, 1e-3, 0, "msec", "milliseconds"),
        new("min", "min", Time, 60, 0, "mins", "minute", "minutes"),
        new("h", "h", Time, Hour, 0, "hr", "hrs", "hour", "hours"),
        new("d", "d", Time, 24 * Hour, 0, "day", "days"),
        new("Hz", "Hz", Frequency, 1, 0, "hz", "HZ"),
        new("kHz", "kHz", Frequency, 1e3, 0),
        new("MHz", "MHz", Frequency, 1e6, 0),
        new("GHz", "GHz", Frequency, 1e9, 0),
        new("1/s", "1/s", Frequency, 1, 0, "/s"),
        new("1/min", "1/min", Frequency, 1.0 / 60, 0, "/min", "cpm"),
        new("rpm", "rpm", Frequency, 1.0 / 60, 0, "r/min", "rev/min", "U/min"),
        new("beat/min", "bpm", Frequency, 1.0 / 60, 0, "bpm"),
        new("Bq", "Bq", Frequency, 1, 0),
        new("rad/s", "rad/s", Frequency, 1, 0),
        new("deg/s", "°/s", Frequency, Degree, 0, "°/s", "dps"),

        // Length, area, volume.
        new("m", "m", Length, 1, 0, "meter", "metre", "meters", "metres"),
        new("um", "µm", Length, 1e-6, 0, "micron"),
        new("mm", "mm", Length, 1e-3, 0),
        new("cm", "cm", Length, 1e-2, 0),
        new("km", "km", Length, 1e3, 0),
        new("in", "in", Length, Inch, 0, "inch", "inches", "\""),
        new("ft", "ft", Length, 12 * Inch, 0, "feet", "foot"),
        new("mi", "mi", Length, 63360 * Inch, 0, "mile", "miles"),
        new("m2", "m²", Area, 1, 0, "m^2", "sqm"),
        new("cm2", "cm²", Area, 1e-4, 0, "cm^2"),
        new("km2", "km²", Area, 1e6, 0, "km^2"),
        new("ha", "ha", Area, 1e4, 0),
        new("m3", "m³", Volume, 1, 0, "m^3", "cbm"),
        new("l", "L", Volume, 1e-3, 0, "L", "liter", "litre", "liters", "litres", "ltr"),
        new("ml", "mL", Volume, 1e-6, 0, "mL"),
        new("gal", "gal", Volume, Gallon, 0, "gallon", "gallons"),
        new("ft3", "ft³", Volume, 1728 * Inch * Inch * Inch, 0, "cuft"),

        // Motion and flow.
        new("m/s", "m/s", Speed, 1, 0, "mps"),
        new("km/h", "km/h", Speed, 1e3 / Hour, 0, "kmh", "kph"),
        new("mph", "mph", Speed, 63360 * Inch / Hour, 0, "mi/h"),
        new("kn", "kn", Speed, 1852 / Hour, 0, "kt", "kts", "knot", "knots"),
        new("ft/s", "ft/s", Speed, 12 * Inch, 0),
        new("m/h", "m/h", Speed, 1 / Hour, 0),
        new("mm/h", "mm/h", Speed, 1e-3 / Hour, 0, "mm/hr"),
        new("mm/s", "mm/s", Speed, 1e-3, 0),
        new("m/s2", "m/s²", Acceleration, 1, 0, "m/s^2"),
        new("gn", "gₙ", Acceleration, 9.80665, 0, "gravity", "g-force"),
        new("mgn", "mgₙ", Acceleration, 9.80665e-3, 0, "milli-g"),
        new("m3/s", "m³/s", Flow, 1, 0),
        new("m3/h", "m³/h", Flow, 1 / Hour, 0, "cbm/h"),
        new("l/s", "L/s", Flow, 1e-3, 0, "L/s", "lps"),
        new("l/min", "L/min", Flow, 1e-3 / 60, 0, "L/min", "lpm", "LPM"),
        new("l/h", "L/h", Flow, 1e-3 / Hour, 0, "L/h", "L/hr", "lph"),
        new("gal/min", "gal/min", Flow, Gallon / 60, 0, "gpm", "GPM"),

        // Mass and force.
        new("kg", "kg", Mass, 1, 0, "kilogram", "kilograms"),
        new("g", "g", Mass, 1e-3, 0, "gram", "grams"),
        new("mg", "mg", Mass, 1e-6, 0),
        new("t", "t", Mass, 1e3, 0, "tonne"),
        new("lb", "lb", Mass, Pound, 0, "lbs"),
        new("oz", "oz", Mass, Pound / 16, 0),
        new("N", "N", Force, 1, 0, "newton"),
        new("kN", "kN", Force, 1e3, 0),
        new("kg/m3", "kg/m³", Density, 1, 0),
        new("g/m3", "g/m³", Density, 1e-3, 0),
        new("mg/m3", "mg/m³", Density, 1e-6, 0),
        new("ug/m3", "µg/m³", Density, 1e-9, 0),
        new("mg/l", "mg/L", Density, 1e-3, 0, "mg/L"),

        // Pressure.
        new("Pa", "Pa", Pressure, 1, 0, "pascal"),
        new("hPa", "hPa", Pressure, 100, 0, "mbar", "mb", "millibar"),
        new("kPa", "kPa", Pressure, 1e3, 0),
        new("MPa", "MPa", Pressure, 1e6, 0),
        new("bar", "bar", Pressure, 1e5, 0),
        new("psi", "psi", Pressure, Pound * 9.80665 / (Inch * Inch), 0, "PSI", "lbf/in2"),
        new("mmHg", "mmHg", Pressure, 133.322387415, 0, "torr"),
        new("inHg", "inHg", Pressure, 3386.38864034, 0),
        new("atm", "atm", Pressure, 101325, 0),

        // Energy and power.
        new("J", "J", Energy, 1, 0, "joule"),
        new("kJ", "kJ", Energy, 1e3, 0),
        new("MJ", "MJ", Energy, 1e6, 0),
        new("GJ", "GJ", Energy, 1e9, 0),
        new("mWh", "mWh", Energy, 3.6, 0),
        new("Wh", "Wh", Energy, Hour, 0, "wh", "WH"),
        new("kWh", "kWh", Energy, 3.6e6, 0),
        new("MWh", "MWh", Energy, 3.6e9, 0),
        new("kcal", "kcal", Energy, 4184, 0),
        new("BTU", "BTU", Energy, 1055.05585262, 0, "Btu"),
        new("VAs", "VAs", Energy, 1, 0),
        new("kVAh", "kVAh", Energy, 3.6e6, 0),
        new("vars", "vars", Energy, 1, 0),
        new("varh", "varh", Energy, Hour, 0),
        new("kvarh", "kvarh", Energy, 3.6e6, 0),
        new("mW", "mW", Power, 1e-3, 0),
        new("W", "W", Power, 1, 0, "watt", "watts"),
        new("kW", "kW", Power, 1e3, 0, "KW", "kw"),
        new("MW", "MW", Power, 1e6, 0),
        new("GW", "GW", Power, 1e9, 0),
        new("VA", "VA", Power, 1, 0),
        new("kVA", "kVA", Power, 1e3, 0),
        new("var", "var", Power, 1, 0, "VAr", "VAR", "Var"),
        new("kvar", "kvar", Power, 1e3, 0),
        new("J/m", "J/m", Energy / Length, 1, 0),
        new("Wh/km", "Wh/km", Energy / Length, 3.6, 0),
        new("W/m2", "W/m²", Power / Area, 1, 0, "W/m^2"),

        // Electricity and magnetism.
        new("A", "A", Current, 1, 0, "amp", "amps", "ampere"),
        new("mA", "mA", Current, 1e-3, 0),
        new("uA", "µA", Current, 1e-6, 0),
        new("As", "C", Charge, 1, 0, "coulomb"),
        new("mAh", "mAh", Charge, 3.6, 0),
        new("Ah", "Ah", Charge, Hour, 0),
        new("V", "V", Voltage, 1, 0, "volt", "volts"),
        new("mV", "mV", Voltage, 1e-3, 0),
        new("uV", "µV", Voltage, 1e-6, 0),
        new("kV", "kV", Voltage, 1e3, 0),
        new("Ohm", "Ω", Resistance, 1, 0, "ohms", "Ω"),
        new("kOhm", "kΩ", Resistance, 1e3, 0, "kΩ"),
        new("MOhm", "MΩ", Resistance, 1e6, 0, "MΩ"),
        new("S", "S", One / Resistance, 1, 0),
        new("S/m", "S/m", Conductivity, 1, 0),
        new("uS/cm", "µS/cm", Conductivity, 1e-4, 0),
        new("mS/cm", "mS/cm", Conductivity, 0.1, 0),
        new("farad", "F", Charge / Voltage, 1, 0),
        new("uF", "µF", Charge / Voltage, 1e-6, 0),
        new("H", "H", MagneticFlux / Current, 1, 0, "henry"),
        new("Wb", "Wb", MagneticFlux, 1, 0),
        new("T", "T", MagneticFlux / Area, 1, 0, "tesla"),
        new("mT", "mT", MagneticFlux / Area, 1e-3, 0),
        new("uT", "µT", MagneticFlux / Area, 1e-6, 0),

        // Light, radiation, chemistry.
        new("cd", "cd", Luminosity, 1, 0),
        new("lm", "lm", Luminosity, 1, 0),
        new("lx", "lx", Luminosity / Area, 1, 0, "lux", "LX"),
        new("klx", "klx", Luminosity / Area, 1e3, 0),
        new("cd/m2", "cd/m²", Luminosity / Area, 1, 0),
        new("Gy", "Gy", Dose, 1, 0),
        new("Sv", "Sv", Dose, 1, 0),
        new("uSv", "µSv", Dose, 1e-6, 0),
        new("uSv/h", "µSv/h", Dose / Time, 1e-6 / Hour, 0),
        new("nSv/h", "nSv/h", Dose / Time, 1e-9 / Hour, 0),
        new("mol", "mol", Amount, 1, 0),
        new("kat", "kat", Amount / Time, 1, 0),
        new("mmol/l", "mmol/L", Amount / Volume, 1, 0, "mmol/L"),

        // Information, counted in bits.
        new("bit", "bit", Information, 1, 0, "bits"),
        new("B", "B", Information, 8, 0, "byte", "bytes"),
        new("kB", "kB", Information, 8e3, 0, "KB"),
        new("MB", "MB", Information, 8e6, 0),
        new("GB", "GB", Information, 8e9, 0),
        new("TB", "TB", Information, 8e12, 0),
        new("KiB", "KiB", Information, 8.0 * (1L << 10), 0),
        new("MiB", "MiB", Information, 8.0 * (1L << 20), 0),
        new("GiB", "GiB", Information, 8.0 * (1L << 30), 0),
        new("TiB", "TiB", Information, 8.0 * (1L << 40), 0),
        new("bit/s", "bit/s", InformationRate, 1, 0, "bps"),
        new("kbit/s", "kbit/s", InformationRate, 1e3, 0, "kbps"),
        new("Mbit/s", "Mbit/s", InformationRate, 1e6, 0, "Mbps"),
        new("Gbit/s", "Gbit/s", InformationRate, 1e9, 0, "Gbps"),
        new("B/s", "B/s", InformationRate, 8, 0),
        new("kB/s", "kB/s", InformationRate, 8e3, 0, "KB/s"),
        new("KiB/s", "KiB/s", InformationRate, 8.0 * (1L << 10), 0),
        new("MB/s", "MB/s", InformationRate, 8e6, 0),
        new("MiB/s", "MiB/s", InformationRate, 8.0 * (1L << 20), 0),
        new("GB/s", "GB/s", InformationRate, 8e9, 0),
    ];
}
