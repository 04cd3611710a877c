using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Expressions;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

/// <summary>What is refused or warned of when the file is read, because of what metrics' names promise.</summary>
public sealed class LoadCheckTests
{
    [Theory]
    [InlineData("temperature", "value > 80 %", "A temperature and a ratio or count")]
    [InlineData("outdoor_temperature", "value > 80 %", "A temperature and a ratio or count")]
    [InlineData("*", "temperature > 80 %", "A temperature and a ratio or count")]
    [InlineData("*", "device(\"x\").temperature > 80 %", "A temperature and a ratio or count")]
    [InlineData("temperature", "avg_over_time(5m) > 80 %", "A temperature and a ratio or count")]
    [InlineData("temperature", "change > 2 °C/min", "A difference of temperatures and a rate of temperature")]
    [InlineData("*", "rate(pressure, 5m) > 5 hPa", "A quantity in ")]
    [InlineData("*", "any of device(\"*\").humidity where value > 5 °C", "A ratio or count and a temperature")]
    [InlineData("*", "avg of device(\"*\").voltage > 5 A", "A quantity in ")]
    [InlineData("temperature", "value > humidity", "A temperature and a ratio or count")]
    public void Load_AgainstThePromiseOfAName_IsRefused(string metric, string condition, string message)
    {
        Assert.Empty(RuleBench.Load(RuleBench.One($"'{condition}'", metric: metric), out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((4, "rules[0].raise"), (error.Line, error.Key));
    }

    [Theory]
    [InlineData("temperature", "value > 80 degF")]
    [InlineData("temperature", "value > 80")]
    [InlineData("level", "value > 80 % or level > 5 mm")]
    [InlineData("color_temp", "value > 80 %")]
    [InlineData("battery", "value < 2.5 V")]
    [InlineData("temp*", "value > 80 %")]
    [InlineData("*", "power > 50 %")]
    [InlineData("*", "change > temperature_limit")]
    [InlineData("*", "rate(energy, 5m) > 2 kW")]
    [InlineData("*", "value > 5 and temperature - device(\"x\").temperature > 5 °C")]
    public void Load_NothingAgainstIt_IsTaken(string metric, string condition)
    {
        var set = RuleBench.Load(RuleBench.One($"'{condition}'", metric: metric), out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Single(set.Rules);
        Assert.Empty(set.Warnings);
    }

    [Fact]
    public void Load_MembersOfAGroup_HaveThePromiseOfTheMatchedMetric()
    {
        _ = RuleBench.Load(RuleBench.One("'any of members where value > 80 %'", "group: all", "temperature"), out var errors);
        Assert.StartsWith("A temperature and", Assert.Single(errors.All).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "humidity > 120 %RH", "never fires")]
    [InlineData("humidity", "value > 120 %RH", "never fires")]
    [InlineData("humidity", "avg_over_time(5m) > 120 %RH", "never fires")]
    [InlineData("*", "temperature < -300 °C and value > 5", "never fires")]
    [InlineData("*", "max_over_time(temperature, 5m) > -500 degF", "never ends")]
    [InlineData("*", "count_over_time(5m) < 0", "never fires")]
    [InlineData("*", "count of device(\"*\").m where value > 5 >= 0", "never ends")]
    [InlineData("*", "value between 8 and 2", "never fires")]
    [InlineData("*", "value > 5 and value < 3 and other > 5", "never fires")]
    [InlineData("*", "not humidity <= 100 %RH", "never fires")]
    public void Load_CannotBeMeant_Warns(string metric, string condition, string warning)
    {
        var set = RuleBench.Load(RuleBench.One($"'{condition}'", metric: metric), out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Contains(warning, Assert.Single(set.Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("humidity", "value > 120")]
    [InlineData("*", "humidity > 99 %RH")]
    [InlineData("*", "count_over_time(5m) < 1")]
    [InlineData("*", "humidity >= 100 %RH or value > 5")]
    [InlineData("*", "predict_linear(humidity, 5m, 4h) > 120 %RH")]
    [InlineData("*", "absent(5m)")]
    [InlineData("*", "label.site == \"x\"")]
    public void Load_CanBeMeant_DoesNotWarn(string metric, string condition)
    {
        var set = RuleBench.Load(RuleBench.One($"'{condition}'", metric: metric), out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Empty(set.Warnings);
    }

    [Theory]
    [InlineData("temperature", "Cel")]
    [InlineData("ENERGY.Voltage", "V")]
    [InlineData("temperature_1", "Cel")]
    [InlineData("pm2_5", "ug/m3")]
    [InlineData("room_humidity", "%RH")]
    [InlineData("rssi", "dBm")]
    [InlineData("absolute_humidity", null)]
    [InlineData("sound_pressure", null)]
    [InlineData("color_temp", null)]
    [InlineData("level", null)]
    [InlineData("power", null)]
    [InlineData("co2", null)]
    [InlineData("battery", null)]
    [InlineData("wifi_rssi", null)]
    [InlineData("temperature_limit", null)]
    [InlineData("", null)]
    public void Promise_OfAName_IsOnlyWhatIsSure(string metric, string? unit) =>
        Assert.Equal(unit, MetricMeasures.Promised(metric)?.Symbol);

    [Fact]
    public void Promise_OfEveryWord_IsAUnit()
    {
        // A word without a unit in the table of metrics would promise nothing, silently.
        foreach (var name in MetricMeasures.Names)
        {
            Assert.True(MetricMeasures.Promised(name) is not null, name);
        }

        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules.md"));
        Assert.All(MetricMeasures.Names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Ranges_Physical_AreKnownForPromisedUnitsOnly()
    {
        Assert.Equal(new ValueRange(0, 100), ValueRange.Of(MetricMeasures.Of("humidity")));
        Assert.Equal(ValueRange.Any, ValueRange.Of(MetricMeasures.Of("level")));
        Assert.Equal(ValueRange.Any, ValueRange.Of(Measure.OfSeries(Units.Get("V"))));
    }
}
