using System.CommandLine;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules …</c>: what helps people to trust their rules. One file per verb, one line here.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "Test and understand rules before they wake anybody.")
    {
        RulesExplainCommand.Create(),
        RulesScoreCommand.Create(),
        RulesTestCommand.Create(),
    };
}
