using System.Text.Json;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>What the gateway's own events say in their data, written and read in one way: times in seconds, to a tenth of a microsecond.</summary>
internal static class EventData
{
    /// <summary>A length of time as a number of seconds, exactly.</summary>
    public static void WriteSeconds(this Utf8JsonWriter json, string name, TimeSpan span) =>
        json.WriteNumber(name, span.Ticks / (decimal)TimeSpan.TicksPerSecond);

    /// <summary>Reads what <see cref="WriteSeconds"/> wrote.</summary>
    public static TimeSpan GetSeconds(this JsonElement data, string name) =>
        TimeSpan.FromTicks((long)(data.GetProperty(name).GetDecimal() * TimeSpan.TicksPerSecond));

    /// <summary>Reads the data of an event, beside its time; false when it is not what the gateway writes, because it came from outside and is broken.</summary>
    public static bool TryReadData<T>(this EventRecord happened, Func<JsonElement, Timestamp, T> read, out T data)
        where T : struct
    {
        try
        {
            using var json = JsonDocument.Parse(happened.Data);
            data = read(json.RootElement, happened.Time);
            return true;
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or OverflowException)
        {
            data = default;
            return false;
        }
    }
}
