using IotEvents.Gateway.Rules.Anomaly;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary>Some series with the score of each of the <see cref="BenchmarkReport.Methods"/>, in that order.</summary>
internal sealed record BenchmarkRow(string Name, IReadOnlyList<AlertScore> Scores);

/// <summary>How well the anomaly kind with its defaults does on labelled series, beside plain thresholds.</summary>
/// <param name="Series">Each series, in the order of the names.</param>
/// <param name="Totals">All series of each half that there is, and all together.</param>
internal sealed record BenchmarkReport(IReadOnlyList<BenchmarkRow> Series, IReadOnlyList<BenchmarkRow> Totals)
{
    /// <summary>What is compared.</summary>
    public static readonly IReadOnlyList<string> Methods = ["anomaly", "threshold", "best threshold"];

    /// <summary>
    /// The series of the Numenta benchmark by which the defaults were chosen: every second of the twelve in the order of their
    /// names. How well the others do shows whether the defaults are good for more than what they were made on.
    /// </summary>
    private static readonly string[] Tuned =
    [
        "TravelTime_387", "art_daily_jumpsup", "art_flatline", "ec2_cpu_utilization_5f5533", "ec2_disk_write_bytes_1ef3de",
        "rogue_agent_key_updown",
    ];

    /// <summary>True when the defaults were chosen by this series, among others.</summary>
    public static bool IsTuned(string series) => Tuned.Contains(series);

    /// <summary>Scores all series.</summary>
    /// <param name="all">The series.</param>
    /// <param name="progress">Is told the name and number of each series before it is looked at.</param>
    public static BenchmarkReport Of(IReadOnlyList<LabelledSeries> all, Action<string, int> progress)
    {
        var settings = new AnomalySettings();
        var rows = new List<BenchmarkRow>();
        foreach (var series in all)
        {
            progress(series.Name, rows.Count + 1);
            rows.Add(new BenchmarkRow(series.Name,
                [ScoredMethods.Anomaly(series, settings), ScoredMethods.Threshold(series), ScoredMethods.BestThreshold(series)]));
        }

        var totals = new[]
        {
            Total("tuned half", rows.Where(row => IsTuned(row.Name))),
            Total("held-out half", rows.Where(row => !IsTuned(row.Name))),
            Total("all", rows),
        };
        return new BenchmarkReport(rows, [.. totals.OfType<BenchmarkRow>()]);
    }

    private static BenchmarkRow? Total(string name, IEnumerable<BenchmarkRow> rows)
    {
        var some = rows.ToList();
        return some.Count == 0 ? null
            : new BenchmarkRow(name, [.. Methods.Select((_, i) => AlertScore.Sum(some.Select(row => row.Scores[i])))]);
    }
}
