using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>The kind with expressions: <c>raise</c>, and <c>clear</c> where it ends elsewhere than it began; or several such as <c>levels</c>.</summary>
internal sealed class ThresholdKind : IRuleKind
{
    /// <summary>Its name.</summary>
    public const string KindName = "threshold";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public ICondition? Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings)
    {
        if (!settings.Has("levels"))
        {
            var only = ReadLevel(settings, head, head.Severity, head.For, warnings);
            return only is null ? null : new ThresholdCondition([only]);
        }

        foreach (var key in new[] { "raise", "clear" })
        {
            if (settings.OptionalText(key) is not null)
            {
                settings.Refuse(key, $"'{key}' stands beside 'levels'", "put it into one of the levels");
            }
        }

        var levels = new List<ThresholdLevel>();
        var maps = settings.Maps("levels");
        foreach (var map in maps)
        {
            var severity = map.Choice("severity", Severity.None, RuleReader.Severities);
            if (severity == Severity.None || levels.Exists(level => level.Level.Severity == severity))
            {
                map.Refuse("severity", "Each level has a severity of its own", "write info, warning or critical, each once");
            }

            var level = ReadLevel(map, head, severity, map.Duration("for", head.For, TimeSpan.Zero, Longest), warnings);
            map.Done();
            if (level is not null)
            {
                levels.Add(level);
            }
        }

        if (maps.Count == 0)
        {
            settings.Refuse("levels", "There is no level", "add one such as { severity: warning, raise: value > 70 }");
        }

        return levels.Count == 0 ? null : new ThresholdCondition([.. levels.OrderBy(level => level.Level.Severity)]);
    }

    private static ThresholdLevel? ReadLevel(
        SettingsMap settings, RuleHead head, Severity severity, TimeSpan wait, List<SettingsError> warnings)
    {
        var raiseText = settings.RequiredText("raise", "value > 80 degF");
        var clearText = settings.OptionalText("clear");
        var raise = raiseText.Length == 0 ? null : ConditionText.Parse(settings, "raise", raiseText);
        var clear = clearText is null ? null : ConditionText.Parse(settings, "clear", clearText);
        if (raise is null || (clearText is not null && clear is null))
        {
            return null;
        }

        // What the metric's name promises; else what it is compared with first.
        var promised = ConditionText.Promised(head);
        var value = promised.HasScale ? promised : ThresholdCheck.ValueMeasure(raise, clear);
        var isRaiseGood = ConditionText.Check(settings, "raise", raiseText, raise, value, head);
        if ((clear is not null && !ConditionText.Check(settings, "clear", clearText!, clear, value, head)) || !isRaiseGood)
        {
            return null;
        }

        if (new ThresholdCheck(value, promised.HasScale).Warn(raise, clear) is var (key, message, mend))
        {
            var node = settings.Node.Find(key)!;
            warnings.Add(new SettingsError(node.File, node.Line, node.Column, node.Path, message, mend));
        }

        return new ThresholdLevel(new RuleLevel(severity, raiseText, clearText, wait), raise, clear);
    }
}
