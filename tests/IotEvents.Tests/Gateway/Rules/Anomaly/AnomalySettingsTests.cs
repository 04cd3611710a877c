using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Anomaly;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

public sealed class AnomalySettingsTests
{
    [Fact]
    public void Read_NoKeys_HasDefaults()
    {
        var read = Read("{}", out var errors);
        Assert.True(errors.IsEmpty);
        Assert.Equal(new AnomalySettings(), read);
        Assert.Equal(
            (8.0, TimeSpan.FromDays(1), Season.Auto, Direction.Both, TimeSpan.FromDays(1), "UTC"),
            (read.Sensitivity, read.Window, read.Season, read.Direction, read.Learn, read.Zone.Name));
    }

    [Fact]
    public void Read_AllKeys_AreTaken()
    {
        var read = Read(
            "sensitivity: 4.5\nwindow: 6h\nseason: week\ndirection: below\nlearn: 3d\nzone: Europe/Berlin", out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Equal(
            "anomaly: sensitivity 4.5, window 6h, season week, direction below, learn 3d, zone Europe/Berlin", read.Text);
    }

    [Theory]
    [InlineData("sensitivity: 1")]
    [InlineData("sensitivity: 1000")]
    [InlineData("window: 1m")]
    [InlineData("window: 366d")]
    [InlineData("season: none")]
    [InlineData("season: day")]
    [InlineData("direction: above")]
    [InlineData("zone: Europe/Berlin")]
    [InlineData("learn: 0s")]
    [InlineData("learn: 366d")]
    public void Read_AtTheLimit_IsTakenAndMatters(string line)
    {
        var read = Read(line, out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.NotEqual(new AnomalySettings().Text, read.Text);
    }

    [Theory]
    [InlineData("sensitivity: 0.9", "sensitivity", "out of range")]
    [InlineData("sensitivity: 1001", "sensitivity", "out of range")]
    [InlineData("sensitivity: high", "sensitivity", "is not a number")]
    [InlineData("window: 59s", "window", "out of range")]
    [InlineData("window: 367d", "window", "out of range")]
    [InlineData("season: month", "season", "not known")]
    [InlineData("direction: up", "direction", "not known")]
    [InlineData("learn: -1s", "learn", "is not")]
    [InlineData("zone: Mars/Olympus", "zone", "is no time zone")]
    public void Read_WrongKey_IsRefusedWithPlaceAndMend(string line, string key, string message)
    {
        Read("# a comment\n" + line, out var errors);
        var error = Assert.Single(errors.All);
        Assert.Equal(("rules.yaml", 2, key), (error.File, error.Line, error.Key));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Mend);
    }

    private static AnomalySettings Read(string text, out SettingsErrors errors)
    {
        errors = new SettingsErrors();
        var map = new SettingsMap(SettingsFile.Parse("rules.yaml", text, errors), errors);
        var read = AnomalySettings.Read(map);
        map.Done();
        return read;
    }
}
