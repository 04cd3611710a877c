using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>The kind with expressions: <c>raise</c>, and <c>clear</c> where it ends elsewhere than it began.</summary>
internal sealed class ThresholdKind : IRuleKind
{
    /// <summary>Its name.</summary>
    public const string KindName = "threshold";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public ICondition? Read(SettingsMap settings, RuleMatch? match, List<SettingsError> warnings)
    {
        var raiseText = settings.RequiredText("raise", "value > 80 degF");
        var clearText = settings.OptionalText("clear");
        var raise = raiseText.Length == 0 ? null : Parse(settings, "raise", raiseText);
        var clear = clearText is null ? null : Parse(settings, "clear", clearText);
        if (raise is null || (clearText is not null && clear is null))
        {
            return null;
        }

        // What the metric's name promises; else what it is compared with first.
        var promised = match is null ? Measure.Open : MetricMeasures.OfAll(match.Metrics);
        var value = promised.HasScale ? promised : ThresholdCheck.ValueMeasure(raise, clear);
        var isRaiseGood = Check(settings, "raise", raise, value);
        if (!(clear is null || Check(settings, "clear", clear, value)) || !isRaiseGood)
        {
            return null;
        }

        if (new ThresholdCheck(value, promised.HasScale).Warn(raise, clear) is var (key, message, mend))
        {
            var node = settings.Node.Find(key)!;
            warnings.Add(new SettingsError(node.File, node.Line, node.Column, node.Path, message, mend));
        }

        return new ThresholdCondition(raiseText, raise, clearText, clear);
    }

    private static Syntax? Parse(SettingsMap settings, string key, string text)
    {
        var syntax = ExpressionParser.Parse(text, out var problem);
        Note(settings, key, problem);
        return syntax;
    }

    private static bool Check(SettingsMap settings, string key, Syntax syntax, Measure value)
    {
        _ = Binder.Bind(syntax, new OpenScope(value), new BoundParts(), out var problem);
        Note(settings, key, problem);
        return problem is null;
    }

    private static void Note(SettingsMap settings, string key, ExpressionProblem? problem)
    {
        if (problem is null)
        {
            return;
        }

        var node = settings.Node.Find(key)!;
        var column = node.Column + problem.Position + (node.IsQuoted ? 1 : 0);
        settings.Errors.Add(new SettingsError(node.File, node.Line, column, node.Path, problem.Message, problem.Mend));
    }
}
