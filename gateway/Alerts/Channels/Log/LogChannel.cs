using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts.Channels.Log;

/// <summary>Writes each notification as one line of the gateway's own log. Cannot fail.</summary>
/// <param name="name">The configured name.</param>
/// <param name="logger">Takes the lines: critical as error, warning as warning, the rest and every end as information.</param>
public sealed partial class LogChannel(string name, ILogger logger) : IAlertChannel
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>The kind <c>log</c>; it has no settings.</summary>
    public static AlertChannelFactory Kind(SettingsMap settings)
    {
        settings.Done();
        return (name, context) => new LogChannel(name, context.Logger);
    }

    /// <inheritdoc/>
    public ValueTask<SendResult> SendAsync(AlertNotification notification, CancellationToken stop)
    {
        switch (notification.Content)
        {
            case TransitionContent transition:
                Log(transition);
                break;
            case DigestContent content:
                LogDigest(ForeignText.OneLine(content.Digest.Summary));
                break;
            default:
                throw new InvalidOperationException($"The log has no words for {notification.Content.Name}.");
        }

        return ValueTask.FromResult(SendResult.Delivered);
    }

    private void Log(TransitionContent transition)
    {
        var alert = transition.Alert;
        var rule = ForeignText.OneLine(alert.Rule);
        var device = ForeignText.OneLine(alert.Device);
        var summary = ForeignText.OneLine(alert.Summary);
        var at = Quantities.Format(transition.Time);
        var severity = alert.Severity.Name();
        if (transition.Kind == TransitionKind.Ended)
        {
            var reason = alert.Reason.Name();
            LogEnded(alert.Id, severity, rule, device, at, reason, summary);
        }
        else
        {
            var value = Value(alert);
            var level = Level(alert.Severity);
            LogRaised(level, alert.Id, severity, rule, device, at, value, summary);
        }
    }

    private static LogLevel Level(Severity severity) => severity switch
    {
        Severity.Critical => LogLevel.Error,
        Severity.Warning => LogLevel.Warning,
        _ => LogLevel.Information,
    };

    private static string Value(Alert alert) =>
        Quantities.Format(alert.Value, Units.TryParse(alert.Unit, out var unit) ? unit.Display : alert.Unit);

    [LoggerMessage(EventId = 5101, Message = "Alert {Alert} raised: {Severity} {Rule} on {Device} at {At}, value {Value}: {Summary}")]
    private partial void LogRaised(
        LogLevel level, string alert, string severity, string rule, string device, string at, string value, string summary);

    [LoggerMessage(5102, LogLevel.Information, "Alert {Alert} ended: {Severity} {Rule} on {Device} at {At}, {Reason}: {Summary}")]
    private partial void LogEnded(
        string alert, string severity, string rule, string device, string at, string reason, string summary);

    [LoggerMessage(5103, LogLevel.Information, "History: {Summary}")]
    private partial void LogDigest(string summary);
}
