using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Finds names that a rule about groups can never know: a group has members, and the labels that make it.</summary>
internal static class GroupNames
{
    /// <summary>The first such name outside <c>members</c> and the like; null when there is none, or the rule has no groups.</summary>
    public static ExpressionProblem? Check(Syntax syntax, RuleHead head)
    {
        // All series of one device have its attributes, metrics and labels.
        var isOneDevice = head is { Group.Count: 0, Match.Devices: [var device] } && !device.AsSpan().ContainsAny('*', '?');
        return head.Group is not { } labels || isOneDevice ? null
            : syntax.Outside().Select(part => Check(part, labels)).FirstOrDefault(problem => problem is not null);
    }

    private static ExpressionProblem? Check(Syntax part, IReadOnlyList<string> labels) => part switch
    {
        NameSyntax { Label: { } label } when !labels.Contains(label) => NotShared(part.Position, label),
        GroupSyntax { Of: var of } when of.Labels.FirstOrDefault(it => it.IsOwn && !labels.Contains(it.Value)) is { } label =>
            NotShared(of.Position, label.Value),
        NameSyntax it when ConditionSyntax.IsBare(it) => Unknown(part.Position, it.Name),
        MetricSyntax { Device: null } it => Unknown(part.Position, it.Metric),
        _ => null,
    };

    private static ExpressionProblem Unknown(int position, string name) => new(
        position, $"A group has no '{name}' of its own",
        $"ask its members, such as any of members where value > {name}, or name the device: device(\"ID\").{name}");

    private static ExpressionProblem NotShared(int position, string label) => new(
        position, $"The members of this group may differ in the label '{label}'",
        $"name it in 'group', or ask the members, such as any of members where label.{label} == \"hamburg\" and value > 5");
}
