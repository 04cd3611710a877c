using Spectre.Console;
using Spectre.Console.Rendering;

namespace IotEvents.Gateway.Cli.Terminal;

/// <summary>Draws a snapshot to fill a terminal: header, alerts, devices, events. Fits 80 × 24, uses more when there is more.</summary>
public static class LiveView
{
    private const int HeaderLines = 2;
    private const int AlertLinesMax = 4;
    private const int EventLinesMin = 4;
    private const int MetricWidth = 38;

    /// <summary>The whole screen.</summary>
    /// <param name="snapshot">What to show.</param>
    /// <param name="width">Columns, 40 or more.</param>
    /// <param name="height">Rows, 12 or more.</param>
    public static IRenderable Draw(LiveSnapshot snapshot, int width, int height)
    {
        var rows = new List<IRenderable> { Header(snapshot, width), Second(snapshot, width), Rule("alerts") };
        var alerts = Math.Min(snapshot.Alerts.Count, AlertLinesMax);
        rows.Add(snapshot.Alerts.Count == 0 ? Line(Condition.Ok, "no active alerts", "") : Alerts(snapshot, width));
        // Three rules, and a line for "no alerts" or for the alerts that do not fit.
        var left = height - HeaderLines - 3 - Math.Max(alerts, 1) - (snapshot.Alerts.Count > alerts ? 1 : 0) - 1;
        var devices = Math.Min(snapshot.Devices.Count, left - EventLinesMin);
        var hidden = snapshot.Devices.Count - devices;
        rows.Add(Rule(hidden > 0 ? $"devices ({devices} of {snapshot.Devices.Count})" : "devices"));
        rows.Add(Devices(snapshot, devices, width));
        rows.Add(Rule("events"));
        rows.Add(Events(snapshot, left - devices, width));
        return new Rows(rows);
    }

    private static Table Header(LiveSnapshot snapshot, int width)
    {
        var silent = snapshot.Devices.Count(device => device.Condition == Condition.Silent);
        var line = $"[bold]IotEvents[/]  {snapshot.ReadingsPerSecond:0.0} readings/s · {snapshot.Readings} stored · " +
            $"{snapshot.Devices.Count} devices{(silent > 0 ? $", {silent} silent" : "")} · " +
            $"{snapshot.Alerts.Count} alerts · {Words.Size(snapshot.StoreBytes)}" +
            (snapshot.TimeLeft is { } left ? $" · {Words.Age(left)} left" : "");
        return Cut(line, width);
    }

    private static Table Second(LiveSnapshot snapshot, int width) => snapshot.Problem.Length > 0
        ? Cut($"{Colored(Condition.Critical, Words.Symbol(Condition.Critical))} {Markup.Escape(Words.OneLine(snapshot.Problem))}", width)
        : Cut($"[grey]{Markup.Escape(snapshot.Addresses)}[/]", width);

    private static Rule Rule(string title) =>
        new($"[grey]{title}[/]") { Justification = Justify.Left, Style = new Style(Color.Grey35) };

    private static Table Alerts(LiveSnapshot snapshot, int width)
    {
        var table = NewTable(11, width - 11 - 10 - 4, 10);
        table.Columns[2].Alignment = Justify.Right;
        foreach (var alert in snapshot.Alerts.Take(AlertLinesMax))
        {
            table.AddRow(
                new Markup(Colored(alert.Condition, $"{Words.Symbol(alert.Condition)} {Words.Word(alert.Condition)}")),
                new Markup($"[bold]{Markup.Escape(Words.OneLine(alert.Summary))}[/]"),
                new Markup($"[grey]{Words.Age(snapshot.Now - alert.Since)}[/]"));
        }

        if (snapshot.Alerts.Count > AlertLinesMax)
        {
            table.AddRow(new Markup(""), new Markup($"[grey]and {snapshot.Alerts.Count - AlertLinesMax} more[/]"), new Markup(""));
        }

        return table;
    }

    private static Table Devices(LiveSnapshot snapshot, int count, int width)
    {
        var name = Math.Clamp(width / 4, 16, 32);
        var metrics = Math.Max(1, (width - 2 - name - 9) / MetricWidth);
        var table = NewTable([1, name, 7, .. Enumerable.Repeat(MetricWidth - 1, metrics)]);
        table.Columns[2].Alignment = Justify.Right;
        foreach (var device in snapshot.Devices.Take(count))
        {
            var silent = device.Condition == Condition.Silent;
            var cells = new List<IRenderable>
            {
                new Markup(Colored(device.Condition, Words.Symbol(device.Condition))),
                new Markup(Markup.Escape(Words.OneLine(device.Name))),
                new Markup($"[grey]{Words.Age(snapshot.Now - device.LastSeen)}[/]"),
            };
            cells.AddRange(device.Metrics.Take(metrics).Select(metric => Metric(metric, silent)));
            cells.AddRange(Enumerable.Range(cells.Count, Math.Max(0, metrics + 3 - cells.Count)).Select(_ => new Markup("")));
            table.AddRow(cells);
        }

        return table;
    }

    private static Markup Metric(MetricCell metric, bool silent)
    {
        var value = metric.Unit.Symbol == "B" ? Words.Size(metric.Value) : Words.Value(metric.Value, metric.Unit);
        var color = silent ? "grey" : "default";
        return new Markup(
            $"[{color}]{Markup.Escape(value.PadLeft(11))}[/] [grey]{Markup.Escape(Fit(Words.OneLine(metric.Name), 14))}[/] " +
            $"[{(silent ? "grey" : "blue")}]{Sparkline.Draw(metric.Trend, 9)}[/]");
    }

    private static IRenderable Events(LiveSnapshot snapshot, int count, int width)
    {
        if (snapshot.Events.Count == 0)
        {
            return new Markup("[grey]nothing yet[/]");
        }

        var table = NewTable(8, 1, width - 13);
        foreach (var happened in snapshot.Events.Take(Math.Max(count, 1)))
        {
            table.AddRow(
                new Markup($"[grey]{happened.At.ToDateTimeOffset().ToLocalTime():HH:mm:ss}[/]"),
                new Markup(Colored(happened.Condition, Words.Symbol(happened.Condition))),
                new Markup(Markup.Escape(Words.OneLine(happened.Text))));
        }

        return table;
    }

    private static Markup Line(Condition condition, string text, string rest) =>
        new($"{Colored(condition, Words.Symbol(condition))} {text}{rest}");

    private static Table NewTable(params int[] widths)
    {
        var table = new Table { ShowHeaders = false };
        table.NoBorder();
        foreach (var width in widths)
        {
            table.AddColumn(new TableColumn("") { Width = width, NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        }

        return table;
    }

    /// <summary>One line, cut off with an ellipsis where the terminal is narrow: a wrapped line would push the last one out.</summary>
    private static Table Cut(string markup, int width)
    {
        var table = NewTable(width - 1);
        table.AddRow(new Markup(markup));
        return table;
    }

    private static string Fit(string text, int width) => text.Length <= width ? text.PadRight(width) : text[..(width - 1)] + "…";

    private static string Colored(Condition condition, string text) => condition switch
    {
        Condition.Ok => $"[green]{text}[/]",
        Condition.Info => $"[blue]{text}[/]",
        Condition.Warning => $"[yellow]{text}[/]",
        Condition.Critical => $"[red]{text}[/]",
        Condition.Silent => $"[grey]{text}[/]",
        Condition.Suspect => $"[magenta]{text}[/]",
        _ => text,
    };
}
