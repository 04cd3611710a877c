using System.Buffers;
using System.Text.Json;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>The gateway's clock was set, or it became known that it is right.</summary>
/// <remarks>
/// Recorded as an event of the first batch that is stamped by the clock as it is; every batch before was stamped by the clock
/// as it was. So who reads the journal can tell a step from time that passed. It concerns that batch's readings already.
/// </remarks>
/// <param name="From">What it showed.</param>
/// <param name="To">What it shows from the same moment on.</param>
/// <param name="WasTrusted">False when it was not known to be set.</param>
/// <param name="IsTrusted">False while it is not known to be set.</param>
public readonly record struct ClockStep(Timestamp From, Timestamp To, bool WasTrusted, bool IsTrusted)
{
    /// <summary>By how much it was set; zero when it was right and only became known to be.</summary>
    public TimeSpan By => To - From;

    /// <summary>The event of the step: <see cref="EventTypes.GatewayClockSynchronised"/> when trust began, else <see cref="EventTypes.GatewayClockStepped"/>.</summary>
    /// <param name="source">The gateway's source.</param>
    public EventRecord ToEvent(string source)
    {
        var data = new ArrayBufferWriter<byte>(160);
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteString("from", From.ToString());
            json.WriteString("to", To.ToString());
            json.WriteSeconds("by", By);
            json.WriteBoolean("was_trusted", WasTrusted);
            json.WriteBoolean("trusted", IsTrusted);
            json.WriteEndObject();
        }

        var type = !WasTrusted && IsTrusted ? EventTypes.GatewayClockSynchronised : EventTypes.GatewayClockStepped;
        return new EventRecord
        {
            Id = $"{type[(type.LastIndexOf('.') + 1)..]}:{From.Nanoseconds}:{To.Nanoseconds}",
            Type = type,
            Source = source,
            Time = To,
            RecordedAt = To,
            Data = data.WrittenMemory,
        };
    }

    /// <summary>Reads a step back; false when the event is none, or one that came from outside and is broken.</summary>
    public static bool TryRead(EventRecord happened, out ClockStep step)
    {
        step = default;
        return happened.Type is EventTypes.GatewayClockSynchronised or EventTypes.GatewayClockStepped && happened.TryReadData(
            static (data, time) => new ClockStep(
                time - data.GetSeconds("by"), time,
                data.GetProperty("was_trusted").GetBoolean(), data.GetProperty("trusted").GetBoolean()),
            out step);
    }
}
