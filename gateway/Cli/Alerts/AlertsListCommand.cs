using System.CommandLine;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Cli.Client;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Alerts;

/// <summary><c>iotevents alerts list</c>: alerts, the newest first.</summary>
internal static class AlertsListCommand
{
    public static Command Create()
    {
        var active = new Option<bool>("--active") { Description = "Only those that are active." };
        return ClientOptions.Create("list", "List alerts, the newest first.", call => ListAsync(call, call.Parsed.GetValue(active)), active);
    }

    private static async Task<int> ListAsync(ClientCall call, bool active)
    {
        var path = GatewayClient.Query("api/alerts", ("state", active ? "active" : null));
        if (call.IsJson)
        {
            call.WriteJson(await call.Gateway.GetAsync(path, call.Stop));
            return 0;
        }

        var listing = new Listing("ID", "SEVERITY", "STATE", "RAISED", "RULE", "DEVICE", "SUMMARY");
        foreach (var alert in await call.Gateway.GetAsync(path, ApiJson.Default.IReadOnlyListAlertView, call.Stop))
        {
            var state = alert.EndReason ?? alert.State;
            listing.Add(alert.Id, alert.Severity, alert.Historical ? $"{state}, history" : state,
                $"{Timestamp.FromUnixMilliseconds(alert.RaisedAt)}", alert.Rule, alert.Device, alert.Summary);
        }

        if (listing.Count == 0)
        {
            call.Screen.WriteLine(active ? "No alert is active." : "There is no alert.");
            return 0;
        }

        listing.Write(call.Screen);
        return 0;
    }
}
