using System.Text;
using IotEvents.Devices.Contracts;
using Xunit;

namespace IotEvents.Tests.Devices.Contracts;

public class UnitsTests
{
    // RFC 8428 §12.1 and RFC 8798 §2 and §3, in their order. C and F are read by TryParseSenMl alone.
    private const string SenMlNames =
        "m kg g s A K cd mol Hz rad sr N Pa J W V Ohm S Wb T H Cel lm lx Bq Gy Sv kat m2 m3 l m/s m/s2 m3/s l/s W/m2 cd/m2 " +
        "bit bit/s lat lon pH dB dBW Bspl count / % %RH %EL EL 1/s 1/min beat/min beats S/m " +
        "B VA VAs var vars J/m kg/m3 deg NTU " +
        "ms min h MHz kW kVA kvar Ah Wh kWh varh kvarh kVAh Wh/km KiB GB Mbit/s B/s MB/s mV mA dBm ug/m3 mm/h m/h ppm /100 " +
        "/1000 hPa mm cm km km/h";

    [Fact]
    public void Rows_Together_ShareNoName()
    {
        var names = Units.Rows.Skip(1).SelectMany(row => row.Aliases.Prepend(row.Symbol)).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, Units.NameMax));
    }

    [Fact]
    public void Rows_EachOne_HasUsableNumbers() =>
        Assert.All(Units.Rows, row => Assert.True(double.IsFinite(row.Offset) && row.Factor > 0, row.Symbol));

    [Fact]
    public void TryParse_EveryName_FindsItsRow() =>
        Assert.All(Units.Rows.Skip(1), row => Assert.All(row.Aliases.Prepend(row.Symbol), name =>
        {
            Assert.True(Units.TryParse(name, out var unit), name);
            Assert.Equal(row.Symbol, unit.Symbol);
            Assert.True(Units.TryParse(Encoding.UTF8.GetBytes(name), out var utf8), name);
            Assert.Equal(unit, utf8);
        }));

    [Fact]
    public void TryParse_NamesOfTheRfcs_AreAllKnown() =>
        Assert.All(SenMlNames.Split(' '), name => Assert.True(Units.TryParse(name, out _), name));

    [Theory]
    [InlineData("℃", "Cel")]
    [InlineData("degc", "Cel")]
    [InlineData("Celsius", "Cel")]
    [InlineData("CELSIUS", "Cel")]
    [InlineData("°F", "degF")]
    [InlineData("µg/m³", "ug/m3")]
    [InlineData("μg/m³", "ug/m3")]
    [InlineData("µg / m³", "ug/m3")]
    [InlineData("m³/h", "m3/h")]
    [InlineData("µS/cm", "uS/cm")]
    [InlineData("KWH", "kWh")]
    [InlineData("kwh", "kWh")]
    [InlineData("Lux", "lx")]
    [InlineData("k\u03A9", "kOhm")]
    [InlineData("k\u2126", "kOhm")]
    [InlineData("mbar", "hPa")]
    [InlineData(" L/min ", "l/min")]
    public void TryParse_WhatDevicesSay_FindsTheUnit(string name, string symbol)
    {
        Assert.True(Units.TryParse(name, out var unit));
        Assert.Equal(symbol, unit.Symbol);
    }

    [Theory]
    [InlineData("MWH")]
    [InlineData("mPA")]
    [InlineData("furlong")]
    [InlineData("kk")]
    [InlineData("KelVin")]
    [InlineData("000000000000000000000000000000000")]
    public void TryParse_AmbiguousOrUnknown_Refuses(string name) => Assert.False(Units.TryParse(name, out _));

    [Fact]
    public void TryParse_CaseMatters_WhereTwoUnitsDifferInIt()
    {
        Assert.Equal(1e-3, Units.Get("mW").Factor);
        Assert.Equal(1e6, Units.Get("MW").Factor);
        Assert.NotEqual(Units.Get("S"), Units.Get("s"));
        Assert.NotEqual(Units.Get("H"), Units.Get("h"));
    }

    [Fact]
    public void TryParse_Empty_IsNoUnit()
    {
        Assert.True(Units.TryParse("  ", out var unit));
        Assert.False(unit.IsKnown);
    }

    [Fact]
    public void TryParse_HostileUtf8_Refuses()
    {
        Assert.False(Units.TryParse([0xFF, 0xFE], out _));
        Assert.False(Units.TryParse(new byte[33], out _));
        Assert.False(Units.TryParse("\0"u8, out _));
    }

    [Fact]
    public void TryParseSenMl_CAndF_AreCoulombAndFarad()
    {
        Assert.True(Units.TryParseSenMl("C"u8, out var coulomb));
        Assert.True(Units.TryParseSenMl("F"u8, out var farad));
        Assert.Equal(Dimension.Current * Dimension.Time, coulomb.Dimension);
        Assert.Equal(farad.Dimension, coulomb.Dimension / Units.Get("V").Dimension);
        Assert.True(Units.TryParseSenMl("Cel"u8, out var celsius));
        Assert.Equal("°C", celsius.Display);
    }

    [Fact]
    public void Get_Unknown_Throws() => Assert.Throws<ArgumentException>(() => Units.Get("furlong"));

    [Theory]
    [InlineData(0, "Cel", 32, "degF")]
    [InlineData(0, "Cel", 273.15, "K")]
    [InlineData(100, "Cel", 212, "degF")]
    [InlineData(-40, "Cel", -40, "degF")]
    [InlineData(-273.15, "Cel", 0, "K")]
    [InlineData(1, "kWh", 3.6, "MJ")]
    [InlineData(1, "bar", 100, "kPa")]
    [InlineData(1013.25, "hPa", 1, "atm")]
    [InlineData(1, "mmHg", 133.322387415, "Pa")]
    [InlineData(1, "inHg", 25.4, "mmHg")]
    [InlineData(1, "psi", 6.894757293168361, "kPa")]
    [InlineData(1, "GB", 1e9, "B")]
    [InlineData(1, "KiB", 1024, "B")]
    [InlineData(8, "bit", 1, "B")]
    [InlineData(1, "Mbit/s", 125, "kB/s")]
    [InlineData(36, "km/h", 10, "m/s")]
    [InlineData(1, "mph", 1.609344, "km/h")]
    [InlineData(1, "kn", 1.852, "km/h")]
    [InlineData(60, "rpm", 1, "Hz")]
    [InlineData(180, "deg", Math.PI, "rad")]
    [InlineData(1, "m3/h", 1000, "l/h")]
    [InlineData(6, "l/min", 0.1, "l/s")]
    [InlineData(1, "gal", 3.785411784, "l")]
    [InlineData(1, "Ah", 3600, "As")]
    [InlineData(10, "mS/cm", 1, "S/m")]
    [InlineData(1000, "uS/cm", 1, "mS/cm")]
    [InlineData(1, "%", 10000, "ppm")]
    [InlineData(0, "dBW", 30, "dBm")]
    [InlineData(1, "d", 24, "h")]
    public void Convert_FixedPoints_HoldBothWays(double value, string from, double expected, string to)
    {
        Assert.Equal(expected, Units.Get(from).Convert(value, Units.Get(to)), Math.Abs(expected) * 1e-9 + 1e-9);
        Assert.Equal(value, Units.Get(to).Convert(expected, Units.Get(from)), Math.Abs(value) * 1e-9 + 1e-9);
    }

    [Fact]
    public void Convert_AllPairsOfOneKind_RoundTrips()
    {
        const int seed = 20261;
        var random = new Random(seed);
        foreach (var from in Units.All)
        {
            foreach (var to in Units.All.Where(from.ConvertsTo))
            {
                var value = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 7));
                var back = to.Convert(from.Convert(value, to), from);
                // An offset costs absolute precision: 273.15 K are subtracted and added again.
                var tolerance = (1e-12 * Math.Abs(value)) + (1e-12 * Math.Abs(from.Offset + to.Offset) / from.Factor);
                Assert.True(Math.Abs(back - value) <= tolerance, $"seed {seed}: {value} {from} by {to} came back as {back}");
            }
        }
    }

    [Fact]
    public void Convert_BetweenKinds_Refuses()
    {
        foreach (var from in Units.All)
        {
            foreach (var to in Units.All.Where(to => to.Dimension != from.Dimension))
            {
                Assert.False(from.ConvertsTo(to));
                Assert.Throws<ArgumentException>(() => from.Convert(1, to));
            }
        }
    }

    [Fact]
    public void Convert_NoUnit_Refuses()
    {
        Assert.False(Unit.None.ConvertsTo(Units.Get("K")));
        Assert.False(Units.Get("K").ConvertsTo(Unit.None));
        Assert.Throws<ArgumentException>(() => Units.Get("1").Convert(1, Unit.None));
        Assert.Equal(7, Unit.None.Convert(7, Unit.None));
    }

    [Theory]
    [InlineData("°C", 1, 273.15, "K")]
    [InlineData("°C/min", 1.0 / 60, 0, "s^-1·K")]
    [InlineData("degF/h", 5.0 / 9 / 3600, 0, "s^-1·K")]
    [InlineData("L/h", 1e-3 / 3600, 0, "m^3·s^-1")]
    [InlineData("W/m2", 1, 0, "kg·s^-3")]
    [InlineData("W/m²", 1, 0, "kg·s^-3")]
    [InlineData("kW/m^2", 1000, 0, "kg·s^-3")]
    [InlineData("kg·m2/s3", 1, 0, "m^2·kg·s^-3")]
    [InlineData("m/s/s", 1, 0, "m·s^-2")]
    [InlineData("m*s^-2", 1, 0, "m·s^-2")]
    [InlineData("%/h", 0.01 / 3600, 0, "s^-1")]
    [InlineData("GB/d", 8e9 / 86400, 0, "s^-1·bit")]
    [InlineData("1/h", 1.0 / 3600, 0, "s^-1")]
    public void TryParseExpression_Compound_GivesFactorAndKind(string text, double factor, double offset, string dimension)
    {
        Assert.True(Units.TryParseExpression(text, out var actual, out var actualOffset, out var kind));
        Assert.Equal(factor, actual, factor * 1e-12);
        Assert.Equal(offset, actualOffset);
        Assert.Equal(dimension, kind.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("furlong/h")]
    [InlineData("m/")]
    [InlineData("m5")]
    [InlineData("m0")]
    [InlineData("m--2")]
    [InlineData("m/m/m/m/m/m/m/m/m")]
    [InlineData("80")]
    public void TryParseExpression_NoUnit_Refuses(string text) =>
        Assert.False(Units.TryParseExpression(text, out _, out _, out _));
}
