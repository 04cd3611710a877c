namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What is asked of a group.</summary>
internal enum GroupKind
{
    /// <summary><c>any of … where …</c></summary>
    Any,

    /// <summary><c>all of … where …</c></summary>
    All,

    /// <summary><c>count of …</c></summary>
    Count,

    /// <summary><c>avg of …</c></summary>
    Avg,

    /// <summary><c>min of …</c></summary>
    Min,

    /// <summary><c>max of …</c></summary>
    Max,

    /// <summary><c>sum of …</c></summary>
    Sum,

    /// <summary><c>median of …</c></summary>
    Median,

    /// <summary><c>stddev of …</c></summary>
    Stddev,
}

/// <summary>The words for what is asked of a group.</summary>
internal static class GroupKinds
{
    /// <summary>All of them, in the order of <see cref="GroupKind"/>.</summary>
    public static readonly string[] Words = ["any", "all", "count", "avg", "min", "max", "sum", "median", "stddev"];

    /// <summary>As it is written.</summary>
    public static string Word(this GroupKind kind) => Words[(int)kind];
}

/// <summary><c>count of device("freezer-*").temperature where value &gt; -15 °C</c>.</summary>
/// <param name="Position">Where it begins, in characters from 0.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Of">The series.</param>
/// <param name="Where">What must be so for a series to count; null for all.</param>
internal sealed record GroupSyntax(int Position, GroupKind Kind, SelectorSyntax Of, Syntax? Where) : Syntax(Position)
{
    /// <inheritdoc/>
    public override bool IsCondition => Kind is GroupKind.Any or GroupKind.All;

    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => Where is null ? [Of] : [Of, Where];
}

/// <summary><c>device("freezer-*", site = label.site).temperature</c>, or <c>members</c>.</summary>
/// <param name="Position">Where it begins, in characters from 0.</param>
/// <param name="Device">A pattern for the device's id; null for <c>members</c>.</param>
/// <param name="Metric">The metric's name; empty for <c>members</c>.</param>
/// <param name="Labels">What the labels of the device must be.</param>
internal sealed record SelectorSyntax(int Position, string? Device, string Metric, IReadOnlyList<LabelSyntax> Labels)
    : Syntax(Position)
{
    /// <summary>As the engine asks for it.</summary>
    public MemberSelector Selector => new(Device, Metric);
}

/// <summary><c>site = "hamburg"</c>, or <c>site = label.site</c> for the label of the rule's own device.</summary>
internal sealed record LabelSyntax(string Name, string Value, bool IsOwn);
