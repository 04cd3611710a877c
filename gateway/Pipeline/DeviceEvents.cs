using System.Buffers;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Makes the events of devices that come and go.</summary>
internal static class DeviceEvents
{
    /// <summary>The event of a change. Its id is device, type and time: the same in every replay.</summary>
    public static EventRecord Create(DeviceChange change, Timestamp recordedAt)
    {
        var data = new ArrayBufferWriter<byte>(96);
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteString("device", change.Device.Id);
            json.WriteString("last_seen", change.Device.LastSeen.ToString());
            json.WriteEndObject();
        }

        var verb = change.Type[(change.Type.LastIndexOf('.') + 1)..];
        return new EventRecord
        {
            Id = $"{change.Device.Id}:{verb}:{change.Time.Nanoseconds}",
            Type = change.Type,
            Source = $"/devices/{change.Device.Id}",
            Time = change.Time,
            RecordedAt = recordedAt,
            Data = data.WrittenMemory,
        };
    }
}
