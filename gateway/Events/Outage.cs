using System.Buffers;
using System.Text.Json;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>A time in which the gateway could hear nobody: it was off, or it stood still. What did not come then says nothing about a device.</summary>
/// <remarks>
/// Recorded as an event of the first batch after it, and it was before that batch's readings. Who reads the journal can tell
/// silence of devices from silence of the gateway.
/// </remarks>
/// <param name="From">When it last took readings in.</param>
/// <param name="To">When it did so again.</param>
/// <param name="Reconnect">How long devices have from then on to find their way back, which is no silence either.</param>
public readonly record struct Outage(Timestamp From, Timestamp To, TimeSpan Reconnect)
{
    /// <summary>When silence counts again.</summary>
    public Timestamp Until => To + Reconnect;

    /// <summary>
    /// How much of the time since somebody was last heard of it took. Less than nothing when that lies behind it, and when the clock was
    /// lost over it.
    /// </summary>
    public TimeSpan Since(Timestamp heardAt) => Until - (From > heardAt ? From : heardAt);

    /// <summary>The event of it, <see cref="EventTypes.GatewayOutage"/>.</summary>
    /// <param name="source">The gateway's source.</param>
    public EventRecord ToEvent(string source)
    {
        var data = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteString("from", From.ToString());
            json.WriteString("to", To.ToString());
            json.WriteSeconds("seconds", To - From);
            json.WriteSeconds("reconnect", Reconnect);
            json.WriteEndObject();
        }

        return new EventRecord
        {
            Id = $"outage:{From.Nanoseconds}:{To.Nanoseconds}",
            Type = EventTypes.GatewayOutage,
            Source = source,
            Time = To,
            RecordedAt = To,
            Data = data.WrittenMemory,
        };
    }

    /// <summary>Reads an outage back; false when the event is none, or one that came from outside and is broken.</summary>
    public static bool TryRead(EventRecord happened, out Outage outage)
    {
        outage = default;
        return happened.Type == EventTypes.GatewayOutage && happened.TryReadData(
            static (data, time) => new Outage(time - data.GetSeconds("seconds"), time, data.GetSeconds("reconnect")), out outage);
    }
}
