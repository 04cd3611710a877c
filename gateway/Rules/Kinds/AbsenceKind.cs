using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Fires when a series, a device or a group has been silent: for as long as <c>after</c> says, or longer than it ever is.</summary>
internal sealed class AbsenceKind : IRuleKind
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <inheritdoc/>
    public string Name => "absence";

    /// <inheritdoc/>
    public MissingPolicy Missing => MissingPolicy.Alert;

    /// <inheritdoc/>
    public string Summary => "";

    /// <inheritdoc/>
    public ICondition? Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings) =>
        new Condition(settings.OptionalDuration("after", TimeSpan.FromSeconds(1), Longest));

    private sealed class Condition(TimeSpan? after) : ICondition
    {
        public IReadOnlyList<RuleLevel> Levels => [];

        public string Text { get; } = after is { } span ? $"silent for {SettingsValues.Format(span)}" : "silent for longer than it ever is";

        public ConditionNeeds Needs => ConditionNeeds.Nothing;

        public TimeSpan? SilentAfter => after;

        public IJudgement? Bind(Series subject, IScope scope, out string problem)
        {
            problem = "";
            return Judgement.Instance;
        }
    }

    // The silence itself is the engine's.
    private sealed class Judgement : IJudgement
    {
        public static readonly Judgement Instance = new();

        public Truth Raise(int level, in Frame frame) => Truth.False;

        public Truth Clear(int level, in Frame frame) => Truth.True;

        public Band Steady(int level, bool fires, double value) => Band.All;

        public string Explain(in Frame frame) => "";
    }
}
