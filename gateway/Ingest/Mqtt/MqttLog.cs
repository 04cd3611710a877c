using System.Net;
using MQTTnet.Diagnostics.Logger;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>What the broker logs: event ids 1100 to 1119.</summary>
internal static partial class MqttLog
{
    [LoggerMessage(1100, LogLevel.Information, "MQTT broker listens on {EndPoint}")]
    public static partial void Listens(this ILogger logger, EndPoint endPoint);

    [LoggerMessage(1101, LogLevel.Warning, "MQTT broker cannot listen on {EndPoint}: {Reason}; trying again")]
    public static partial void CannotListen(this ILogger logger, EndPoint endPoint, string reason);

    [LoggerMessage(1102, LogLevel.Warning, "MQTT broker cannot accept connections: {Reason}; trying again")]
    public static partial void CannotAccept(this ILogger logger, string reason);

    [LoggerMessage(1103, LogLevel.Debug, "MQTT client {ClientId} at {Remote} is gone: {Reason}")]
    public static partial void Gone(this ILogger logger, string clientId, EndPoint remote, string reason);

    [LoggerMessage(1104, LogLevel.Error, "MQTT connection of client {ClientId} ended with an error of the code")]
    public static partial void ConnectionFailed(this ILogger logger, Exception error, string clientId);

    [LoggerMessage(1105, LogLevel.Information, "MQTT broker has stopped; {Owed} messages were not acknowledged")]
    public static partial void Stopped(this ILogger logger, int owed);

    [LoggerMessage(1106, LogLevel.Warning, "MQTT library: {Message}")]
    public static partial void Library(this ILogger logger, Exception? error, string message);

    /// <summary>Hands the library's errors on; its other messages repeat what we count.</summary>
    public sealed class FromLibrary(ILogger logger) : IMqttNetLogger
    {
        /// <inheritdoc/>
        public bool IsEnabled => true;

        /// <inheritdoc/>
        public void Publish(MqttNetLogLevel logLevel, string source, string message, object[]? parameters, Exception? exception)
        {
            if (logLevel == MqttNetLogLevel.Error)
            {
                logger.Library(exception, message);
            }
        }
    }
}
