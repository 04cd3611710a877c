using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>What a threshold rule asks.</summary>
internal sealed class ThresholdCondition(string raiseText, Syntax raise, string? clearText, Syntax? clear) : ICondition
{
    private static readonly string[] OwnNames = ["value", "previous", "change"];

    private readonly List<Syntax> _names = [.. raise.All().Concat(clear?.All() ?? [])
        .Where(part => part is NameSyntax or MetricSyntax)
        .DistinctBy(part => part with { Position = 0 })];

    /// <inheritdoc/>
    public string Raise => raiseText;

    /// <inheritdoc/>
    public string? Clear => clearText;

    /// <inheritdoc/>
    public string Text => clearText is null ? raiseText : $"{raiseText}; clear: {clearText}";

    /// <inheritdoc/>
    public ConditionNeeds Needs => field ??= new ConditionNeeds(
        _names.Exists(part => part is NameSyntax { Name: "previous" or "change" }),
        [.. _names.Select(part => part switch
        {
            NameSyntax it when !OwnNames.Contains(it.Name) => new MetricName(null, it.Name),
            MetricSyntax it => new MetricName(it.Device, it.Metric),
            _ => default,
        }).Where(name => name.Metric is not null)]);

    /// <inheritdoc/>
    public IJudgement? Bind(Series series, IScope scope, out string problem)
    {
        var raises = Binder.Bind(raise, scope, out var raiseProblem);
        ExpressionProblem? clearProblem = null;
        var clears = clear is null ? null : Binder.Bind(clear, scope, out clearProblem);
        problem = raiseProblem is not null ? $"raise, character {raiseProblem.Position + 1}: {raiseProblem.Message}; {raiseProblem.Mend}"
            : clearProblem is not null ? $"clear, character {clearProblem.Position + 1}: {clearProblem.Message}; {clearProblem.Mend}" : "";
        return problem.Length > 0 ? null : new Judgement(raises!, clears, [.. _names.Select(name => Input(name, series, scope))]);
    }

    private static (string, Named) Input(Syntax name, Series series, IScope scope) => name switch
    {
        NameSyntax { Name: "value" } => ($"value ({series.Metric})", new Named(new ValueNode(), scope.Value)),
        NameSyntax { Name: "previous" } => ("previous", new Named(new PreviousNode(), scope.Value)),
        NameSyntax { Name: "change" } => ("change", new Named(new ChangeNode(), scope.Value.Differences())),
        NameSyntax it => (it.Name, scope.Find(it.Name)),
        MetricSyntax it => (it.Device is null ? it.Metric : $"{it.Device}/{it.Metric}", scope.Find(it.Device, it.Metric)),
        _ => throw new InvalidOperationException($"'{name}' is no name."),
    };

    private sealed class Judgement(TruthNode raise, TruthNode? clear, (string Name, Named Is)[] inputs) : IJudgement
    {
        public Truth Raise(in Frame frame) => raise.Judge(frame);

        public Truth Clear(in Frame frame)
        {
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

        public Band Steady(double value) =>
            clear is null ? raise.Steady(value) : raise.Steady(value).And(clear.Steady(value));

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
