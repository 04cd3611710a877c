using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Alerts.Channels;
using IotEvents.Gateway.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts;

public sealed class AlertsOptionsTests
{
    [Fact]
    public void Read_EmptyFile_GivesTheDefaults()
    {
        var options = Read("");
        Assert.Equivalent(new AlertsOptions(), options, strict: true);
        Assert.Equal(["log"], options.ChannelNames);
        Assert.Equal(TimeSpan.FromHours(24), options.GiveUpAfter);
    }

    [Fact]
    public void Read_ChannelsAndRoutes_GivesThem()
    {
        var options = Read(
            """
            channels:
              - { name: ops, kind: webhook, settings: { url: "https://hooks.example/x" } }
              - { name: paper, kind: log }
            routes:
              - { match: { severity: [warning, critical], rule: "tank-*", device: "hall/*" }, to: [ops, paper] }
              - { to: paper }
            """);

        Assert.Equal(["ops", "paper", "log"], options.ChannelNames);
        Assert.Equal(2, options.Routes.Count);
        Assert.Equal([Severity.Warning, Severity.Critical], options.Routes[0].Severities);
        Assert.Equal(["paper"], options.Routes[1].To);
        var channels = AlertChannels.Create(options, new AlertChannelContext(TimeProvider.System, NullLogger.Instance));
        Assert.Equal(["ops", "paper", "log"], channels.Select(channel => channel.Name));
    }

    [Theory]
    [InlineData("chanels: []", "'chanels'")]
    [InlineData("routes: [{ to: [log], group_by: [site] }]", "'group_by'")]
    [InlineData("routes: [{ match: { site: x }, to: [log] }]", "'site'")]
    [InlineData("routes: [{ match: { severity: bad }, to: [log] }]", "'bad' is no severity")]
    [InlineData("routes: [{ match: { rule: x } }]", "leads nowhere")]
    [InlineData("routes: [{ to: [nobody] }]", "No channel is called 'nobody'")]
    [InlineData("channels: [{ name: a, kind: log }, { name: a, kind: log }]", "Two channels are called 'a'")]
    [InlineData("channels: [{ kind: log }]", "'name' is missing")]
    [InlineData("channels: [{ name: a }]", "'kind' is missing")]
    [InlineData("channels: [{ name: a, kind: pigeon }]", "'pigeon' is not known here")]
    [InlineData("channels: [{ name: a, kind: log, settings: { url: x } }]", "'url' is not known here")]
    [InlineData("ended_max: 1000001", "out of range")]
    [InlineData("ended_age: 59m", "out of range")]
    [InlineData("waiting_max: 0", "out of range")]
    [InlineData("failed_max: 0", "out of range")]
    [InlineData("give_up_after: 59s", "out of range")]
    [InlineData("give_up_after: 31d", "out of range")]
    [InlineData("retry_pause_max: 61m", "out of range")]
    public void Read_Mistake_IsToldAtItsPlace(string yaml, string expected)
    {
        var (map, errors) = Some.Settings(yaml);
        AlertsOptions.Read(map);
        Assert.Contains(errors.All, error => error.Message.Contains(expected, StringComparison.Ordinal) && error.Line == 1);
    }

    [Fact]
    public void Read_LimitsThemselves_AreAllowed()
    {
        Read("{ ended_max: 0, ended_age: 1h, waiting_max: 100000, failed_max: 1, give_up_after: 30d, retry_pause_max: 1s }");
        Read("{ ended_max: 1000000, ended_age: forever, waiting_max: 1, failed_max: 100000, give_up_after: 1m, retry_pause_max: 1h }");
    }

    [Fact]
    public void ChannelsFor_RuleNamesChannels_RoutesDoNotMatter()
    {
        var options = Some.Options("ops") with { Routes = [new AlertRoute { To = ["ops"] }] };
        Assert.Equal(["pager", "log"], options.ChannelsFor(Some.Raise(notify: ["pager", "log", "pager"])));
    }

    [Fact]
    public void ChannelsFor_NothingMatches_IsTheLog()
    {
        var options = Some.Options("ops") with { Routes = [new AlertRoute { To = ["ops"], Severities = [Severity.Critical] }] };
        Assert.Equal(["log"], options.ChannelsFor(Some.Raise(severity: Severity.Warning)));
        Assert.Equal(["ops"], options.ChannelsFor(Some.Raise(severity: Severity.Critical)));
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("tank-*", "tank-1", true)]
    [InlineData("tank-*", "a-tank-1", false)]
    [InlineData("*-1", "tank-1", true)]
    [InlineData("*-1", "tank-1-2", false)]
    [InlineData("hall/*/door", "hall/a/b/door", true)]
    [InlineData("a*b*c", "abbc", true)]
    [InlineData("a*b*c", "abbd", false)]
    [InlineData("exact", "exact", true)]
    [InlineData("exact", "exactly", false)]
    [InlineData("", "a", false)]
    public void Matches_DevicePattern_ReadsStarAsAnyText(string pattern, string device, bool expected)
    {
        Assert.Equal(expected, new AlertRoute { To = ["log"], Device = pattern }.Matches(Some.Raise(device: device)));
        Assert.Equal(expected, new AlertRoute { To = ["log"], Rule = pattern }.Matches(Some.Raise(rule: device)));
    }

    private static AlertsOptions Read(string yaml)
    {
        var (map, errors) = Some.Settings(yaml);
        var options = AlertsOptions.Read(map);
        Assert.Equal([], errors.All.Select((SettingsError error) => error.ToString()));
        return options;
    }
}
