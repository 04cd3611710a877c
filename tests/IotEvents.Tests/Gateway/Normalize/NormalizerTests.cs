using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Normalize;

public class NormalizerTests
{
    private static readonly Unit Celsius = Units.Get("Cel");
    private static readonly Unit Fahrenheit = Units.Get("degF");
    private static readonly Unit Hectopascal = Units.Get("hPa");

    private readonly SeriesCatalog _catalog = new();

    [Fact]
    public void TryNormalize_FirstUnit_StaysTheUnitOfTheSeries()
    {
        var normalizer = Normalizer();
        var series = Some.Series(_catalog, metric: "x");

        Assert.True(normalizer.TryNormalize(Raw(series, 20, Celsius), out _));
        Assert.True(normalizer.TryNormalize(Raw(series, 50, Fahrenheit), out var reading));

        Assert.Equal(Celsius, series.Unit);
        Assert.Equal(10, reading.Value, 1e-9);
    }

    [Fact]
    public void TryNormalize_ConfiguredUnit_BeatsThePayloads()
    {
        var normalizer = Normalizer(new DeviceDescription
        {
            Id = "kitchen",
            Name = "Kitchen",
            Units = new Dictionary<string, Unit> { ["x"] = Fahrenheit },
        });
        var series = Some.Series(_catalog, metric: "x");

        Assert.True(normalizer.TryNormalize(Raw(series, 0, Celsius), out var reading));

        Assert.Equal(Fahrenheit, series.Unit);
        Assert.Equal(32, reading.Value, 1e-9);
    }

    [Fact]
    public void TryNormalize_UnitOfAnotherKind_IsLeftOutAndCounted()
    {
        var normalizer = Normalizer();
        var series = Some.Series(_catalog, metric: "x");
        Assert.True(normalizer.TryNormalize(Raw(series, 20, Celsius), out _));

        Assert.False(normalizer.TryNormalize(Raw(series, 1013, Hectopascal), out _));

        Assert.Equal(1, normalizer.Rejected(RejectReason.WrongUnit));
    }

    [Fact]
    public void TryNormalize_NoUnitAnywhere_TakesTheNumberAsItStands()
    {
        var series = Some.Series(_catalog, metric: "x");

        Assert.True(Normalizer().TryNormalize(Raw(series, 4.5), out var reading));

        Assert.False(series.Unit.IsKnown);
        Assert.Equal(4.5, reading.Value);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void TryNormalize_NotFinite_IsLeftOutAndCounted(double value)
    {
        var normalizer = Normalizer();

        Assert.False(normalizer.TryNormalize(Raw(Some.Series(_catalog), value), out _));

        Assert.Equal(1, normalizer.Rejected(RejectReason.NotFinite));
    }

    [Fact]
    public void TryNormalize_NoDeviceTime_TakesTheReceiveTimeAndSaysSo()
    {
        Assert.True(Normalizer().TryNormalize(Raw(Some.Series(_catalog), 1), out var reading));

        Assert.Equal(Some.Noon, reading.Time);
        Assert.True(reading.Quality.HasFlag(Quality.TimeReceived));
    }

    [Theory]
    [InlineData(10 * 60, false)]
    [InlineData((10 * 60) + 1, true)]
    [InlineData(-20L * 365 * 86400, false)]
    [InlineData((-20L * 365 * 86400) - 1, true)]
    public void TryNormalize_DeviceTimeBeyondTheWindow_TakesTheReceiveTime(long secondsFromNow, bool isReplaced)
    {
        var normalizer = Normalizer();
        var time = Some.Noon + TimeSpan.FromSeconds(secondsFromNow);

        Assert.True(normalizer.TryNormalize(Raw(Some.Series(_catalog), 1, time: time), out var reading));

        Assert.Equal(isReplaced ? Some.Noon : time, reading.Time);
        Assert.Equal(isReplaced, reading.Quality.HasFlag(Quality.TimeReplaced));
        Assert.Equal(isReplaced ? 1 : 0, normalizer.Rejected(RejectReason.AbsurdTime));
    }

    [Fact]
    public void TryNormalize_SameTimeAndValueAgain_IsARepeat()
    {
        var normalizer = Normalizer();
        var series = Some.Series(_catalog);
        Assert.True(normalizer.TryNormalize(Raw(series, 1, time: Some.Noon), out _));

        Assert.False(normalizer.TryNormalize(Raw(series, 1, time: Some.Noon), out _));
        Assert.True(normalizer.TryNormalize(Raw(series, 2, time: Some.Noon), out _));
        Assert.True(normalizer.TryNormalize(Raw(series, 1, time: Some.Noon + TimeSpan.FromSeconds(1)), out _));

        Assert.Equal(1, normalizer.Rejected(RejectReason.Duplicate));
    }

    [Fact]
    public void TryNormalize_WithoutDeviceTime_TwoEqualValuesAreTwoReadings()
    {
        var normalizer = Normalizer();
        var series = Some.Series(_catalog);

        Assert.True(normalizer.TryNormalize(Raw(series, 1), out _));
        Assert.True(normalizer.TryNormalize(Raw(series, 1), out _));
    }

    [Fact]
    public void TryNormalize_RepeatOfTheLastEightInAnyOrder_IsKnown()
    {
        var normalizer = Normalizer();
        var series = Some.Series(_catalog);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(normalizer.TryNormalize(Raw(series, i, time: Some.Noon + TimeSpan.FromSeconds(i)), out _));
        }

        foreach (var i in new[] { 99, 92, 95 })
        {
            Assert.False(normalizer.TryNormalize(Raw(series, i, time: Some.Noon + TimeSpan.FromSeconds(i)), out _));
        }
    }

