using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Fires when the value has changed by so much, since the last reading or within a time. Written out, it is a condition like any other.</summary>
internal sealed class ChangeKind : IRuleKind
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <inheritdoc/>
    public string Name => "change";

    /// <inheritdoc/>
    public bool IsOfSeries => true;

    /// <inheritdoc/>
    public ICondition? Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings)
    {
        var by = settings.RequiredText("by", "5 °C");
        var within = settings.OptionalDuration("within", TimeSpan.FromSeconds(1), Longest) is { } span ? SettingsValues.Format(span) : null;
        var direction = settings.Choice("direction", "both", ("both", "both"), ("up", "up"), ("down", "down"));
        if (by.Length == 0 || !IsAmount(settings, by))
        {
            return null;
        }

        var up = within is null ? $"change >= {by}" : $"value - min_over_time({within}) >= {by}";
        var down = within is null ? $"previous - value >= {by}" : $"max_over_time({within}) - value >= {by}";
        var text = direction switch { "up" => up, "down" => down, _ => $"{up} or {down}" };
        var syntax = ConditionText.Parse(settings, "by", text);
        return syntax is not null && ConditionText.Check(settings, "by", text, syntax, ConditionText.Promised(head), head)
            ? new ThresholdCondition([new ThresholdLevel(new RuleLevel(head.Severity, text, null, head.For), syntax, null)])
            : null;
    }

    private static bool IsAmount(SettingsMap settings, string by)
    {
        if (ConditionText.Parse(settings, "by", by) is not { } syntax)
        {
            return false;
        }

        var size = ValueRange.Constant(syntax is BinarySyntax { Operator: Operator.PartOf, Left: var part } ? part : syntax);
        var isAmount = !syntax.IsCondition && syntax is not TextSyntax && size is not { Value: <= 0 };
        if (!isAmount)
        {
            settings.Refuse("by", size is null ? $"'{by}' is no amount" : "A change is more than 0",
                "write by how much the value must change, such as 5 °C; 'direction' says up or down");
        }

        return isAmount;
    }
}
