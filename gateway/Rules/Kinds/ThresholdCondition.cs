using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>One level of a threshold rule, parsed.</summary>
/// <param name="Level">As it is written.</param>
/// <param name="Raise">What raises it.</param>
/// <param name="Clear">What ends it; null when it is that <paramref name="Raise"/> is true no more.</param>
internal sealed record ThresholdLevel(RuleLevel Level, Syntax Raise, Syntax? Clear);

/// <summary>What a threshold rule asks.</summary>
internal sealed class ThresholdCondition(IReadOnlyList<ThresholdLevel> levels) : ICondition
{
    private static readonly string[] OwnNames = ["value", "previous", "change"];

    private readonly List<Syntax> _names = [.. levels.SelectMany(level => level.Raise.All().Concat(level.Clear?.All() ?? []))
        .Where(part => part is NameSyntax or MetricSyntax)
        .DistinctBy(part => part with { Position = 0 })];

    /// <inheritdoc/>
    public IReadOnlyList<RuleLevel> Levels { get; } = [.. levels.Select(level => level.Level)];

    /// <inheritdoc/>
    public string Text { get; } = string.Join(" | ", levels.Select(level =>
        level.Level.Clear is null ? level.Level.Raise : $"{level.Level.Raise}; clear: {level.Level.Clear}"));

    /// <inheritdoc/>
    public ConditionNeeds Needs => field ??= new ConditionNeeds
    {
        Value = _names.Exists(part => part is NameSyntax it && OwnNames.Contains(it.Name)),
        Others = [.. _names.Select(part => part switch
        {
            NameSyntax it when !OwnNames.Contains(it.Name) => new MetricName(null, it.Name),
            MetricSyntax it => new MetricName(it.Device, it.Metric),
            _ => default,
        }).Where(name => name.Metric is not null)],
    };

    /// <inheritdoc/>
    public IJudgement? Bind(Series subject, IScope scope, out string problem)
    {
        var nodes = new (TruthNode Raise, TruthNode? Clear)[levels.Count];
        for (var i = 0; i < levels.Count; i++)
        {
            var raise = Binder.Bind(levels[i].Raise, scope, out var raiseProblem);
            ExpressionProblem? clearProblem = null;
            var clear = levels[i].Clear is { } syntax ? Binder.Bind(syntax, scope, out clearProblem) : null;
            problem = raiseProblem is not null ? Describe("raise", raiseProblem)
                : clearProblem is not null ? Describe("clear", clearProblem) : "";
            if (problem.Length > 0)
            {
                return null;
            }

            nodes[i] = (raise!, clear);
        }

        problem = "";
        return new Judgement(nodes, [.. _names.Select(name => Input(name, subject, scope))]);
    }

    private static string Describe(string key, ExpressionProblem problem) =>
        $"{key}, character {problem.Position + 1}: {problem.Message}; {problem.Mend}";

    private static (string, Named) Input(Syntax name, Series series, IScope scope) => name switch
    {
        NameSyntax { Name: "value" } => ($"value ({series.Metric})", new Named(new ValueNode(), scope.Value)),
        NameSyntax { Name: "previous" } => ("previous", new Named(new PreviousNode(), scope.Value)),
        NameSyntax { Name: "change" } => ("change", new Named(new ChangeNode(), scope.Value.Differences())),
        NameSyntax it => (it.Name, scope.Find(it.Name)),
        MetricSyntax it => (it.Device is null ? it.Metric : $"{it.Device}/{it.Metric}", scope.Find(it.Device, it.Metric)),
        _ => throw new InvalidOperationException($"'{name}' is no name."),
    };

    private sealed class Judgement((TruthNode Raise, TruthNode? Clear)[] levels, (string Name, Named Is)[] inputs) : IJudgement
    {
        public Truth Raise(int level, in Frame frame) => levels[level].Raise.Judge(frame);

        public Truth Clear(int level, in Frame frame)
        {
            var (raise, clear) = levels[level];
            if (clear is not null)
            {
                return clear.Judge(frame);
            }

            return raise.Judge(frame) switch
            {
                Truth.True => Truth.False,
                Truth.False => Truth.True,
                _ => Truth.Unknown,
            };
        }

        public Band Steady(double value)
        {
            var band = Band.All;
            foreach (var (raise, clear) in levels)
            {
                band = band.And(raise.Steady(value));
                band = clear is null ? band : band.And(clear.Steady(value));
            }

            return band;
        }

        public string Explain(in Frame frame)
        {
            var parts = new List<string>(inputs.Length);
            foreach (var (name, it) in inputs)
            {
                parts.Add($"{name} = {Quantities.Format(it.Node.Compute(frame), Display(it.Measure))}");
            }

            return string.Join(", ", parts);
        }

        private static string Display(Measure measure)
        {
            if (!measure.HasScale)
            {
                return "";
            }

            foreach (var unit in Units.All)
            {
                var scale = Scale.Of(unit);
                if (measure.Scale == scale || (measure.Kind == MeasureKind.Difference && measure.Scale == scale.WithoutOffset))
                {
                    return unit.Display;
                }
            }

            return string.Create(CultureInfo.InvariantCulture, $"× {measure.Scale.Factor:R} {measure.Scale.Dimension}");
        }
    }
}
