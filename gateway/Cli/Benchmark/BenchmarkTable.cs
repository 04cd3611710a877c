using System.Globalization;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary>Shows people a <see cref="BenchmarkReport"/>: a table and what its words mean.</summary>
internal static class BenchmarkTable
{
    private const int WidthOfFile = 10_000;

    private static readonly string[] Numbers =
        ["found", "alerts", "false", "precision", "recall", "F1", "delay median", "delay mean", "alerts/week"];

    private const string Definitions = """
        A window that people labelled is found when at least one alert begins in it, both ends counted in.
        An alert is true when it begins in such a window, else false. It is counted once: it goes on until the rule
        clears and 1 h more, and what is bad again by then is the same alert.
        Precision is true alerts / alerts, recall is found / windows, F1 their harmonic mean; '-' is 0 / 0.
        Delay is from the begin of the window (not of what is anomalous in it) to its first alert; windows not found have none.
        The first 15 % of each series only teach: no alert counts there. Times without a zone are taken as UTC.
        anomaly         the kind 'anomaly' with its defaults, the same for each series
        threshold       below the 1st or above the 99th percentile of the first 15 %
        best threshold  the upper or lower limit with the best F1 for each series, of 1000 on each side; known only afterwards
        The defaults were chosen by every second of the benchmark's twelve series (*), the tuned half; by the others, the held-out
        half, nothing was chosen.
        """;

    /// <summary>Writes it.</summary>
    public static void Write(IAnsiConsole console, BenchmarkReport report)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            // A file or a pipe has no width.
            console.Profile.Width = WidthOfFile;
        }

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("series", "method");
        foreach (var heading in Numbers)
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        AddRows(table, report.Series, row => row.Name + (BenchmarkReport.IsTuned(row.Name) ? " *" : ""));
        AddRows(table, report.Totals, row => row.Name);
        console.Write(table);
        console.WriteLine(Definitions);
    }

    private static void AddRows(Table table, IReadOnlyList<BenchmarkRow> rows, Func<BenchmarkRow, string> name)
    {
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Scores.Count; i++)
            {
                var cells = Cells(i == 0 ? name(row) : "", BenchmarkReport.Methods[i], row.Scores[i]);
                table.AddRow([.. cells.Select(cell => new Text(cell))]);
            }

            table.AddEmptyRow();
        }
    }

    private static string[] Cells(string name, string method, AlertScore score) =>
    [
        name, method, $"{Format(score.Found)} of {Format(score.Windows)}", Format(score.Alerts), Format(score.FalseAlerts),
        Format(score.Precision, "0.00"), Format(score.Recall, "0.00"), Format(score.F1, "0.00"),
        Format(score.MedianDelay), Format(score.MeanDelay), Format(score.AlertsPerWeek, "0.0"),
    ];

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Format(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static string Format(TimeSpan? delay) => delay is { } it
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)it.TotalHours}h{it.Minutes:00}m")
        : "-";
}
