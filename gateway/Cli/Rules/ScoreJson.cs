using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Gateway.Replay;
using IotEvents.Gateway.Rules.Scoring;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>
/// Writes a score for programs: the same numbers as the tables, and the lists whole. Times in RFC 3339, lengths in seconds.
/// </summary>
internal static class ScoreJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, Score score, ScoredReplay replay, TimeSpan elapsed)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteString("from", score.From.ToString());
            json.WriteString("to", score.To.ToString());
            json.WriteNumber("grace_s", score.Grace.TotalSeconds);
            json.WriteNumber("messages", replay.Messages.Messages);
            json.WriteNumber("readings", replay.Readings);
            json.WriteNumber("historical_alerts", replay.Historical);
            json.WriteNumber("elapsed_s", elapsed.TotalSeconds);
            json.WritePropertyName("total");
            WriteTally(json, score.Total, quiet: null);
            WriteList(json, "rules", score.Rules, (writer, tally) => WriteTally(writer, tally, quiet: null));
            WriteList(json, "kinds", score.Kinds, (writer, tally) => WriteTally(writer, tally, score.Quiet.GetValueOrDefault(tally.Name)));
            WriteList(json, "missed", score.Missed, WriteIncident);
            WriteList(json, "false_alarms", score.FalseAlarms, WriteAlarm);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void WriteTally(Utf8JsonWriter json, Tally tally, int? quiet)
    {
        json.WriteStartObject();
        json.WriteString("name", tally.Name);
        json.WriteNumber("incidents", tally.Incidents);
        json.WriteNumber("found", tally.Found);
        if (quiet is { } count)
        {
            json.WriteNumber("quiet_incidents", count);
        }

        WritePart(json, "recall", tally.Recall);
        json.WriteNumber("alerts", tally.Alerts);
        json.WriteNumber("true_alerts", tally.TrueAlerts);
        json.WriteNumber("false_alarms", tally.FalseAlarms);
        WritePart(json, "precision", tally.Precision);
        json.WriteNumber("false_alarms_per_week", tally.FalseAlarmsPerWeek);
        var hasDelay = tally.Delays.Count > 0;
        WritePart(json, "delay_mean_s", hasDelay ? tally.Delays.Mean.TotalSeconds : null);
        WritePart(json, "delay_median_s", hasDelay ? tally.Delays.Median.TotalSeconds : null);
        WritePart(json, "delay_p95_s", hasDelay ? tally.Delays.Percentile95.TotalSeconds : null);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteIncident(Utf8JsonWriter json, Incident incident)
    {
        json.WriteStartObject();
        json.WriteString("id", incident.Id);
        json.WriteString("kind", incident.Kind);
        json.WriteString("device", incident.Device);
        json.WriteString("metric", incident.Metric);
        json.WriteString("from", incident.From.ToString());
        json.WriteString("to", incident.To.ToString());
        json.WriteEndObject();
    }

    private static void WriteAlarm(Utf8JsonWriter json, FalseAlarm alarm)
    {
        json.WriteStartObject();
        json.WriteString("rule", alarm.Alert.Rule);
        json.WriteString("device", alarm.Alert.Device);
        json.WriteString("metric", alarm.Alert.Metric);
        json.WriteString("raised", alarm.Alert.RaisedAt.ToString());
        if (alarm.Alert.EndedAt.HasValue)
        {
            json.WriteString("ended", alarm.Alert.EndedAt.ToString());
        }
        else
        {
            json.WriteNull("ended");
        }

        json.WriteString("during", alarm.During?.Id);
        json.WriteEndObject();
    }
}
