using IotEvents.Gateway.Rules.Expressions;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

public sealed class ConditionFormTests
{
    [Theory]
    [InlineData("value between 2 and 8", 2, nameof(Truth.True))]
    [InlineData("value between 2 and 8", 8, nameof(Truth.True))]
    [InlineData("value between 2 and 8", 8.01, nameof(Truth.False))]
    [InlineData("value not between 2 and 8", 8.01, nameof(Truth.True))]
    [InlineData("not value between 2 and 8", 8.01, nameof(Truth.True))]
    [InlineData("value between 2 and 8 and value > 5", 4, nameof(Truth.False))]
    [InlineData("round(value) == 3", 2.5, nameof(Truth.True))]
    [InlineData("round(value) == -3", -2.5, nameof(Truth.True))]
    [InlineData("floor(value) == 2 and ceil(value) == 3", 2.5, nameof(Truth.True))]
    [InlineData("sqrt(value) == 3", 9, nameof(Truth.True))]
    [InlineData("sqrt(value) > 0", -1, nameof(Truth.Unknown))]
    [InlineData("pow(value, 3) == 8", 2, nameof(Truth.True))]
    [InlineData("log10(value) == 2", 100, nameof(Truth.True))]
    [InlineData("log10(value) < 0", 0, nameof(Truth.Unknown))]
    [InlineData("exp(value) > 0", 1e6, nameof(Truth.Unknown))]
    [InlineData("sqrt(25 %) == 0.5", 0, nameof(Truth.True))]
    [InlineData("clamp(value, 1, 5) == 5", 7, nameof(Truth.True))]
    [InlineData("clamp(value, 1, 5) == 1", -7, nameof(Truth.True))]
    [InlineData("clamp(value, 1, 5) == 3", 3, nameof(Truth.True))]
    public void Condition_OfAPlainValue_SaysWhatIsSo(string condition, double value, string expected) =>
        Assert.Equal(expected, new ConditionBench().Read(0, value).Judge(condition, 0).ToString());

    [Theory]
    [InlineData("label.site == \"hamburg\"", nameof(Truth.True))]
    [InlineData("label.site = 'hamburg'", nameof(Truth.True))]
    [InlineData("\"hamburg\" == label.site", nameof(Truth.True))]
    [InlineData("label.site != \"hamburg\"", nameof(Truth.False))]
    [InlineData("label.site == \"Hamburg\"", nameof(Truth.False))]
    [InlineData("label.none == \"hamburg\"", nameof(Truth.False))]
    [InlineData("label.none != \"hamburg\"", nameof(Truth.True))]
    [InlineData("label.none == label.none", nameof(Truth.False))]
    [InlineData("label.site == label.home", nameof(Truth.True))]
    [InlineData("label.site in (\"kiel\", \"hamburg\")", nameof(Truth.True))]
    [InlineData("label.site not in (\"kiel\", \"hamburg\")", nameof(Truth.False))]
    [InlineData("label.none in (\"kiel\")", nameof(Truth.False))]
    public void Labels_OfADevice_AreCompared(string condition, string expected) => Assert.Equal(expected,
        new ConditionBench().Read(0, 1).Label("d", "site", "hamburg").Label("d", "home", "hamburg").Judge(condition, 0).ToString());

    [Theory]
    [InlineData("value between 2 and 8", 5, 2, 8)]
    [InlineData("value > 5 and label.site == \"x\"", 7, 5.000000000000001, double.PositiveInfinity)]
    [InlineData("label.site == \"x\"", 7, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData("value > 5 and count_over_time(5m) > 5", 3, double.NegativeInfinity, 5)]
    [InlineData("count_over_time(5m) > 5 and value > 5", 3, double.NegativeInfinity, 5)]
    [InlineData("absent(5m) or value > 5", 7, 5.000000000000001, double.PositiveInfinity)]
    [InlineData("not (value < 5 or other > 3)", 3, double.NegativeInfinity, 4.999999999999999)]
    public void Steady_ValueWithConstants_IsABand(string condition, double value, double low, double high)
    {
        var band = new ConditionBench().Read(0, value).Bind(condition).Node.Steady(value);
        Assert.Equal((low, high), (band.Low, band.High));
    }

    [Theory]
    [InlineData("avg_over_time(5m) > 5")]
    [InlineData("value > 4 and count_over_time(5m) > 5")]
    [InlineData("absent(5m)")]
    [InlineData("value > 5 or absent(5m)")]
    [InlineData("value reaches 5 within 4h")]
    [InlineData("any of device(\"*\").m where value > 5")]
    [InlineData("count of device(\"*\").m > 5")]
    [InlineData("value > avg of device(\"*\").m")]
    [InlineData("round(value) > 5")]
    [InlineData("other > 5")]
    public void Steady_AnythingElse_IsEmpty(string condition)
    {
        var band = new ConditionBench().Read(0, 5).Bind(condition).Node.Steady(5);
        Assert.True(band.Low > band.High);
    }

    [Theory]
    [InlineData("value - last_over_time(5m) > 1", "value = 5 °C, last_over_time(5m) = 5 °C over 1 reading")]
    [InlineData("rate(5m) > 2 °C/min and change > 1", "rate(5m) = unknown over 1 reading, change = unknown")]
    [InlineData("value > 5 or value > 6", "value = 5 °C")]
    [InlineData("label.site == \"x\" or label.none == \"y\"", "label.site = \"hamburg\", label.none is not set")]
    [InlineData("absent(humidity, 5m)", "absent(humidity, 5m) = unknown, no reading yet")]
    public void Explain_NamesEveryInputOnce(string condition, string expected) => Assert.Equal(expected,
        new ConditionBench().Read(0, 5, "d/m", "Cel").Label("d", "site", "hamburg").Explain(condition, 0));

    [Fact]
    public void Explain_RatesOfTemperature_StandInReadableUnits()
    {
        var bench = new ConditionBench().Read(0, 20, "d/m", "Cel").Read(600, 20.5, "d/m");
        Assert.Equal("deriv(1h) = 3 °C/h over 2 readings", bench.Explain("deriv(1h) > 1 °C/h", 600));
        Assert.Equal("change = 0.5 °C", bench.Explain("change > 1 °C", 600));
        bench.Read(601, 25.5);
        Assert.Equal("deriv(2s) = 5 °C/s over 2 readings", bench.Explain("deriv(2s) > 1 °C/h", 601));
    }
}
