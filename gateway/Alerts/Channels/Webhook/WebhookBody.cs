using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts.Channels.Webhook;

/// <summary>Writes the JSON that a webhook posts.</summary>
internal static class WebhookBody
{
    /// <summary>UTF-8 JSON; times in RFC 3339 UTC. The members are documented in this folder's README.</summary>
    public static ReadOnlyMemory<byte> Write(AlertNotification notification) => AlertEvents.Json(json =>
    {
        var alert = notification.Alert;
        json.WriteString("id", notification.Id);
        json.WriteString("transition", AlertIds.Name(notification.Kind));
        json.WriteNumber("attempt", notification.Attempt);
        json.WriteBoolean("possible_duplicate", notification.PossibleDuplicate);
        AlertEvents.WriteAlert(json, alert);
        json.WriteString("raised_at", alert.RaisedAt.ToString());
        if (notification.Kind == TransitionKind.Ended)
        {
            json.WriteString("ended_at", alert.EndedAt.ToString());
            json.WriteString("reason", alert.Reason.Name());
        }

        json.WriteString("recorded_at", notification.RecordedAt.ToString());
    });
}
