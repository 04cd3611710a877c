using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>What a state machine asks.</summary>
internal sealed class StatesCondition(IReadOnlyList<MachineState> states, int initial) : ICondition
{
    private readonly List<Severity> _severities =
        [.. states.Select(state => state.Severity).Where(severity => severity != Severity.None).Distinct().Order()];

    /// <inheritdoc/>
    public IReadOnlyList<RuleLevel> Levels => field ??= [.. _severities.Select(severity => new RuleLevel(
        severity, $"state is {string.Join(" or ", states.Where(state => state.Severity == severity).Select(state => state.Name))}", null, TimeSpan.Zero))];

    /// <inheritdoc/>
    public string Text => field ??= string.Join("; ", states.Select(state => $"{state.Name}: "
        + string.Join(", ", state.Moves.Select(move => $"{move.Text ?? "always"}"
            + (move.After is { } after ? $" after {SettingsValues.Format(after)}" : "") + $" to {states[move.To].Name}"))));

    /// <inheritdoc/>
    public ConditionNeeds Needs => field ??= ConditionSyntax.Needs(states.SelectMany(state => state.Moves).Select(move => move.When).OfType<Syntax>())
        with
    { IsTimed = true };

    /// <inheritdoc/>
    public IJudgement? Bind(Series subject, IScope scope, out string problem) =>
        Bound(subject, scope, out problem) is { } bound
            ? new Judgement(states, _severities, initial,
                new(bound, () => Bound(subject, scope, out var again) ?? throw new InvalidOperationException(again)))
            : null;

    private MachineParts? Bound(Series subject, IScope scope, out string problem)
    {
        problem = "";
        var parts = new BoundParts { ValueName = $"value ({subject.Metric})" };
        var moves = new (TruthNode? When, TimeSpan? After, int To)[states.Count][];
        for (var i = 0; i < states.Count; i++)
        {
            moves[i] = new (TruthNode?, TimeSpan?, int)[states[i].Moves.Count];
            for (var j = 0; j < moves[i].Length; j++)
            {
                var move = states[i].Moves[j];
                ExpressionProblem? wrong = null;
                var when = move.When is null ? null : Binder.Bind(move.When, scope, parts, out wrong);
                if (wrong is not null)
                {
                    problem = $"{states[i].Name}, character {wrong.Position + 1}: {wrong.Message}; {wrong.Mend}";
                    return null;
                }

                moves[i][j] = (when, move.After, move.To);
            }
        }

        return new MachineParts(moves, parts);
    }

    private sealed record MachineParts((TruthNode? When, TimeSpan? After, int To)[][] Moves, BoundParts Parts) : BoundCondition(Parts);

    private sealed class Judgement(
        IReadOnlyList<MachineState> states, List<Severity> severities, int initial, CurrentCondition<MachineParts> condition)
        : IStatefulJudgement
    {
        private int _state = initial;
        private Timestamp _since = Timestamp.None;

        // Who writes `after: 1h, to: idle` says that the time itself is an end.
        public bool EndsByTime => true;

        public bool OutlivesEdits => true;

        public bool HasChanged { get; private set; }

        public void Observe(in Frame frame)
        {
            var before = (_state, _since);
            if (!_since.HasValue)
            {
                _since = frame.Time;
            }

            Move(frame);
            HasChanged = before != (_state, _since);
        }

        public void ClockStepped(TimeSpan by) => _since = _since.MovedBy(by);

        public void Rebase(Timestamp time) => _since = _since.HasValue ? time : _since;

        public void Elapse(in Frame frame) => Move(frame);

        public Truth Raise(int level, in Frame frame) =>
            !_since.HasValue ? Truth.Unknown : states[_state].Severity == severities[level] ? Truth.True : Truth.False;

        public Truth Clear(int level, in Frame frame) => Raise(level, frame).Opposite();

        public Band Steady(int level, bool fires, double value) => Band.Empty;

        public Timestamp NextChange(in Frame frame)
        {
            var parts = condition.Now;
            var next = parts.Parts.NextChange(frame);
            foreach (var (_, after, _) in parts.Moves[_state])
            {
                if (_since.HasValue && after is { } span && _since + span > frame.Time)
                {
                    next = Timestamp.Earlier(next, _since + span);
                }
            }

            return next;
        }

        public string Explain(in Frame frame)
        {
            var inputs = condition.Now.Parts.Explain(frame);
            return $"state = {states[_state].Name} since {_since}{(inputs.Length > 0 ? ", " : "")}{inputs}";
        }

        public void Write(StateWriter writer)
        {
            // By name: an edit may change the order.
            writer.Text(states[_state].Name);
            writer.Time(_since);
        }

        public bool Read(ref StateReader reader)
        {
            var (name, since) = (reader.Text(), reader.Time());
            for (var i = 0; i < states.Count && reader.IsComplete; i++)
            {
                if (states[i].Name == name)
                {
                    (_state, _since) = (i, since);
                    return true;
                }
            }

            return false;
        }

        // At most one move for each reading and each instant: a ring of conditions that all hold must not turn for ever.
        private void Move(in Frame frame)
        {
            foreach (var (when, after, to) in condition.Now.Moves[_state])
            {
                if ((after is not { } span || frame.Time >= _since + span) && (when is null || when.Judge(frame) == Truth.True))
                {
                    (_state, _since) = (to, frame.Time);
                    return;
                }
            }
        }
    }
}
