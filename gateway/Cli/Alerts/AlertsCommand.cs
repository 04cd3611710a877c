using System.CommandLine;

namespace IotEvents.Gateway.Cli.Alerts;

/// <summary><c>iotevents alerts</c>: what is wrong, and why the gateway says so.</summary>
internal static class AlertsCommand
{
    public static Command Create() => new("alerts", "See alerts, why they were raised, and check that they were raised rightly.")
    {
        AlertsListCommand.Create(),
        AlertsShowCommand.Create(),
        AlertsExplainCommand.Create(),
        AlertsVerifyCommand.Create(),
    };
}
