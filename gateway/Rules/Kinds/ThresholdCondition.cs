using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>One level of a threshold rule, parsed.</summary>
/// <param name="Level">As it is written.</param>
/// <param name="Raise">What raises it.</param>
/// <param name="Clear">What ends it; null when it is that <paramref name="Raise"/> is true no more.</param>
internal sealed record ThresholdLevel(RuleLevel Level, Syntax Raise, Syntax? Clear);

/// <summary>What a threshold rule asks.</summary>
internal sealed class ThresholdCondition(IReadOnlyList<ThresholdLevel> levels) : ICondition
{
    /// <inheritdoc/>
    public IReadOnlyList<RuleLevel> Levels { get; } = [.. levels.Select(level => level.Level)];

    /// <summary>The levels, parsed.</summary>
    public IReadOnlyList<ThresholdLevel> Parsed => levels;

    /// <inheritdoc/>
    public string Text { get; } = string.Join(" | ", levels.Select(level =>
        level.Level.Clear is null ? level.Level.Raise : $"{level.Level.Raise}; clear: {level.Level.Clear}"));

    /// <inheritdoc/>
    public ConditionNeeds Needs => field ??= ConditionSyntax.Needs(
        levels.SelectMany(level => level.Clear is null ? [level.Raise] : new[] { level.Raise, level.Clear }));

    /// <inheritdoc/>
    public IJudgement? Bind(Series subject, IScope scope, out string problem) =>
        Bound(subject, scope, out problem) is { } bound
            ? new ThresholdJudgement(new(bound, () => Bound(subject, scope, out var again) ?? throw new InvalidOperationException(again)))
            : null;

    /// <summary>Gives all names their meaning at this moment.</summary>
    /// <returns>Null when <paramref name="problem"/> says why that cannot be.</returns>
    private ThresholdParts? Bound(Series subject, IScope scope, out string problem)
    {
        problem = "";
        var parts = new BoundParts { ValueName = $"value ({subject.Metric})" };
        var nodes = new (TruthNode Raise, TruthNode? Clear)[levels.Count];
        for (var i = 0; i < levels.Count && problem.Length == 0; i++)
        {
            var raise = Binder.Bind(levels[i].Raise, scope, parts, out var raiseProblem);
            ExpressionProblem? clearProblem = null;
            var clear = levels[i].Clear is { } syntax ? Binder.Bind(syntax, scope, parts, out clearProblem) : null;
            problem = raiseProblem is not null ? Describe("raise", raiseProblem)
                : clearProblem is not null ? Describe("clear", clearProblem) : "";
            nodes[i] = (raise!, clear);
        }

        return problem.Length > 0 ? null : new ThresholdParts(nodes, parts);
    }

    private static string Describe(string key, ExpressionProblem problem) =>
        $"{key}, character {problem.Position + 1}: {problem.Message}; {problem.Mend}";
}
