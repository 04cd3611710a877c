using System.Buffers;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Makes the event that tells in one digest what was found in readings from the past.</summary>
internal static class HistoryEvents
{
    /// <summary>The event of a digest: <c>{ "raised": 3, "from": …, "to": …, "rules": { "freezer-warm": 3 } }</c>.</summary>
    public static EventRecord Create(HistoryDigest digest, Timestamp recordedAt)
    {
        var data = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteNumber("raised", digest.Raised);
            json.WriteString("from", digest.From.ToString());
            json.WriteString("to", digest.To.ToString());
            json.WriteStartObject("rules");
            foreach (var (rule, count) in digest.Rules)
            {
                json.WriteNumber(rule, count);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new EventRecord
        {
            Id = $"historical:{digest.From.Nanoseconds}:{digest.To.Nanoseconds}:{digest.Raised}",
            Type = EventTypes.AlertHistorical,
            Source = "/gateway/rules",
            Time = digest.To,
            RecordedAt = recordedAt,
            Data = data.WrittenMemory,
        };
    }
}
