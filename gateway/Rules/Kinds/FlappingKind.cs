using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Watches other rules: one that comes and goes too often is told once, and its alerts are recorded without being told.</summary>
internal sealed class FlappingKind : IRuleKind
{
    private const int ChangesMax = 100;

    /// <inheritdoc/>
    public string Name => "flapping";

    /// <inheritdoc/>
    public bool NeedsMatch => false;

    /// <inheritdoc/>
    public string Summary => "{device.name} {metric} flaps";

    /// <inheritdoc/>
    public ICondition? Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings)
    {
        var rules = settings.Texts("rules");
        return new FlappingCondition(
            rules.Count == 0 ? ["*"] : rules,
            (int)settings.WholeNumber("changes", 20, 2, ChangesMax),
            settings.Duration("within", TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)));
    }
}

/// <summary>What a flapping rule asks.</summary>
/// <param name="Rules">Patterns for the ids of the rules it watches.</param>
/// <param name="Changes">How many raises and ends are too many.</param>
/// <param name="Within">Within what time; and after so long without one it is over.</param>
internal sealed record FlappingCondition(IReadOnlyList<string> Rules, int Changes, TimeSpan Within) : ICondition
{
    /// <inheritdoc/>
    public IReadOnlyList<RuleLevel> Levels => [];

    /// <inheritdoc/>
    public string Text => $"{Changes} changes of {string.Join(", ", Rules)} within {SettingsValues.Format(Within)}";

    /// <inheritdoc/>
    public ConditionNeeds Needs => ConditionNeeds.Nothing;

    /// <inheritdoc/>
    public IJudgement? Bind(Series subject, IScope scope, out string problem) =>
        throw new InvalidOperationException("A flapping rule watches rules and is not judged itself.");
}
