using System.Net.Sockets;
using MQTTnet.Exceptions;

namespace IotEvents.Simulator.Links;

/// <summary>Which exceptions mean that the world is wrong: no broker, a broken connection, no answer in time.</summary>
internal static class PublishFailure
{
    public static bool IsOfTheWorld(Exception error, CancellationToken stop) =>
        error is MqttCommunicationException or SocketException or IOException or ObjectDisposedException or TimeoutException or
            InvalidOperationException { Source: "MQTTnet" } ||
        (error is OperationCanceledException && !stop.IsCancellationRequested);
}
