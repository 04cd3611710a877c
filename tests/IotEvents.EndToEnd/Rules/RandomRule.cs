using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Windows;

namespace IotEvents.EndToEnd.Rules;

/// <summary>A rule that Prometheus and we both can say.</summary>
/// <param name="Id">Its name in both.</param>
/// <param name="Series">The series it is for.</param>
/// <param name="Function">A function of PromQL, or <c>value</c>.</param>
/// <param name="Window">Seconds it looks back; 0 for <c>value</c>.</param>
/// <param name="Argument">The quantile of <c>quantile_over_time</c>, or the seconds ahead of <c>predict_linear</c>.</param>
/// <param name="Comparison">An operator and a limit; nothing for <c>absent_over_time</c>.</param>
/// <param name="Wait">Seconds of <c>for</c>.</param>
/// <param name="Keep">Seconds of <c>keep_firing_for</c>.</param>
internal sealed record RandomRule(
    string Id, GridSeries Series, string Function, int Window, double Argument, string Comparison, int Wait, int Keep)
{
    /// <summary>What is asked of series without gaps.</summary>
    public static readonly string[] Functions =
    [
        "value", "avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time", "stddev_over_time",
        "quantile_over_time", "rate", "increase", "delta", "deriv", "predict_linear", "changes",
    ];

    /// <summary>What is asked of series with gaps: elsewhere a window without a result ends an alert in Prometheus only.</summary>
    public static readonly string[] FunctionsOverGaps = ["value", "absent_over_time"];

    // A point of the grid lies exactly at the left end of a window, which Debian's promtool still counts in.
    private string PromWindow => string.Create(CultureInfo.InvariantCulture, $"m[{(Window * 1000L) - 1}ms]");

    // Prometheus forgets a value that is not repeated within five minutes: at the first evaluation after them.
    private int Forgotten => Series.Step * ((300 / Series.Step) + 1);

    /// <summary>A random rule for a series.</summary>
    public static RandomRule Next(Random random, string id, GridSeries series, string function)
    {
        var window = function == "value" ? 0 : random.Next(2, random.Next(2) == 0 ? 6 : 40) * series.Step;
        var argument = function switch
        {
            "quantile_over_time" => random.Next(101) / 100d,
            "predict_linear" => random.Next(1, 50) * series.Step,
            _ => 0,
        };
        var wait = random.Next(3) == 0 ? 0 : random.Next(1, 7) * series.Step;
        var keep = random.Next(2) == 0 ? 0 : random.Next(1, 9) * series.Step;

        // Here a `for` ends at its end, in Prometheus at the evaluation after it: a look at the grid tells no difference.
        wait += keep == 0 && random.Next(4) == 0 ? series.Step / 3 : 0;
        var rule = new RandomRule(id, series, function, window, argument, "", wait, keep);
        return function == "absent_over_time" ? rule : rule with { Comparison = rule.Compare(random) };
    }

    /// <summary>The alert's expression over the metric m.</summary>
    public string PromExpression() => Function switch
    {
        "value" => $"m {Comparison}",
        "quantile_over_time" => string.Create(CultureInfo.InvariantCulture, $"{Function}({Argument}, {PromWindow}) {Comparison}"),
        "predict_linear" => string.Create(CultureInfo.InvariantCulture, $"{Function}({PromWindow}, {Argument}) {Comparison}"),
        _ => $"{Function}({PromWindow}) {Comparison}".TrimEnd(),
    };

    /// <summary>Our file with this rule.</summary>
    public string RuleYaml()
    {
        var raise = Function switch
        {
            "value" => $"value {Comparison}",
            "quantile_over_time" => string.Create(CultureInfo.InvariantCulture, $"{Function}({Argument}, {Span(Window)}) {Comparison}"),
            "predict_linear" => $"{Function}({Span(Window)}, {Span((int)Argument)}) {Comparison}",
            _ => $"{Function}({Span(Window)}) {Comparison}".TrimEnd(),
        };
        var keep = Keep > 0 ? $"  keep_firing_for: {Span(Keep)}\n" : "";

        var silence = Function == "value" ? $"  missing: ok\n  missing_after: {Forgotten}s\n" : "";
        return $"rules:\n- id: {Id}\n  match: {{ metric: m }}\n  raise: {raise}\n  for: {Span(Wait)}\n{keep}{silence}";
    }

    /// <summary>Where a plain model of a rule lets it fire: for each instant of the grid <c>#</c>, or <c>.</c> where not.</summary>
    /// <param name="debian">
    /// True for Debian's Prometheus, false for us: there <c>keep_firing_for</c> ends at an evaluation, here with a reading, because
    /// silence is no recovery; and here <c>missing: ok</c> ends even what is kept firing. Neither shows without gaps.
    /// </param>
    public string Model(bool debian)
    {
        var firing = new StringBuilder();
        var (since, until, fires) = (int.MaxValue, int.MaxValue, false);
        foreach (var result in Results(debian))
        {
            var now = firing.Length * Series.Step;
            var holds = Holds(result);
            since = holds ? Math.Min(since, now) : int.MaxValue;
            until = holds ? int.MaxValue : Math.Min(until, now + Keep);
            var isKept = now < until || (!debian && Series.Values[firing.Length] is null);
            var isForgotten = !debian && Function == "value" && double.IsNaN(result);
            fires = holds ? fires || now - since >= Wait : fires && isKept && !isForgotten;
            firing.Append(fires ? '#' : '.');
        }

        return firing.ToString();
    }

    private static string Span(int seconds) =>
        seconds > 0 && seconds % 3600 == 0 ? $"{seconds / 3600}h" : seconds > 0 && seconds % 60 == 0 ? $"{seconds / 60}m" : $"{seconds}s";

    // A limit that the values cross now and then: one of them where a comparison is exact, or the middle between two that
    // differ clearly, because the millisecond that a window lacks in Prometheus is felt by a rate.
    private string Compare(Random random)
    {
        var values = Results(debian: false).Where(double.IsFinite).Distinct().Order().ToList();
        if (values.Count == 0)
        {
            return "> 0";
        }

        var at = (int)(values.Count * (0.05 + (0.9 * random.NextDouble())));
        if (Function is "value" or "min_over_time" or "max_over_time" or "count_over_time" or "changes" && random.Next(2) == 0)
        {
            string[] operators = [">", ">=", "<", "<=", "==", "!="];
            return $"{operators[random.Next(operators.Length)]} {Text(values[at])}";
        }

        var apart = (values[^1] - values[0]) * 1e-4;
        for (; at + 1 < values.Count; at++)
        {
            if (values[at + 1] - values[at] > apart)
            {
                return $"{(random.Next(2) == 0 ? ">" : "<")} {Text((values[at] + values[at + 1]) / 2)}";
            }
        }

        return $"< {Text(values[^1] + Math.Max(1, Math.Abs(values[^1])))}";
    }

    private bool Holds(double result)
    {
        var limit = Comparison.Length == 0 ? 0 : double.Parse(Comparison.Split(' ')[1], CultureInfo.InvariantCulture);
        return !double.IsNaN(result) && Comparison.Split(' ')[0] switch
        {
            ">" => result > limit,
            ">=" => result >= limit,
            "<" => result < limit,
            "<=" => result <= limit,
            "==" => result == limit,
            "!=" => result != limit,
            _ => true,
        };
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();

    // At each instant of the grid; not a number where there is no result.
    private List<double> Results(bool debian)
    {
        var (ring, results) = (new PointRing(), new List<double>());
        var window = TimeSpan.FromSeconds(Function == "value" ? Forgotten : Window);
        for (var i = 0; i < Series.Values.Length; i++)
        {
            var end = Series.Time(i);
            if (Series.Values[i] is { } value)
            {
                ring.Add(end, value);
            }

            results.Add(Result(ring.Between(end - window, end), end - window, end, debian));
        }

        return results;
    }

    private double Result(PointSpan points, Timestamp start, Timestamp end, bool debian) => Function switch
    {
        "value" => RangeFunctions.Last(points),
        "absent_over_time" => points.IsEmpty ? 1 : double.NaN,
        "avg_over_time" => RangeFunctions.Avg(points),
        "min_over_time" => RangeFunctions.Min(points),
        "max_over_time" => RangeFunctions.Max(points),
        "sum_over_time" => RangeFunctions.Sum(points),
        "count_over_time" => RangeFunctions.Count(points),
        "stddev_over_time" => RangeFunctions.StdDev(points),
        "quantile_over_time" => RangeFunctions.Quantile(Argument, points),
        "rate" when debian => OlderPrometheus.Rate(points, start, end),
        "increase" when debian => OlderPrometheus.Increase(points, start, end),
        "rate" => RangeFunctions.Rate(points, start, end),
        "increase" => RangeFunctions.Increase(points, start, end),
        "delta" => RangeFunctions.Delta(points, start, end),
        "deriv" => RangeFunctions.Deriv(points),
        "predict_linear" => RangeFunctions.PredictLinear(points, end, TimeSpan.FromSeconds(Argument)),
        "changes" => RangeFunctions.Changes(points),
        _ => throw new ArgumentOutOfRangeException(nameof(points), Function, "no such function"),
    };
}
