using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Cli.Terminal;
using IotEvents.Gateway.Rules.Proof;

namespace IotEvents.Gateway.Cli.Alerts;

/// <summary>Evidence for people. Everything in it is foreign text: nothing of it draws on the screen.</summary>
internal static class EvidenceReport
{
    private const int LastReadings = 5;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, EvidenceBundle bundle)
    {
        Decision(output, bundle);
        output.WriteLine($"rule {One(bundle.Rule.Id)} {One(bundle.Rule.Version)}:");
        foreach (var line in bundle.Rule.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            output.WriteLine($"  {One(line, keepIndent: true)}");
        }

        output.WriteLine($"triggered by {Trigger(bundle.Trigger)}");
        for (var i = 0; i < Math.Min(bundle.Before.Levels.Count, bundle.After.Levels.Count); i++)
        {
            output.WriteLine($"level {i + 1}: {Level(bundle.Before.Levels[i])}, then {Level(bundle.After.Levels[i])}");
        }

        if (bundle.After.Silent)
        {
            output.WriteLine("it fires because of silence");
        }

        output.WriteLine("series:");
        foreach (var series in bundle.Series)
        {
            Series(output, series);
        }

        if (bundle.SeriesLeftOut > 0)
        {
            output.WriteLine(
                $"  and {Words.Number(bundle.SeriesLeftOut)} more that were left out, because the evidence would be too large");
        }
    }

    /// <summary>Writes what was decided.</summary>
    public static void Decision(TextWriter output, EvidenceBundle bundle)
    {
        var it = bundle.Decision;
        output.WriteLine($"{One(it.Severity)}: {One(it.Summary)}");
        var historical = it.Historical ? "; history, told to nobody" : "";
        output.WriteLine($"raised {Time(it.Time)}, the condition true since {Time(it.Since)}{historical}");
        output.WriteLine($"because {One(it.Explanation)}");
    }

    private static void Series(TextWriter output, EvidenceSeries it)
    {
        var name = $"  {One(it.Device)}/{One(it.Metric)}{(it.Mark.Length == 0 ? "" : $" ({One(it.Mark)} readings)")}";
        if (it.Clock is not { } clock)
        {
            output.WriteLine($"{name}: nothing usable had come");
            return;
        }

        var unit = it.Unit.Length == 0 ? "" : $" {One(it.Unit)}";
        output.WriteLine($"{name}: {Number(it.Latest)}{unit} at {Time(clock.Time)}, before that {Number(it.Previous)}"
            + (clock.Untrusted ? "; the clock was not set" : "") + (clock.Historical ? "; old as it came" : ""));
        if (it.LearnedSilence is { } silence)
        {
            output.WriteLine($"    silence counts after {Number(silence)} s, as learned");
        }

        if (it.Times is { Length: > 0 } times && it.Values is { } values && values.Length == times.Length)
        {
            output.WriteLine($"    {Number(times.Length)} readings were kept from {Time(times[0])} to {Time(times[^1])}"
                + $"{(it.LeftOut > 0 ? $", {Number(it.LeftOut)} older ones were left out" : "")}; the last: "
                + string.Join(", ", values.TakeLast(LastReadings).Select(Number)));
        }
    }

    private static string Trigger(EvidenceTrigger it) => it.By switch
    {
        IotEvents.Gateway.Rules.Proof.Trigger.Reading =>
            $"a reading of {One(it.Series ?? "")}: {Number(it.Value ?? double.NaN)} {One(it.Unit ?? "")}".TrimEnd()
            + $" at {Time(it.Time)}, received {(it.ReceivedAt is { } received ? Time(received) : "-")}, "
            + $"quality {One(it.Quality ?? "not known")}",
        IotEvents.Gateway.Rules.Proof.Trigger.Time => $"time alone, at {Time(it.Time)}",
        IotEvents.Gateway.Rules.Proof.Trigger.Alerts => $"alerts of the rule it watches, the last change at {Time(it.Time)}",
        _ => $"an edit of the rule, at {Time(it.Time)}",
    };

    private static string Level(EvidenceLevel it) =>
        $"{it.State.ToString().ToLowerInvariant()}{(it.Since is { } since ? $" since {Time(since)}" : "")}";

    private static string Time(long nanoseconds) => new Timestamp(nanoseconds).ToString();

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string One(string text, bool keepIndent = false)
    {
        var indent = keepIndent ? text.Length - text.TrimStart(' ').Length : 0;
        return new string(' ', indent) + Words.OneLine(text[indent..]);
    }
}
