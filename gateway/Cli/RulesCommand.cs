using System.CommandLine;
using IotEvents.Gateway.Cli.Scoring;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents rules</c>: what can be asked of rules without running the gateway; one line each.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "Test and examine rules without starting the gateway.")
    {
        RulesScoreCommand.Create(),
    };
}
