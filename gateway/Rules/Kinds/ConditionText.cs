using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Reads conditions that stand in a rule, and notes what is wrong in them at its place.</summary>
internal static class ConditionText
{
    /// <summary>The condition under a key; null when it has errors, which are noted.</summary>
    public static Syntax? Read(SettingsMap settings, string key, RuleHead head)
    {
        var text = settings.RequiredText(key, "value > 80 degF");
        var syntax = text.Length == 0 ? null : Parse(settings, key, text);
        return syntax is not null && Check(settings, key, text, syntax, Promised(head), head) ? syntax : null;
    }

    /// <summary>The unit that the names of the metrics promise.</summary>
    public static Measure Promised(RuleHead head) => head.Match is { } match ? MetricMeasures.OfAll(match.Metrics) : Measure.Open;

    /// <summary>Reads the text of a condition.</summary>
    public static Syntax? Parse(SettingsMap settings, string key, string text)
    {
        var syntax = ExpressionParser.Parse(text, out var problem);
        Note(settings, key, text, CutOff.Explain(settings, key, problem) ?? problem);
        return syntax;
    }

    /// <summary>Checks its units as far as they are known, and what its names can mean; notes what does not fit.</summary>
    public static bool Check(SettingsMap settings, string key, string text, Syntax syntax, Measure value, RuleHead head)
    {
        _ = Binder.Bind(syntax, new OpenScope(value), new BoundParts(), out var problem);
        problem ??= GroupNames.Check(syntax, head);
        Note(settings, key, text, problem is null ? null : ForeignWords.Find(text, syntax, problem) ?? problem);
        return problem is null;
    }

    private static void Note(SettingsMap settings, string key, string text, ExpressionProblem? problem)
    {
        if (problem is null)
        {
            return;
        }

        // Of a text that was made out of what stands there, and of one that stands elsewhere, no character has a place here.
        var node = settings.Node.Find(key) ?? settings.Node;
        var column = node.Scalar == text ? node.ColumnOf(problem.Position) : node.Column;
        settings.Errors.Add(new SettingsError(node.File, node.Line, column, node.Path, problem.Message, problem.Mend));
    }
}
