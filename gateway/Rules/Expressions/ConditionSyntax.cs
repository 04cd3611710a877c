namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What can be said of a condition before it is known of which series.</summary>
internal static class ConditionSyntax
{
    /// <summary>True when it looks at the reading before.</summary>
    public static bool UsesPrevious(Syntax syntax) => syntax.All().Any(part => part is NameSyntax { Name: "previous" or "change" });

    /// <summary>True when it looks at more than the last two readings.</summary>
    public static bool LooksBack(Syntax syntax) =>
        syntax.All().Any(part => part is ReachSyntax || (part is CallSyntax it && WindowFunctions.Find(it.Name) is not null));

    /// <summary>True when it changes as time passes, without a reading.</summary>
    public static bool IsTimed(Syntax syntax) => syntax.All().Any(part =>
        part is CallSyntax it && WindowFunctions.Find(it.Name) is { } function && it.Arguments.Any(argument =>
            argument is WindowSyntax { Kind: WindowKind.Tumbling } || (argument is DurationSyntax && function.IsTimed)));

    /// <summary>The other series whose readings it looks at; a name may stand for an attribute as well.</summary>
    public static IEnumerable<(string? Device, string Metric)> Others(Syntax syntax) => syntax.All().Select(part => part switch
    {
        NameSyntax { IsOwn: false, Label: null } it => (null, it.Name),
        MetricSyntax it => (it.Device, it.Metric),
        _ => default((string? Device, string Metric)),
    }).Where(it => it.Metric is not null).Distinct();

    /// <summary>The groups it looks at.</summary>
    public static IEnumerable<MemberSelector> Selectors(Syntax syntax) =>
        syntax.All().OfType<GroupSyntax>().Select(group => group.Of.Selector).Distinct();
}
