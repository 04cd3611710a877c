using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Anomaly;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Fires when a value is far from what its series has taught: see <see cref="AnomalyDetector"/>.</summary>
internal sealed class AnomalyKind : IRuleKind
{
    /// <inheritdoc/>
    public string Name => "anomaly";

    /// <inheritdoc/>
    public string Summary => "{device.name} {metric}: {value} is unusual";

    /// <inheritdoc/>
    public ICondition? Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings)
    {
        if (head is { Group: not null } or { Match.Metrics.Count: 0 })
        {
            settings.Refuse("match", "What is unusual is learned of a metric", "name the metric in 'match', and no 'group'");
        }

        return new Condition(AnomalySettings.Read(settings), head);
    }

    private sealed class Condition(AnomalySettings settings, RuleHead head) : ICondition
    {
        public IReadOnlyList<RuleLevel> Levels { get; } = [new RuleLevel(head.Severity, settings.Text, null, head.For)];

        public string Text => settings.Text;

        public ConditionNeeds Needs { get; } = new() { Value = true };

        public IJudgement? Bind(Series subject, IScope scope, out string problem)
        {
            problem = "";
            return new Judgement(settings, subject);
        }
    }

    private sealed class Judgement(AnomalySettings settings, Series subject) : IStatefulJudgement
    {
        private AnomalyDetector _detector = new(settings);
        private AnomalyVerdict _verdict = AnomalyVerdict.Unknown;

        public void Observe(in Frame frame) => _verdict = _detector.Judge(frame.Time, frame.Value);

        public Truth Raise(int level, in Frame frame) => settings.Raise(_verdict);

        public Truth Clear(int level, in Frame frame) => settings.Clear(_verdict);

        public Band Steady(double value) => Band.Empty;

        public string Explain(in Frame frame)
        {
            var unit = subject.Unit.Display;
            return !_verdict.IsKnown
                ? $"value = {Quantities.Format(frame.Value, unit)}, not enough is learned yet"
                : $"value = {Quantities.Format(frame.Value, unit)}, expected {Quantities.Format(_verdict.Expected, unit)}, "
                    + $"usual {Quantities.Format(_verdict.Low, unit)} to {Quantities.Format(_verdict.High, unit)}, "
                    + $"{Quantities.Format(Math.Round(_verdict.Score, 2), "")} robust standard deviations away";
        }

        public void Write(StateWriter writer)
        {
            writer.Number(_verdict.Score);
            writer.Number(_verdict.Expected);
            writer.Number(_verdict.Low);
            writer.Number(_verdict.High);
            writer.Byte(_verdict.IsKnown ? (byte)1 : (byte)0);
            _detector.Write(writer);
        }

        public void Read(ref StateReader reader)
        {
            var verdict = new AnomalyVerdict(reader.Number(), reader.Number(), reader.Number(), reader.Number(), reader.Byte() != 0);
            if (AnomalyDetector.Read(ref reader, settings) is { } detector && reader.IsComplete)
            {
                (_detector, _verdict) = (detector, verdict);
            }
        }
    }
}
