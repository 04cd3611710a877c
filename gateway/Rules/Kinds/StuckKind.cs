using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Fires when readings come and their value does not move: a sensor that hangs.</summary>
internal sealed class StuckKind : IRuleKind
{
    private const int ReadingsMin = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <inheritdoc/>
    public string Name => "stuck";

    /// <inheritdoc/>
    public string Summary => "{device.name} {metric} hangs at {value}";

    /// <inheritdoc/>
    public ICondition? Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings)
    {
        var after = settings.OptionalDuration("after", TimeSpan.FromSeconds(1), Longest);
        if (after is null && settings.OptionalText("after") is null)
        {
            settings.Refuse("after", "'after' is missing", "say for how long the value must not have moved, such as after: 1h");
        }

        var readings = (int)settings.WholeNumber("readings", ReadingsMin, 2, 1_000_000);
        var tolerance = settings.Measure("tolerance") ?? (0, Unit.None);
        if (tolerance.Item1 < 0)
        {
            settings.Refuse("tolerance", "A tolerance is not negative", "write how far the value may move and still counts as the same");
        }

        if (settings.Has("match") && head is { Group: not null } or { Match.Metrics.Count: 0 })
        {
            settings.Refuse("match", "A value hangs that is of a metric", "name the metric in 'match', and no 'group'");
        }

        return after is null ? null : new Condition(head, after.Value, readings, tolerance.Item1, tolerance.Item2);
    }

    private sealed class Condition(RuleHead head, TimeSpan after, int readings, double tolerance, Unit unit) : ICondition
    {
        public IReadOnlyList<RuleLevel> Levels => [new RuleLevel(head.Severity, Text, null, head.For)];

        public string Text { get; } = string.Create(CultureInfo.InvariantCulture,
            $"within {tolerance:R}{(unit.IsKnown ? " " + unit.Symbol : "")} for {SettingsValues.Format(after)} over at least {readings} readings");

        public ConditionNeeds Needs { get; } = new() { Value = true };

        public IJudgement? Bind(Series subject, IScope scope, out string problem)
        {
            problem = unit.IsKnown && subject.Unit.IsKnown && !unit.ConvertsTo(subject.Unit)
                ? $"tolerance: {unit.Display} is no difference of {subject.Unit.Display}" : "";
            var factor = unit.IsKnown && subject.Unit.IsKnown ? unit.Factor / subject.Unit.Factor : 1;
            return problem.Length > 0 ? null : new Judgement(after, readings, tolerance * factor, subject.Unit);
        }
    }

    /// <summary>Remembers the value it may hang at: as long as all readings stay beside it, it does.</summary>
    private sealed class Judgement(TimeSpan after, int readings, double tolerance, Unit unit) : IStatefulJudgement
    {
        private double _anchor = double.NaN;
        private Timestamp _since = Timestamp.None;

        // Up to as many as it takes.
        private long _count;

        public bool OutlivesEdits => true;

        public bool HasChanged { get; private set; }

        public void Observe(in Frame frame)
        {
            var before = _count;
            if (Math.Abs(frame.Value - _anchor) <= tolerance && frame.Time >= _since)
            {
                _count = Math.Min(_count + 1, readings);
            }
            else
            {
                (_anchor, _since, _count) = (frame.Value, frame.Time, 1);
            }

            // As long as the value moves each time, all there is to know is the last reading.
            HasChanged = _count != before;
        }

        public void Recall(in Frame last)
        {
            if (_count == 1)
            {
                (_anchor, _since) = (last.Value, last.Time);
            }
        }

        public void ClockStepped(TimeSpan by) => _since = _since.MovedBy(by);

        public void Rebase(Timestamp time) => (_anchor, _since, _count) = (double.NaN, _since.HasValue ? time : _since, 0);

        public Truth Raise(int level, in Frame frame) =>
            !_since.HasValue ? Truth.Unknown : _count >= readings && frame.Time - _since >= after ? Truth.True : Truth.False;

        public Truth Clear(int level, in Frame frame) => Raise(level, frame).Opposite();

        public Band Steady(int level, bool fires, double value) => Band.Empty;

        public string Explain(in Frame frame) =>
            $"{_count}{(_count == readings ? " or more" : "")} readings at {Quantities.Format(_anchor, unit.Display)} since {_since}";

        public void Write(StateWriter writer)
        {
            writer.Number(_anchor);
            writer.Time(_since);
            writer.Word((ulong)_count);
        }

        public bool Read(ref StateReader reader)
        {
            var (anchor, since, count) = (reader.Number(), reader.Time(), (long)reader.Word());
            if (reader.IsComplete)
            {
                (_anchor, _since, _count) = (anchor, since, Math.Min(count, readings));
            }

            return reader.IsComplete;
        }
    }
}
