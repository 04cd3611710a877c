using System.Buffers;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>What a client wants published when it goes without a word (MQTT 5.0 §3.1.2.5).</summary>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Message">The message.</param>
/// <param name="Delay">How long to wait for the client to come back first.</param>
internal sealed record LastWill(string ClientId, MqttApplicationMessage Message, TimeSpan Delay)
{
    /// <summary>Takes the will out of a CONNECT, so that the library does not publish it past the inbox; null when there is none.</summary>
    public static LastWill? TakeFrom(MqttConnectPacket packet)
    {
        if (!packet.WillFlag)
        {
            return null;
        }

        packet.WillFlag = false;
        var message = new MqttApplicationMessage
        {
            Topic = packet.WillTopic,
            Payload = new ReadOnlySequence<byte>(packet.WillMessage ?? []),
            QualityOfServiceLevel = packet.WillQoS,
            Retain = packet.WillRetain,
            ContentType = packet.WillContentType,
            CorrelationData = packet.WillCorrelationData,
            ResponseTopic = packet.WillResponseTopic,
            MessageExpiryInterval = packet.WillMessageExpiryInterval,
            PayloadFormatIndicator = packet.WillPayloadFormatIndicator,
            UserProperties = packet.WillUserProperties,
        };
        packet.WillTopic = null;
        packet.WillMessage = null;
        packet.WillRetain = false;
        packet.WillQoS = MqttQualityOfServiceLevel.AtMostOnce;
        var seconds = Math.Min(packet.WillDelayInterval, packet.SessionExpiryInterval); // The session's end is the latest.
        packet.WillDelayInterval = 0;
        return new LastWill(packet.ClientId, message, TimeSpan.FromSeconds(seconds));
    }
}