    [Fact]
    public void Remember_StoredReading_MakesItsRepeatKnownAfterARestart()
    {
        var series = Some.Series(_catalog);
        var normalizer = Normalizer();
        normalizer.Remember(new Reading(series.Id, Quality.Good, Some.Noon, Some.Noon, 7));

        Assert.False(normalizer.TryNormalize(Raw(series, 7, time: Some.Noon), out _));
    }

    [Fact]
    public void TryNormalize_RetainedValueWithoutTimeThatIsStoredAlready_KeepsItsAge()
    {
        var normalizer = Normalizer();
        var series = Some.Series(_catalog);
        normalizer.Remember(new Reading(series.Id, Quality.TimeReceived, Some.Noon - TimeSpan.FromHours(3), Some.Noon, 42));

        Assert.False(normalizer.TryNormalize(Raw(series, 42) with { Quality = Quality.Retained }, out _));
        Assert.True(normalizer.TryNormalize(Raw(series, 43) with { Quality = Quality.Retained }, out var changed));
        Assert.False(normalizer.TryNormalize(Raw(series, 43) with { Quality = Quality.Retained }, out _));
        Assert.True(normalizer.TryNormalize(Raw(series, 43), out _));

        Assert.Equal(Quality.Retained | Quality.TimeReceived | Quality.UnitAssumed, changed.Quality);
        Assert.Equal(2, normalizer.Rejected(RejectReason.Duplicate));
    }

    [Theory]
    [InlineData("Cel", -273.15, false)]
    [InlineData("Cel", -274, true)]
    [InlineData("degF", -459, false)]
    [InlineData("degF", -461, true)]
    [InlineData("%RH", 104, false)]
    [InlineData("%RH", 111, true)]
    [InlineData("%RH", -6, true)]
    [InlineData("%", 250, false)]
    public void TryNormalize_BeyondPhysics_IsKeptAndMarked(string unit, double value, bool isOutside)
    {
        Assert.True(Normalizer().TryNormalize(Raw(Some.Series(_catalog), value, Units.Get(unit)), out var reading));

        Assert.Equal(isOutside, reading.Quality.HasFlag(Quality.OutOfRange));
        Assert.Equal(value, reading.Value);
    }

    private static Normalizer Normalizer(params DeviceDescription[] described) =>
        new(Some.Directory(described), new NormalizeOptions());

    private static RawReading Raw(Series series, double value, Unit unit = default, Timestamp? time = null) =>
        new(series, unit, Quality.Good, time ?? Timestamp.None, Some.Noon, value);
}
