using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>How a plan's states and fates are written, for people and programs alike.</summary>
internal static class PlanWords
{
    private static readonly string[] Changes = ["same", "moved", "added", "removed"];
    private static readonly string[] Fates = ["none", "kept", "reset", "dropped"];

    public static string Name(AlertChange change) => Changes[(int)change];

    public static string Name(RuleFate fate) => Fates[(int)fate];

    public static string Name(RuleState state) => state switch
    {
        RuleState.Pending => "pending",
        RuleState.Firing => "firing",
        _ => "normal",
    };
}
