using System.Buffers.Binary;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>A PUBLISH read where it lies in the receive buffer (MQTT 5.0 §3.3): no string, no object, no copy.</summary>
internal readonly ref struct PublishView
{
    private const int DupFlag = 0x08;
    private const int RetainFlag = 0x01;

    /// <summary>The topic's bytes, unchecked beyond their length; empty is only possible in malformed packets.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    /// <summary>The payload; may be empty.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>The packet id, 1 to 65535; 0 at QoS 0.</summary>
    public ushort PacketId { get; private init; }

    /// <summary>0, 1 or 2.</summary>
    public int Qos { get; private init; }

    /// <summary>The sender asks the broker to keep it as the topic's last value.</summary>
    public bool Retain { get; private init; }

    /// <summary>The sender may have sent it before.</summary>
    public bool Dup { get; private init; }

    /// <summary>Reads a PUBLISH.</summary>
    /// <param name="flags">The flags of the fixed header.</param>
    /// <param name="body">Everything behind the fixed header.</param>
    /// <param name="isV5">MQTT 5: properties stand before the payload.</param>
    /// <param name="view">The packet; its spans point into <paramref name="body"/>.</param>
    /// <returns><see cref="MqttCloseReason.None"/>, or why the connection must be closed.</returns>
    public static MqttCloseReason Read(int flags, ReadOnlySpan<byte> body, bool isV5, out PublishView view)
    {
        view = default;
        var qos = flags >> 1 & 3;
        var rest = body;
        if (qos == 3 || (qos == 0 && (flags & DupFlag) != 0) || !PropertyRules.TryTakeBinary(ref rest, out var topic))
        {
            return MqttCloseReason.Malformed;
        }

        ushort packetId = 0;
        if (qos > 0)
        {
            if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out packetId) || packetId == 0)
            {
                return MqttCloseReason.Malformed;
            }

            rest = rest[2..];
        }

        if (isV5)
        {
            if (!PropertyRules.TryTake(ref rest, PropertyRules.Publish, out var found))
            {
                return MqttCloseReason.Malformed;
            }

            if (PropertyRules.HasTopicAlias(found))
            {
                return MqttCloseReason.TopicAlias; // We announced that we keep none (MQTT-3.2.2-18).
            }
        }

        if (topic.IsEmpty)
        {
            return MqttCloseReason.ProtocolError;
        }

        view = new PublishView
        {
            Topic = topic,
            Payload = rest,
            PacketId = packetId,
            Qos = qos,
            Retain = (flags & RetainFlag) != 0,
            Dup = (flags & DupFlag) != 0,
        };
        return MqttCloseReason.None;
    }
}
