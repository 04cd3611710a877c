using IotEvents.Gateway.Rules.Testing;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Shows people what came of their tests: for each that failed, what was expected beside what happened.</summary>
internal static class RuleTestReport
{
    private const int LineMax = 10_000;
    private const int RowsMax = 60;
    private const int RowsBefore = 20;

    /// <summary>Writes all that failed, then one line with the counts.</summary>
    public static void Write(IAnsiConsole console, RuleTestSummary summary)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = LineMax;
        }

        foreach (var runs in summary.Results.Where(result => !result.Passed)
            .GroupBy(result => (result.Test.File, result.Test.Name, IsShuffled: result.Seed is not null)))
        {
            var result = runs.First();
            WriteFailed(console, result, result.Failure!);
            if (runs.Skip(1).Any())
            {
                console.MarkupLineInterpolated($"    Other orders of it fail too: seeds {string.Join(", ", runs.Skip(1).Select(run => run.Seed))}.");
            }

            console.WriteLine();
        }

        if (summary.Errors.Count > 0)
        {
            SettingsReport.Write(console, summary.Errors);
        }

        if (summary.Passed)
        {
            console.MarkupLineInterpolated($"[green]●[/] {summary.Total}");
        }
        else
        {
            console.MarkupLineInterpolated($"[red]✗[/] {summary.Total}");
        }
    }

    /// <summary>A line of the comparison as plain text.</summary>
    public static string Plain(TimelineRow row)
    {
        var expected = row.Expected is null ? "nothing expected" : $"expected {Entry(row.Expected)}";
        var happened = row.Happened is null ? "nothing happened" : $"happened {Entry(row.Happened)}";
        return $"{expected} | {happened}{(row.IsSame ? "" : $" | {row.Problem}")}";
    }

    private static void WriteFailed(IAnsiConsole console, RuleTestResult result, RuleTestFailure failure)
    {
        var test = result.Test;
        var seed = result.Seed is { } number ? $", shuffled with the seed {number}" : "";
        console.MarkupLineInterpolated($"[red]✗[/] [bold]{test.File}:{test.Line}[/] {test.Name}{seed}");
        WriteRows(console, result, failure.First);
        console.MarkupLineInterpolated($"    [bold]First difference[/] at {TestWords.Time(failure.At)} of a test that starts at {test.Start}.");
        foreach (var line in failure.Why)
        {
            console.MarkupLineInterpolated($"    [grey]why[/]  {line}");
        }

        foreach (var excerpt in failure.Around)
        {
            WriteExcerpt(console, excerpt, failure.At);
        }
    }

    private static void WriteRows(IAnsiConsole console, RuleTestResult result, TimelineRow first)
    {
        var rows = result.Rows;
        var from = 0;
        if (rows.Count > RowsMax)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                from = ReferenceEquals(rows[i], first) ? Math.Max(0, i - RowsBefore) : from;
            }

            rows = [.. rows.Skip(from).Take(RowsMax)];
        }

        var head = result.Seed is null ? ("expected", "happened") : ("in order", "shuffled");
        var width = Math.Max(head.Item1.Length, rows.Max(row => Entry(row.Expected).Length));
        var right = rows.Max(row => Entry(row.Happened).Length + row.Problem.Length);
        var isNarrow = 6 + width + 3 + right + 4 > console.Profile.Width;
        if (!isNarrow)
        {
            console.MarkupLineInterpolated($"      [grey]{head.Item1.PadRight(width)}   {head.Item2}[/]");
        }

        WriteLeftOut(console, from);
        foreach (var row in rows)
        {
            var sign = ReferenceEquals(row, first) ? "▶" : row.IsSame ? " " : "✗";
            if (isNarrow)
            {
                console.MarkupLineInterpolated($"    [red]{sign}[/] [grey]{head.Item1}[/] {Entry(row.Expected)}");
                console.MarkupInterpolated($"      [grey]{head.Item2}[/] {Entry(row.Happened)}");
            }
            else
            {
                console.MarkupInterpolated($"    [red]{sign}[/] {Entry(row.Expected).PadRight(width)}   {Entry(row.Happened)}");
            }

            console.MarkupLineInterpolated($"[red]{(row.IsSame ? "" : $"  ← {row.Problem}")}[/]");
        }

        WriteLeftOut(console, result.Rows.Count - from - rows.Count);
    }

    private static void WriteLeftOut(IAnsiConsole console, int count)
    {
        if (count > 0)
        {
            console.MarkupLineInterpolated($"      [grey]… {count} more[/]");
        }
    }

    private static void WriteExcerpt(IAnsiConsole console, SeriesExcerpt excerpt, TimeSpan at)
    {
        var unit = excerpt.Series.Unit.IsKnown ? $" {excerpt.Series.Unit.Display}" : "";
        console.MarkupInterpolated($"    [grey]sent[/] {excerpt.Series.Name}{unit}: ");
        if (excerpt.Readings.Count == 0)
        {
            console.MarkupLineInterpolated($"nothing");
            return;
        }

        for (var i = 0; i < excerpt.Readings.Count; i++)
        {
            var reading = excerpt.Readings[i];
            var isLast = reading.At <= at && (i + 1 == excerpt.Readings.Count || excerpt.Readings[i + 1].At > at);
            var text = $"{TestWords.Time(reading.At)} {RuleTestWords.Value(reading)}";
            if (isLast)
            {
                console.MarkupInterpolated($"[bold]▶{text}[/]");
            }
            else
            {
                console.MarkupInterpolated($"{text}");
            }

            console.Markup(i + 1 == excerpt.Readings.Count ? "\n" : "   ");
        }
    }

    private static string Entry(TimelineEntry? entry) => entry is null ? "–" : $"{TestWords.Time(entry.At)} {entry.Text}";
}
