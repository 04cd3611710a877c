using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Hosting;

/// <summary>The gateway's events about itself.</summary>
internal static class GatewayEvents
{
    /// <summary>The gateway as a source of events.</summary>
    public static readonly string Source = $"/gateway/{Environment.MachineName}";

    public static EventRecord Started(Timestamp now) => Create(EventTypes.GatewayStarted, now);

    public static EventRecord Stopping(Timestamp now) => Create(EventTypes.GatewayStopping, now);

    private static EventRecord Create(string type, Timestamp now) => new()
    {
        Id = $"{type[(type.LastIndexOf('.') + 1)..]}:{now.Nanoseconds}",
        Type = type,
        Source = Source,
        Time = now,
        RecordedAt = now,
    };
}
