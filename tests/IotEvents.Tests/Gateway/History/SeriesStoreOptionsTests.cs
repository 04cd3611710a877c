using IotEvents.Devices.Settings;
using IotEvents.Gateway.History;
using Xunit;

namespace IotEvents.Tests.Gateway.History;

public sealed class SeriesStoreOptionsTests
{
    [Fact]
    public void Read_Nothing_GivesTheDefaults()
    {
        Assert.Equal(new SeriesStoreOptions(), Read("", out var errors));
        Assert.Empty(errors);
        Assert.Equal(
            (TimeSpan.FromDays(30), 4_000_000_000, TimeSpan.FromMinutes(5)),
            (new SeriesStoreOptions().Retention, new SeriesStoreOptions().BudgetBytes, new SeriesStoreOptions().Flush));
    }

    [Theory]
    [InlineData("{ retention: 1h, budget: 1MB, flush: 1s }")]
    [InlineData("{ retention: forever, budget: 1TB, flush: 1h }")]
    public void Read_ValuesAtTheLimits_TakesThem(string text)
    {
        Assert.NotEqual(new SeriesStoreOptions(), Read(text, out var errors));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("retention: 59m")]
    [InlineData("budget: 999999")]
    [InlineData("budget: 1.1TB")]
    [InlineData("flush: 999ms")]
    [InlineData("flush: 61m")]
    [InlineData("retension: 3d")]
    public void Read_ValueBeyondALimitOrUnknownKey_SaysSoAndKeepsTheDefault(string text)
    {
        Assert.Equal(new SeriesStoreOptions(), Read(text, out var errors));
        Assert.Single(errors);
    }

    private static SeriesStoreOptions Read(string text, out IReadOnlyList<SettingsError> errors)
    {
        var found = new SettingsErrors();
        var options = SeriesStoreOptions.Read(new SettingsMap(SettingsFile.Parse("store.yaml", text, found), found));
        errors = found.All;
        return options;
    }
}
