using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Plans;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Writes a plan for programs: the same numbers as the tables, and every alert that is not the same. Times in RFC 3339.</summary>
internal static class PlanJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, RulePlan plan, PlanFrame frame)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteString("from", frame.From.ToString());
            json.WriteString("to", frame.To.ToString());
            json.WriteNumber("series", frame.Series);
            json.WriteNumber("readings", plan.Readings);
            json.WriteNumber("damaged_chunks", frame.Damaged);
            WriteRules(json, plan);
            WriteAlerts(json, plan);
            WriteNotifications(json, plan);
            WriteTimers(json, plan);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void WriteRules(Utf8JsonWriter json, RulePlan plan)
    {
        json.WriteStartArray("rules");
        foreach (var rule in plan.Alerts.GroupBy(change => change.Alert.Rule))
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Key);
            foreach (var change in (ReadOnlySpan<AlertChange>)[AlertChange.Same, AlertChange.Moved, AlertChange.Added, AlertChange.Removed])
            {
                json.WriteNumber(PlanWords.Name(change), rule.Count(it => it.Change == change));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAlerts(Utf8JsonWriter json, RulePlan plan)
    {
        json.WriteStartArray("changed_alerts");
        foreach (var change in plan.Alerts.Where(change => change.Change != AlertChange.Same))
        {
            json.WriteStartObject();
            json.WriteString("change", PlanWords.Name(change.Change));
            json.WriteString("rule", change.Alert.Rule);
            json.WriteString("subject", change.Alert.Subject);
            WriteAlert(json, "now", change.Old);
            WriteAlert(json, "planned", change.New);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAlert(Utf8JsonWriter json, string name, PlannedAlert? alert)
    {
        if (alert is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("id", alert.Id);
        json.WriteString("severity", alert.Severity.Name());
        json.WriteString("raised", alert.RaisedAt.ToString());
        json.WriteString("ended", alert.EndedAt.HasValue ? alert.EndedAt.ToString() : null);
        json.WriteString("reason", alert.EndedAt.HasValue ? alert.Reason.Name() : null);
        json.WriteEndObject();
    }

    private static void WriteNotifications(Utf8JsonWriter json, RulePlan plan)
    {
        json.WriteStartArray("notifications");
        foreach (var key in plan.Before.Keys.Union(plan.After.Keys).OrderBy(it => it.Channel, StringComparer.Ordinal).ThenBy(it => it.Day))
        {
            json.WriteStartObject();
            json.WriteString("channel", key.Channel);
            json.WriteString("day", key.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteNumber("now", plan.Before.GetValueOrDefault(key));
            json.WriteNumber("planned", plan.After.GetValueOrDefault(key));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTimers(Utf8JsonWriter json, RulePlan plan)
    {
        json.WriteStartArray("timers");
        foreach (var line in plan.Receipt.Lines)
        {
            json.WriteStartObject();
            json.WriteString("rule", line.Rule);
            json.WriteString("subject", line.Subject);
            json.WriteString("stands", PlanWords.Name(line.State));
            json.WriteString("becomes", PlanWords.Name(line.Fate));
            json.WriteString("why", line.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
