using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IotEvents.Gateway.Cli.Terminal;

/// <summary>Draws a snapshot to fill a terminal: header, alerts, devices, events. Fits 80 × 24, uses more when there is more.</summary>
public static class LiveView
{
    private const int HeaderLines = 2;
    private const int AlertLinesMax = 4;
    private const int EventLinesMin = 4;
    private const int SymbolWidth = 1;
    private const int AgeWidth = 7;
    private const int ValueWidth = 11;
    private const int MetricNameWidth = 14;
    private const int MetricWidth = 37;

    /// <summary>The whole screen.</summary>
    /// <param name="snapshot">What to show.</param>
    /// <param name="width">Columns, 60 or more.</param>
    /// <param name="height">Rows, 12 or more.</param>
    public static IRenderable Draw(LiveSnapshot snapshot, int width, int height)
    {
        // Two lines of header, three rules, and one line for the cursor below.
        var left = height - HeaderLines - 3 - 1;
        var alerts = Math.Min(snapshot.Alerts.Count, Math.Clamp(left / 4, 1, AlertLinesMax));
        left -= Math.Max(alerts, 1) + (snapshot.Alerts.Count > alerts ? 1 : 0);
        var devices = Math.Max(0, Math.Min(snapshot.Devices.Count, left - Math.Min(EventLinesMin, left / 2)));
        var events = left - devices;
        return new Rows(
            Header(snapshot, width),
            Second(snapshot, width),
            Rule("alerts"),
            snapshot.Alerts.Count == 0 ? Line(Condition.Ok, "no active alerts") : Alerts(snapshot, alerts, width),
            Rule(devices < snapshot.Devices.Count ? $"devices ({devices} of {snapshot.Devices.Count})" : "devices"),
            Devices(snapshot, devices, width),
            Rule("events"),
            Events(snapshot, events, width));
    }

    private static Markup Header(LiveSnapshot snapshot, int width)
    {
        var silent = snapshot.Devices.Count(device => device.Condition == Condition.Silent);
        var rest = string.Create(CultureInfo.InvariantCulture, $"  {snapshot.ReadingsPerSecond:0.0} readings/s · {snapshot.Readings} stored · ") +
            $"{snapshot.Devices.Count} devices{(silent > 0 ? $", {silent} silent" : "")} · " +
            $"{snapshot.Alerts.Count} alerts · {Words.Size(snapshot.StoreBytes)}" +
            (snapshot.TimeLeft is { } left ? $" · {Words.Age(left)} left" : "");
        return new Markup($"[bold]IotEvents[/]{Text(rest, width - 10)}");
    }

    private static Markup Second(LiveSnapshot snapshot, int width) => snapshot.Problem.Length > 0
        ? new Markup($"{Colored(Condition.Critical, Words.Symbol(Condition.Critical))} {Text(snapshot.Problem, width - 3)}")
        : new Markup($"[grey]{Text(snapshot.Addresses, width - 1)}[/]");

    private static Rule Rule(string title) =>
        new($"[grey]{title}[/]") { Justification = Justify.Left, Style = new Style(Color.Grey35) };

    private static Table Alerts(LiveSnapshot snapshot, int count, int width)
    {
        var summary = width - 11 - 10 - 4;
        var table = NewTable(11, summary, 10);
        table.Columns[2].Alignment = Justify.Right;
        foreach (var alert in snapshot.Alerts.Take(count))
        {
            table.AddRow(
                new Markup(Colored(alert.Condition, $"{Words.Symbol(alert.Condition)} {Words.Word(alert.Condition)}")),
                new Markup($"[bold]{Text(alert.Summary, summary)}[/]"),
                new Markup($"[grey]{Words.Age(snapshot.Now - alert.Since)}[/]"));
        }

        if (snapshot.Alerts.Count > count)
        {
            table.AddRow(new Markup(""), new Markup($"[grey]and {snapshot.Alerts.Count - count} more[/]"), new Markup(""));
        }

        return table;
    }

    private static Table Devices(LiveSnapshot snapshot, int count, int width)
    {
        var name = Math.Clamp(width / 4, 14, 32);
        var room = width - SymbolWidth - name - AgeWidth - 5;
        var metrics = Math.Max(1, room / (MetricWidth + 1));
        var metricWidth = Math.Min(MetricWidth, room);
        var table = NewTable([SymbolWidth, name, AgeWidth, .. Enumerable.Repeat(metricWidth, metrics)]);
        table.Columns[2].Alignment = Justify.Right;
        foreach (var device in snapshot.Devices.Take(count))
        {
            var isSilent = device.Condition == Condition.Silent;
            table.AddRow(
            [
                new Markup(Colored(device.Condition, Words.Symbol(device.Condition))),
                new Markup(Text(device.Name, name)),
                new Markup($"[grey]{Words.Age(snapshot.Now - device.LastSeen)}[/]"),
                .. Enumerable.Range(0, metrics).Select(i => i < device.Metrics.Count ? Metric(device.Metrics[i], isSilent, metricWidth) : new Markup("")),
            ]);
        }

        return table;
    }

    private static Markup Metric(MetricCell metric, bool isSilent, int width)
    {
        var value = metric.Unit.Symbol == "B" ? Words.Size(metric.Value) : Words.Value(metric.Value, metric.Unit);
        var spark = width - ValueWidth - MetricNameWidth - 2;
        return new Markup(
            $"[{(isSilent ? "grey" : "default")}]{Markup.Escape(Fit(value, ValueWidth).TrimEnd().PadLeft(ValueWidth))}[/] " +
            $"[grey]{Markup.Escape(Fit(Words.OneLine(metric.Name), MetricNameWidth))}[/] " +
            $"[{(isSilent ? "grey" : "blue")}]{(spark > 0 ? Sparkline.Draw(metric.Trend, spark) : "")}[/]");
    }

    private static IRenderable Events(LiveSnapshot snapshot, int count, int width)
    {
        if (snapshot.Events.Count == 0)
        {
            return new Markup("[grey]nothing yet[/]");
        }

        var table = NewTable(8, 1, width - 13);
        foreach (var happened in snapshot.Events.Take(count))
        {
            table.AddRow(
                new Markup($"[grey]{happened.At.ToDateTimeOffset().ToLocalTime():HH:mm:ss}[/]"),
                new Markup(Colored(happened.Condition, Words.Symbol(happened.Condition))),
                new Markup(Text(happened.Text, width - 13)));
        }

        return table;
    }

    private static Markup Line(Condition condition, string text) =>
        new($"{Colored(condition, Words.Symbol(condition))} {text}");

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

    /// <summary>Foreign text on one line of at most so many columns; a wrapped line would push the last one off the screen.</summary>
    private static string Text(string text, int width) => Markup.Escape(Fit(Words.OneLine(text), Math.Max(width, 1)).TrimEnd());

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
