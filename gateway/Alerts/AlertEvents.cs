using System.Buffers;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>Makes the events of alerts and of their notifications.</summary>
internal static class AlertEvents
{
    /// <summary>The source of events about several rules.</summary>
    public const string RulesSource = "/gateway/rules";

    /// <summary><c>iotevents.threshold.raised</c> or <c>.ended</c>.</summary>
    public static EventRecord OfTransition(Alert alert, Transition transition, Timestamp recordedAt) => new()
    {
        Id = AlertIds.Event(alert.Id, transition.Kind),
        Type = transition.Kind == TransitionKind.Raised ? EventTypes.ThresholdRaised : EventTypes.ThresholdEnded,
        Source = Source(alert),
        Subject = alert.Rule,
        Time = transition.Time,
        RecordedAt = recordedAt,
        Data = Json(json =>
        {
            WriteAlert(json, alert);
            if (transition.Kind == TransitionKind.Ended)
            {
                json.WriteString("reason", transition.Reason.Name());
            }

            json.WriteBoolean("historical", transition.Historical);
            if (transition.HiddenBy.Length > 0)
            {
                json.WriteString("hidden_by", transition.HiddenBy);
            }
        }),
    };

    /// <summary><c>iotevents.alert.notified</c>: the channel took it.</summary>
    public static EventRecord OfDelivery(OutboxEntry entry, Timestamp now) =>
        OfNotification(EventTypes.AlertNotified, "notified", entry, now, _ => { });

    /// <summary><c>iotevents.alert.historical</c>: what was found in readings from the past.</summary>
    public static EventRecord OfDigest(HistoryDigest digest, Timestamp recordedAt) => new()
    {
        Id = digest.Id,
        Type = EventTypes.AlertHistorical,
        Source = RulesSource,
        Time = digest.To,
        RecordedAt = recordedAt,
        Data = Json(json => WriteDigest(json, digest)),
    };

    /// <summary><c>iotevents.alert.failed</c>: it was given up.</summary>
    public static EventRecord OfFailure(OutboxEntry entry, Timestamp now) =>
        OfNotification(EventTypes.AlertFailed, "failed", entry, now, json =>
        {
            json.WriteString("reason", entry.Failed.Name());
            json.WriteString("problem", entry.LastProblem);
        });

    /// <summary>The members of an alert that events and webhooks share.</summary>
    public static void WriteAlert(Utf8JsonWriter json, Alert alert)
    {
        json.WriteString("alert", alert.Id);
        json.WriteString("rule", alert.Rule);
        json.WriteString("rule_version", alert.RuleVersion);
        json.WriteString("device", alert.Device);
        json.WriteString("metric", alert.Metric);
        if (double.IsFinite(alert.Value))
        {
            json.WriteNumber("value", alert.Value);
        }
        else
        {
            json.WriteNull("value");
        }

        json.WriteString("unit", alert.Unit);
        json.WriteString("severity", alert.Severity.Name());
        json.WriteString("since", alert.Since.ToString());
        json.WriteString("summary", alert.Summary);
        json.WriteString("explanation", alert.Explanation);
    }

    /// <summary>The members of a digest that events and webhooks share: <c>"raised": 3, "from": …, "to": …, "rules": { "freezer-warm": 3 }</c>.</summary>
    public static void WriteDigest(Utf8JsonWriter json, HistoryDigest digest)
    {
        json.WriteNumber("raised", digest.Raised);
        json.WriteString("from", digest.From.ToString());
        json.WriteString("to", digest.To.ToString());
        json.WriteStartObject("rules");
        foreach (var (rule, count) in digest.Rules)
        {
            json.WriteNumber(rule, count);
        }

        json.WriteEndObject();
    }

    /// <summary>A JSON object.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The source of an alert's events.</summary>
    public static string Source(Alert alert) => $"/devices/{alert.Device}";

    private static EventRecord OfNotification(
        string type, string verb, OutboxEntry entry, Timestamp now, Action<Utf8JsonWriter> more) => new()
        {
            Id = $"{entry.Id}-{verb}",
            Type = type,
            Source = entry.Content.Source,
            Subject = entry.Content.Rule,
            Time = now,
            RecordedAt = now,
            Data = Json(json =>
            {
                entry.Content.WriteSubject(json);
                json.WriteString("notification", entry.Id);
                json.WriteString("transition", entry.Content.Name);
                json.WriteString("channel", entry.Channel);
                json.WriteNumber("attempts", entry.Attempts);
                json.WriteBoolean("possible_duplicate", entry.PossibleDuplicate);
                more(json);
            }),
        };
}
