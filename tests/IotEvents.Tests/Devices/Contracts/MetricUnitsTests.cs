using System.Text;
using IotEvents.Devices.Contracts;
using Xunit;

namespace IotEvents.Tests.Devices.Contracts;

public class MetricUnitsTests
{
    [Theory]
    [InlineData("temperature", "Cel")]
    [InlineData("Temperature", "Cel")]
    [InlineData("BME280.Temperature", "Cel")]
    [InlineData("temp", "Cel")]
    [InlineData("temperature2", "Cel")]
    [InlineData("temp_1", "Cel")]
    [InlineData("outdoor_temperature", "Cel")]
    [InlineData("temperature.value", "Cel")]
    [InlineData("voltage.0", "V")]
    [InlineData("temp_f", "degF")]
    [InlineData("outdoor_temp_f", "degF")]
    [InlineData("temperature_c", "Cel")]
    [InlineData("humidity", "%RH")]
    [InlineData("pressure", "hPa")]
    [InlineData("pressure_kpa", "kPa")]
    [InlineData("co2", "ppm")]
    [InlineData("battery", "%")]
    [InlineData("battery_mv", "mV")]
    [InlineData("battery_percent", "%")]
    [InlineData("voltage", "V")]
    [InlineData("voltage_c", "V")]
    [InlineData("current_a", "A")]
    [InlineData("power_a", "W")]
    [InlineData("power_w", "W")]
    [InlineData("power_kw", "kW")]
    [InlineData("energy", "kWh")]
    [InlineData("energy_wh", "Wh")]
    [InlineData("illuminance", "lx")]
    [InlineData("rssi", "dBm")]
    [InlineData("Wifi.RSSI", "dBm")]
    [InlineData("speed_kmh", "km/h")]
    [InlineData("free_bytes", "B")]
    [InlineData("pm2_5", "ug/m3")]
    public void ForMetric_SafeName_GivesTheUnit(string metric, string symbol)
    {
        Assert.True(Units.ForMetric(Encoding.UTF8.GetBytes(metric), out var unit), metric);
        Assert.Equal(symbol, unit.Symbol);
    }

    [Theory]
    [InlineData("")]
    [InlineData("value")]
    [InlineData("value.0")]
    [InlineData("level")]
    [InlineData("speed")]
    [InlineData("phase_c")]
    [InlineData("class_f")]
    [InlineData("temperaturealarm")]
    [InlineData("_c")]
    [InlineData("2")]
    public void ForMetric_UnsafeName_GivesNone(string metric)
    {
        Assert.False(Units.ForMetric(Encoding.UTF8.GetBytes(metric), out var unit), metric);
        Assert.False(unit.IsKnown);
    }

    [Fact]
    public void ForMetric_HostileBytes_GivesNone()
    {
        Assert.False(Units.ForMetric([0xFF, 0xFE, 0xC3], out _));
        Assert.False(Units.ForMetric(Encoding.UTF8.GetBytes(new string('a', 5000) + "_c"), out _));
    }
}
