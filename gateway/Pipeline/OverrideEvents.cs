using System.Buffers;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Makes the events of overrides that are set and end: who changed what, from what to what, and why.</summary>
internal static class OverrideEvents
{
    /// <summary>The event of a change. Its id is device, attribute, verb and time: the same in every replay.</summary>
    public static EventRecord Create(OverrideChange change, Timestamp recordedAt)
    {
        var it = change.Override;
        var (type, verb) = change.Verb switch
        {
            OverrideVerb.Set => (EventTypes.OverrideSet, "set"),
            OverrideVerb.Expired => (EventTypes.OverrideExpired, "expired"),
            _ => (EventTypes.OverrideCleared, "cleared"),
        };
        var data = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteString("device", it.Device);
            json.WriteString("attribute", it.Attribute);
            Write(json, "before", change.Before);
            Write(json, "after", change.After);
            json.WriteString("since", it.Since.ToString());
            json.WriteString("until", it.Until.ToString());
            json.WriteString("reason", it.Reason);
            json.WriteString("set_by", it.By);
            json.WriteString("by", change.By);
            json.WriteEndObject();
        }

        return new EventRecord
        {
            Id = $"{it.Device}:{it.Attribute}:override-{verb}:{change.Time.Nanoseconds}",
            Type = type,
            Source = $"/devices/{it.Device}",
            Subject = it.Attribute,
            Time = change.Time,
            RecordedAt = recordedAt,
            Data = data.WrittenMemory,
        };
    }

    private static void Write(Utf8JsonWriter json, string name, Quantity? quantity)
    {
        if (quantity is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("value", known.Value);
        json.WriteString("unit", known.Unit.Symbol);
        json.WriteEndObject();
    }
}
