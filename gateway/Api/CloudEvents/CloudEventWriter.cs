using System.Text.Json;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.CloudEvents;

/// <summary>Writes events in the JSON format of CloudEvents 1.0.</summary>
public static class CloudEventWriter
{
    /// <summary>Writes one event as an object.</summary>
    public static void Write(Utf8JsonWriter json, EventRecord record)
    {
        json.WriteStartObject();
        json.WriteString("specversion", "1.0");
        json.WriteString("id", record.Id);
        json.WriteString("type", record.Type);
        json.WriteString("source", record.Source);
        if (record.Subject is { } subject)
        {
            json.WriteString("subject", subject);
        }

        json.WriteString("time", record.Time.ToString());
        json.WriteString("recordedtime", record.RecordedAt.ToString());
        foreach (var (name, value) in record.Extensions ?? new Dictionary<string, string>())
        {
            json.WriteString(name, value);
        }

        if (!record.Data.IsEmpty)
        {
            if (record.Extensions?.ContainsKey("datacontenttype") != true)
            {
                json.WriteString("datacontenttype", "application/json");
            }

            json.WritePropertyName("data");
            json.WriteRawValue(record.Data.Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }
}
