using IotEvents.Gateway.Rules.Anomaly;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary>The ways to find anomalies that are compared. None knows which series it looks at.</summary>
internal static class ScoredMethods
{
    /// <summary>How long an alert of each method goes on after the last bad reading; what is bad again by then is the same alert.</summary>
    public static readonly TimeSpan KeepFiringFor = TimeSpan.FromHours(1);

    /// <summary>Limits that <see cref="BestThreshold"/> tries on each side, at most.</summary>
    private const int LimitsMax = 1000;

    /// <summary>The rule kind <c>anomaly</c>.</summary>
    public static AlertScore Anomaly(LabelledSeries series, AnomalySettings settings)
    {
        var detector = new AnomalyDetector(settings);
        var alerts = new AlertCounter(KeepFiringFor);
        foreach (var point in series.Points)
        {
            var verdict = detector.Judge(point.Time, point.Value);
            alerts.Step(point.Time, settings.Raise(verdict) == Truth.True, settings.Clear(verdict) == Truth.True);
        }

        return series.Score(alerts.Begins);
    }

    /// <summary>Two limits as a user sets them who knows the first 15 %: their 1st and 99th percentile, by nearest rank.</summary>
    public static AlertScore Threshold(LabelledSeries series)
    {
        var first = series.Points.Take(Math.Max(series.FirstScored, 1)).Select(point => point.Value).Order().ToList();
        var (low, high) = (Percentile(first, 0.01), Percentile(first, 0.99));
        return Score(series, value => value < low || value > high);
    }

    /// <summary>
    /// The one limit, upper or lower, with the greatest F1 that there is, known only afterwards: no user could have set it.
    /// Without windows it is none at all.
    /// </summary>
    public static AlertScore BestThreshold(LabelledSeries series)
    {
        var best = series.Score([]);
        var values = series.Points.Skip(series.FirstScored).Select(point => point.Value).Distinct().Order().ToList();
        for (var i = 0; i < Math.Min(values.Count, LimitsMax) && series.Windows.Count > 0; i++)
        {
            var limit = values[(int)((long)i * values.Count / Math.Min(values.Count, LimitsMax))];
            best = Better(best, Score(series, value => value >= limit));
            best = Better(best, Score(series, value => value <= limit));
        }

        return best;
    }

    private static AlertScore Better(AlertScore one, AlertScore other) =>
        other.F1 > one.F1 || (other.F1 == one.F1 && other.Found > one.Found) ? other : one;

    private static AlertScore Score(LabelledSeries series, Func<double, bool> isBad)
    {
        var alerts = new AlertCounter(KeepFiringFor);
        foreach (var point in series.Points)
        {
            var bad = isBad(point.Value);
            alerts.Step(point.Time, bad, !bad);
        }

        return series.Score(alerts.Begins);
    }

    private static double Percentile(List<double> ascending, double part) =>
        ascending[Math.Clamp((int)Math.Ceiling(part * ascending.Count) - 1, 0, ascending.Count - 1)];
}
