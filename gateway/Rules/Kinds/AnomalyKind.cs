using System.Globalization;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Anomaly;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>The kind that needs no limit: it learns what each series is like, and raises what is not like that.</summary>
internal sealed class AnomalyKind : IRuleKind
{
    /// <summary>Its name.</summary>
    public const string KindName = "anomaly";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public bool IsOfSeries => true;

    /// <inheritdoc/>
    public ICondition Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings) =>
        new AnomalyCondition(AnomalySettings.Read(settings), head);
}

/// <summary>What an anomaly rule asks.</summary>
internal sealed class AnomalyCondition(AnomalySettings settings, RuleHead head) : ICondition
{
    /// <inheritdoc/>
    public IReadOnlyList<RuleLevel> Levels { get; } =
    [
        new RuleLevel(
            head.Severity,
            string.Create(CultureInfo.InvariantCulture, $"{Side(settings.Direction)} by {settings.Sensitivity} sigmas or more"),
            string.Create(CultureInfo.InvariantCulture, $"by less than {settings.Sensitivity / 2} sigmas"),
            head.For),
    ];

    /// <inheritdoc/>
    public string Text => settings.Text;

    /// <inheritdoc/>
    public ConditionNeeds Needs { get; } = new() { Value = true };

    /// <inheritdoc/>
    public IJudgement Bind(Series subject, IScope scope, out string problem)
    {
        problem = "";
        return new AnomalyJudgement(settings, subject);
    }

    private static string Side(Direction direction) => direction switch
    {
        Direction.Above => "above what is expected",
        Direction.Below => "below what is expected",
        _ => "away from what is expected",
    };
}
