using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>What a threshold rule asks.</summary>
internal sealed class ThresholdCondition(string raiseText, Syntax raise, string? clearText, Syntax? clear) : ICondition
{
    /// <inheritdoc/>
    public string Raise => raiseText;

    /// <inheritdoc/>
    public string? Clear => clearText;

    /// <inheritdoc/>
    public string Text => clearText is null ? raiseText : $"{raiseText}; clear: {clearText}";

    /// <inheritdoc/>
    public ConditionNeeds Needs => field ??= FindNeeds();

    /// <inheritdoc/>
    public IJudgement? Bind(Series series, IScope scope, out string problem)
    {
        var bound = Bound(series, scope, out problem);
        return bound is null ? null : new ThresholdJudgement(this, series, scope, bound);
    }

    /// <summary>Gives all names their meaning at this moment.</summary>
    /// <returns>Null when <paramref name="problem"/> says why that cannot be.</returns>
    public ThresholdParts? Bound(Series series, IScope scope, out string problem)
    {
        var parts = new BoundParts { ValueName = $"value ({series.Metric})" };
        var raises = Binder.Bind(raise, scope, parts, out var raiseProblem);
        ExpressionProblem? clearProblem = null;
        var clears = clear is null ? null : Binder.Bind(clear, scope, parts, out clearProblem);
        problem = raiseProblem is not null ? Describe("raise", raiseProblem) : clearProblem is not null ? Describe("clear", clearProblem) : "";
        return problem.Length > 0 ? null : new ThresholdParts(raises!, clears, parts);
    }

    private static string Describe(string key, ExpressionProblem problem) =>
        $"{key}, character {problem.Position + 1}: {problem.Message}; {problem.Mend}";

    private ConditionNeeds FindNeeds()
    {
        Syntax[] conditions = clear is null ? [raise] : [raise, clear];
        var selectors = conditions.SelectMany(ConditionSyntax.Selectors).Distinct().ToList();
        return new ConditionNeeds(
            conditions.Any(ConditionSyntax.UsesPrevious),
            [.. conditions.SelectMany(ConditionSyntax.Others).Distinct().Select(it => new MetricName(it.Device, it.Metric))])
        {
            Selectors = selectors.FindAll(selector => selector.Device is not null),
            UsesMembers = selectors.Exists(selector => selector.Device is null),
            LooksBack = conditions.Any(ConditionSyntax.LooksBack),
            IsTimed = conditions.Any(ConditionSyntax.IsTimed),
        };
    }
}

/// <summary>A threshold rule's conditions made computable.</summary>
/// <param name="Raise">What is bad.</param>
/// <param name="Clear">What is good again; null when it is that <paramref name="Raise"/> is false.</param>
/// <param name="Parts">What explains both.</param>
internal sealed record ThresholdParts(TruthNode Raise, TruthNode? Clear, BoundParts Parts);
