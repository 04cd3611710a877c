using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Alerts.Channels.Log;
using IotEvents.Gateway.Events;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts.Channels.Log;

public sealed class LogChannelTests
{
    private readonly WrittenLines _lines = new();

    [Theory]
    [InlineData(Severity.Critical, LogLevel.Error)]
    [InlineData(Severity.Warning, LogLevel.Warning)]
    [InlineData(Severity.Info, LogLevel.Information)]
    public async Task Send_Raise_IsOneLineAtTheLevelOfItsSeverity(Severity severity, LogLevel level)
    {
        var notification = await SendAsync(Some.Raise(severity: severity));
        Assert.Equal(
            [(level, $"Alert {notification.Content.Subject} raised: {severity.Name()} full on tank-1 at 2026-11-01T12:00:00Z, "
                + "value 81.5: tank-1 is full")],
            _lines.Written);
    }

    [Fact]
    public async Task Send_ValueWithAUnit_IsWrittenAsPeopleWriteIt()
    {
        var series = Some.Series("kitchen", "temperature");
        series.Unit = Units.Get("Cel");
        await SendAsync(Some.Raise() with { Series = series, Value = 27.5 });
        Assert.Contains("value 27.5 °C:", Assert.Single(_lines.Written).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_End_TellsTheReason()
    {
        var notification = await SendAsync(Some.End(Some.Raise(), EndReason.WentSilent));
        Assert.Equal(
            [(LogLevel.Information, $"Alert {notification.Content.Subject} ended: warning full on tank-1 at 2026-11-01T12:10:00Z, "
                + "went-silent: tank-1 is fine")],
            _lines.Written);
    }

    [Fact]
    public async Task Send_Digest_IsOneLineOfInformation()
    {
        await new LogChannel("log", _lines).SendAsync(Some.DigestNotification(), TestContext.Current.CancellationToken);
        Assert.Equal(
            [(LogLevel.Information, "History: 10 alerts were found in readings from the past (full 7, overheated 3), "
                + "2026-10-31T12:00:00Z to 2026-11-01T12:00:00Z")],
            _lines.Written);
    }

    [Fact]
    public async Task Send_ForeignLineEnds_AreEscaped()
    {
        await SendAsync(Some.Raise(device: "a\r\nERROR fake") with { Summary = "x\u2028y\u001b[31m" });
        var (_, line) = Assert.Single(_lines.Written);
        Assert.DoesNotContain('\n', line);
        Assert.Contains("a\\u000d\\u000aERROR fake", line, StringComparison.Ordinal);
        Assert.Contains("x\\u2028y\\u001b[31m", line, StringComparison.Ordinal);
    }

    private async Task<AlertNotification> SendAsync(Transition transition)
    {
        var notification = Some.Notification(transition);
        var result = await new LogChannel("log", _lines).SendAsync(notification, TestContext.Current.CancellationToken);
        Assert.Equal(SendVerdict.Delivered, result.Verdict);
        return notification;
    }
}
