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
    public ICondition? Read(SettingsMap settings, List<SettingsError> warnings)
    {
        var raiseText = settings.RequiredText("raise", "value > 80 degF");
        var clearText = settings.OptionalText("clear");
        var raise = raiseText.Length == 0 ? null : Parse(settings, "raise", raiseText);
        var clear = clearText is null ? null : Parse(settings, "clear", clearText);
        if (raise is null || (clearText is not null && clear is null))
        {
            return null;
        }

        var value = ThresholdCheck.ValueMeasure(raise, clear);
        var raiseNode = Check(settings, "raise", raise, value);
        var clearNode = clear is null ? null : Check(settings, "clear", clear, value);
        if (raiseNode is null || (clear is not null && clearNode is null))
        {
            return null;
        }

        if (ThresholdCheck.Warn(raiseNode, clearNode, raise, clear, value) is var (key, message, mend))
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

    private static TruthNode? Check(SettingsMap settings, string key, Syntax syntax, Measure value)
    {
        var node = Binder.Bind(syntax, new OpenScope(value), out var problem);
        Note(settings, key, problem);
        return node;
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
