using System.Text.Json;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts.Channels.Webhook;

/// <summary>Writes the JSON that a webhook posts.</summary>
internal static class WebhookBody
{
    /// <summary>UTF-8 JSON; times in RFC 3339 UTC. The members are documented in this folder's README.</summary>
    public static ReadOnlyMemory<byte> Write(AlertNotification notification) => AlertEvents.Json(json =>
    {
        json.WriteString("id", notification.Id);
        json.WriteString("transition", notification.Content.Name);
        json.WriteNumber("attempt", notification.Attempt);
        json.WriteBoolean("possible_duplicate", notification.PossibleDuplicate);
        switch (notification.Content)
        {
            case TransitionContent transition:
                WriteTransition(json, transition);
                break;
            case DigestContent digest:
                WriteDigest(json, digest);
                break;
            default:
                throw new InvalidOperationException($"A webhook has no words for {notification.Content.Name}.");
        }
    });

    private static void WriteTransition(Utf8JsonWriter json, TransitionContent transition)
    {
        var alert = transition.Alert;
        AlertEvents.WriteAlert(json, alert);
        json.WriteString("raised_at", alert.RaisedAt.ToString());
        if (transition.Kind == TransitionKind.Ended)
        {
            json.WriteString("ended_at", alert.EndedAt.ToString());
            json.WriteString("reason", alert.Reason.Name());
        }

        json.WriteString("recorded_at", transition.RecordedAt.ToString());
    }

    private static void WriteDigest(Utf8JsonWriter json, DigestContent content)
    {
        AlertEvents.WriteDigest(json, content.Digest);
        json.WriteString("severity", Severity.Info.Name());
        json.WriteString("summary", content.Digest.Summary);
        json.WriteString("recorded_at", content.RecordedAt.ToString());
    }
}
