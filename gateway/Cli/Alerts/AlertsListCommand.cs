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
        var historical = new Option<bool>("--historical")
        {
            Description = "Only those found in readings from the past: recorded at their own time, told in one digest.",
        };
        return ClientOptions.Create(
            "list", "List alerts, the newest first.",
            call => ListAsync(call, call.Parsed.GetValue(active), call.Parsed.GetValue(historical)), active, historical);
    }

    private static async Task<int> ListAsync(ClientCall call, bool active, bool historical)
    {
        var path = GatewayClient.Query("api/alerts", ("state", active ? "active" : null), ("historical", historical ? "true" : null));
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
            call.Screen.WriteLine((active, historical) switch
            {
                (true, false) => "No alert is active.",
                (false, false) => "There is no alert.",
                (_, true) => "No such alert was found in readings from the past.",
            });
            return 0;
        }

        listing.Write(call.Screen);
        return 0;
    }
}
