using IotEvents.Gateway.Rules.Kinds;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What can be said of conditions before it is known of which series.</summary>
internal static class ConditionSyntax
{
    /// <summary>What conditions need beyond the reading itself.</summary>
    public static ConditionNeeds Needs(IEnumerable<Syntax> conditions)
    {
        var all = conditions.ToList();
        var outside = all.SelectMany(it => it.Outside()).ToList();
        var groups = all.SelectMany(it => it.All()).OfType<GroupSyntax>();
        var selectors = groups.Select(group => group.Of.Selector).Distinct().ToList();
        return new ConditionNeeds
        {
            IsTimed = all.Exists(IsTimed),
            Value = outside.Exists(IsOwn),
            Others = [.. all.SelectMany(it => it.All()).Select(Other).OfType<MetricName>().Distinct()],
            Names = [.. outside.OfType<NameSyntax>().Where(IsBare).Select(it => it.Name).Distinct()],
            Metrics = [.. outside.OfType<MetricSyntax>().Select(it => new MetricName(it.Device, it.Metric)).Distinct()],
            Selectors = selectors.FindAll(selector => selector.Device is not null),
            Members = selectors.Exists(selector => selector.Device is null),
        };
    }

    /// <summary>True when it changes as time passes, without a reading.</summary>
    public static bool IsTimed(Syntax syntax) => syntax.All().Any(part =>
        part is CallSyntax it && WindowFunctions.Find(it.Name) is { } function && it.Arguments.Any(argument =>
            argument is WindowSyntax { Kind: WindowKind.Tumbling } || (argument is DurationSyntax && function.IsTimed)));

    /// <summary>The series that a function looks back on; null when it is that of <c>value</c>.</summary>
    public static Syntax? Source(CallSyntax call) =>
        call.Arguments.FirstOrDefault(argument => argument is NameSyntax or MetricSyntax);

    /// <summary>True for a name that is an attribute of the device, or else a metric of it.</summary>
    public static bool IsBare(NameSyntax name) => !name.IsOwn && name.Label is null;

    private static bool IsOwn(Syntax part) => part is NameSyntax { IsOwn: true }
        || (part is CallSyntax it && WindowFunctions.Find(it.Name) is not null && Source(it) is null);

    private static MetricName? Other(Syntax part) => part switch
    {
        NameSyntax it when IsBare(it) => new MetricName(null, it.Name),
        MetricSyntax it => new MetricName(it.Device, it.Metric),
        _ => null,
    };
}
