using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Hosting.Planning;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Hosting.Planning;

public sealed class PostedRulesTests
{
    private const string Rule = "rules: [ { id: r, match: { metric: m }, raise: value > max } ]";

    private static readonly PlannedRules InForce = new(
        RuleSet.Empty, Some.Directory(), new AlertsOptions { Routes = [new AlertRoute { To = ["log"] }] }, new RuleEngineOptions());

    [Fact]
    public void Read_RulesAlone_KeepWhatElseIsInForce()
    {
        var planned = Read([new RuleFile("a/b.yaml", Rule)], out var errors);

        Assert.Empty(errors);
        Assert.Equal("r", Assert.Single(planned.Rules.Rules).Id);
        Assert.Same(InForce.Devices, planned.Devices);
        Assert.Same(InForce.Routes, planned.Routes);
    }

    [Fact]
    public void Read_DevicesAndRoutesBeside_AreTheirs()
    {
        var planned = Read(
            [
                new RuleFile("new/rules/r.yaml", Rule),
                new RuleFile("new/devices.yaml", "devices: [ { id: d, attributes: { max: 5 } } ]"),
                new RuleFile("new\\alerts.yaml", """
                    channels: [ { name: phone, kind: webhook, settings: { url: "${file:/etc/hostname}", headers: { A: "${env:HOME}" } } } ]
                    routes: [ { to: [phone] } ]
                    """),
            ],
            out var errors);

        Assert.Empty(errors);
        Assert.Equal(5, planned.Devices.Find("d").Attributes["max"].Value);
        Assert.Equal("phone", Assert.Single(Assert.Single(planned.Routes.Routes).To));
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("channels: [ { name: phone, kind: log } ]", 1)]
    public void Read_NotifyOfNoChannel_IsRefusedWhereChannelsCameAlong(string? alerts, int errors)
    {
        var rule = new RuleFile("r.yaml", Rule.Replace("max }", "max, notify: [phon] }", StringComparison.Ordinal));
        _ = Read(alerts is null ? [rule] : [rule, new RuleFile("alerts.yaml", alerts)], out var found);

        Assert.Equal(errors, found.Count);
        Assert.All(found, error => Assert.Contains("did you mean 'phone'?", error.Mend, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("r.yaml", "rules: [ { id: '${file:/etc/hostname}', match: { metric: m }, raise: value > 1 } ]", 1, 16)]
    [InlineData("r.yaml", "rules:\n- id: r\n  match: { metric: m }\n  raise: value > 1\n  severity: ${env:HOME}", 5, 13)]
    [InlineData("devices.yaml", "devices:\n- id: d\n  name: ${file:/etc/hostname}", 3, 9)]
    [InlineData("alerts.yaml", "routes:\n- { match: { rule: '${file:/etc/hostname}' }, to: [log] }", 2, 20)]
    public void Read_AFileOrVariableOfTheGateway_IsRefusedUnread(string name, string text, int line, int column)
    {
        _ = Read([new RuleFile(name, text)], out var errors);

        var error = Assert.Single(errors);
        Assert.Equal((name, line, column), (error.File, error.Line, error.Column));
        Assert.DoesNotContain(Environment.GetEnvironmentVariable("HOME") ?? "/root", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway.yaml", "http: {}", "The settings of a running gateway stay as they are")]
    [InlineData("b/devices.yaml", "devices: []", "There is another file of that name, devices.yaml")]
    [InlineData("r.yaml", "rules: [ {", "This is not YAML")]
    [InlineData("r.yaml", "rules: [ { id: x, match: { metric: m }, raise: value > 80 parsecs } ]", "'parsecs' is no known unit")]
    public void Read_WhatIsWrong_IsAnErrorWithItsPlace(string name, string text, string message)
    {
        _ = Read([new RuleFile("devices.yaml", ""), new RuleFile(name, text)], out var errors);

        Assert.Contains(errors, error => error.File == name && error.Message.Contains(message, StringComparison.Ordinal));
    }

    private static PlannedRules Read(IReadOnlyList<RuleFile> files, out IReadOnlyList<SettingsError> errors)
    {
        var found = new SettingsErrors();
        var planned = PostedRules.Read(files, InForce, found);
        errors = found.All;
        return planned;
    }
}
