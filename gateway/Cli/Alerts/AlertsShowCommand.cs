using System.CommandLine;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Cli.Terminal;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Alerts;

/// <summary><c>iotevents alerts show</c>: one alert with its time line and who was told.</summary>
internal static class AlertsShowCommand
{
    /// <summary>The argument that names an alert.</summary>
    public static Argument<string> IdArgument() => new("ID") { Description = "The alert's id; iotevents alerts list shows it." };

    public static Command Create()
    {
        var id = IdArgument();
        return ClientOptions.Create(
            "show", "Show an alert: what happened, when, and who was told.", call => ShowAsync(call, call.Parsed.GetValue(id)!), id);
    }

    private static async Task<int> ShowAsync(ClientCall call, string id)
    {
        var path = $"api/alerts/{Uri.EscapeDataString(id)}";
        if (call.IsJson)
        {
            call.WriteJson(await call.Gateway.GetAsync(path, call.Stop));
            return 0;
        }

        var alert = await call.Gateway.GetAsync(path, ApiJson.Default.AlertView, call.Stop);
        Say(call, $"{alert.Severity}: {alert.Summary}");
        var metric = alert.Metric.Length == 0 ? "" : $", metric {alert.Metric}";
        Say(call, $"rule {alert.Rule} {alert.RuleVersion}, device {alert.Device}{metric}");
        Say(call, $"because {(alert.RaiseExplanation.Length > 0 ? alert.RaiseExplanation : alert.Explanation)}");
        if (alert.EndReason is { } reason)
        {
            Say(call, $"ended ({reason}) because {alert.Explanation}");
        }

        foreach (var moment in alert.Timeline)
        {
            Say(call, $"  {Timestamp.FromUnixMilliseconds(moment.At)}  {moment.What}: {moment.Detail}");
        }

        foreach (var told in alert.Notifications)
        {
            Say(call, $"  {Timestamp.FromUnixMilliseconds(told.At)}  {told.Channel}: {told.State} {told.Receipt}");
        }

        return 0;
    }

    private static void Say(ClientCall call, string line) => call.Screen.WriteLine(Words.OneLine(line).TrimEnd());
}
