using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Replay;
using IotEvents.Gateway.Rules.Scoring;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Writes a score for people: tables of numbers, then what was missed and what was raised for nothing.</summary>
/// <param name="output">Takes the lines.</param>
/// <param name="listMax">How many incidents and alarms each list shows.</param>
/// <param name="isJson">True to write JSON in place of tables; its lists are whole.</param>
internal sealed class ScoreReport(TextWriter output, int listMax, bool isJson)
{
    private static readonly string[] Columns =
    [
        "incidents", "found", "recall", "alerts", "true", "false", "precision", "false/week", "delay mean", "median", "95 %",
    ];

    /// <summary>Writes the whole report.</summary>
    /// <param name="score">The score.</param>
    /// <param name="replay">Where it comes from.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Write(Score score, ScoredReplay replay, TimeSpan elapsed)
    {
        if (isJson)
        {
            ScoreJson.Write(output, score, replay, elapsed);
            return;
        }

        var seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        Line($"{(score.To - score.From).TotalDays:0.##} days from {score.From} to {score.To}, grace {Time(score.Grace)}");
        var rate = replay.Readings / seconds;
        Line($"{replay.Messages.Messages:N0} messages, {replay.Readings:N0} readings judged in {seconds:0.0} s ({rate:N0} a second)");
        WriteLeftOut(replay);
        output.WriteLine();
        WriteTable("rule", [.. score.Rules, score.Total]);
        output.WriteLine();
        WriteTable("kind of incident", score.Kinds);
        foreach (var (kind, count) in score.Quiet.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Line($"{count:N0} times {kind} that had to be borne in silence");
        }

        WriteList("missed", [.. score.Missed.Select(Describe)]);
        WriteList("false alarms", [.. score.FalseAlarms.Select(Describe)]);
        WriteUnheard([.. replay.Unheard(score)]);
    }

    private void WriteLeftOut(ScoredReplay replay)
    {
        var reasons = Enumerable.Range(1, RejectReasons.Count - 1).Select(number => (RejectReason)number)
            .Select(reason => (Reason: reason, Count: replay.LeftOut(reason))).Where(it => it.Count > 0).ToList();
        if (reasons.Count > 0)
        {
            Line($"left out: {string.Join(", ", reasons.Select(it => $"{it.Count:N0} {it.Reason.Name()}"))}");
        }

        if (replay.Historical > 0)
        {
            Line($"{replay.Historical:N0} historical alerts, of which nobody is told, do not count");
        }

        foreach (var aside in replay.SetAside.DistinctBy(it => (it.Rule, it.Problem)))
        {
            Line($"set aside: {aside.Rule} for {aside.Series}: {aside.Problem}");
        }
    }

    private void WriteTable(string title, IReadOnlyList<Tally> tallies)
    {
        var rows = tallies.Select(tally => (tally.Name, Cells: Cells(tally))).Prepend((Name: title, Cells: Columns)).ToList();
        var first = rows.Max(row => row.Name.Length);
        var widths = Enumerable.Range(0, Columns.Length).Select(i => rows.Max(row => row.Cells[i].Length)).ToArray();
        foreach (var (name, cells) in rows)
        {
            output.WriteLine(name.PadRight(first) + string.Concat(cells.Select((cell, i) => "  " + cell.PadLeft(widths[i]))));
        }
    }

    private static string[] Cells(Tally tally) =>
    [
        Text($"{tally.Incidents}"), Text($"{tally.Found}"), Part(tally.Recall),
        Text($"{tally.Alerts}"), Text($"{tally.TrueAlerts}"), Text($"{tally.FalseAlarms}"), Part(tally.Precision),
        Text($"{tally.FalseAlarmsPerWeek:0.##}"),
        Delay(tally, tally.Delays.Mean), Delay(tally, tally.Delays.Median), Delay(tally, tally.Delays.Percentile95),
    ];

    private void WriteList(string title, List<string> lines)
    {
        output.WriteLine();
        Line($"{title}: {(lines.Count == 0 ? "none" : Text($"{lines.Count:N0}"))}");
        foreach (var line in lines.Take(listMax))
        {
            output.WriteLine($"  {line}");
        }

        if (lines.Count > listMax)
        {
            Line($"  and {lines.Count - listMax:N0} more; --list {lines.Count} shows all");
        }
    }

    private void WriteUnheard(List<Incident> unheard)
    {
        if (unheard.Count > 0)
        {
            output.WriteLine();
            var first = $"{unheard[0].Device}/{unheard[0].Metric}";
            Line($"{unheard.Count:N0} of the missed name a device or metric that is in no message, first {first}: nothing can find them.");
        }
    }

    private static string Describe(Incident incident) =>
        $"{incident.Kind}  {incident.Device}/{incident.Metric}  {incident.From} for {Time(incident.To - incident.From)}  ({incident.Id})";

    private static string Describe(FalseAlarm alarm) =>
        $"{alarm.Alert.Rule}  {alarm.Alert.Device}/{alarm.Alert.Metric}  {alarm.Alert.RaisedAt}"
        + (alarm.Alert.EndedAt.HasValue ? $" for {Time(alarm.Alert.EndedAt - alarm.Alert.RaisedAt)}" : " until the end")
        + (alarm.During is { } during ? $"  (during {during.Kind} {during.Id})" : "");

    private void Line(FormattableString text) => output.WriteLine(Text(text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Part(double? part) => part is { } value ? Text($"{100 * value:0.0} %") : "–";

    private static string Delay(Tally tally, TimeSpan delay) => tally.Delays.Count == 0 ? "–" : Time(delay);

    /// <summary>Two units are enough to compare lengths: <c>42s</c>, <c>31m11s</c>, <c>2h05m</c>, <c>3d04h</c>.</summary>
    private static string Time(TimeSpan time)
    {
        var rounded = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        return rounded switch
        {
            { TotalMinutes: < 1 } => Text($"{rounded.Seconds}s"),
            { TotalHours: < 1 } => Text($"{rounded.Minutes}m{rounded.Seconds:00}s"),
            { TotalDays: < 1 } => Text($"{rounded.Hours}h{rounded.Minutes:00}m"),
            _ => Text($"{rounded.Days}d{rounded.Hours:00}h"),
        };
    }
}
