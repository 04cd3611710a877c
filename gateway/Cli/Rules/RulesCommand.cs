using System.CommandLine;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules</c>: tools around rules, one file each, one line here.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "Try rules out before they wake anyone.")
    {
        RulesExplainCommand.Create(),
        RulesScoreCommand.Create(),
    };
}
