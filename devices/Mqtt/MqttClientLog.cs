using Microsoft.Extensions.Logging;

namespace IotEvents.Devices.Mqtt;

/// <summary>What the MQTT client adapter logs: event ids 200 to 209.</summary>
internal static partial class MqttClientLog
{
    [LoggerMessage(200, LogLevel.Information, "MQTT adapter {Name} reads from {Broker}; session {Session}")]
    public static partial void Connected(this ILogger logger, string name, string broker, string session);

    [LoggerMessage(201, LogLevel.Warning, "MQTT adapter {Name} is cut off from {Broker}: {Reason}; trying again")]
    public static partial void CutOff(this ILogger logger, string name, string broker, string reason);

    [LoggerMessage(202, LogLevel.Warning,
        "MQTT adapter {Name} was replaced at {Broker} by another client with the id {ClientId}: give each its own client_id")]
    public static partial void TakenOver(this ILogger logger, string name, string broker, string clientId);

    [LoggerMessage(203, LogLevel.Warning, "MQTT adapter {Name}: {Broker} refuses to send {Topic}: {Reason}")]
    public static partial void SubscriptionRefused(this ILogger logger, string name, string broker, string topic, string reason);
}
