using System.Buffers.Binary;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Checks the packets other than CONNECT and PUBLISH that a client may send, on their bytes, without allocating.</summary>
/// <remarks>So that the library behind never sees what the protocol forbids, and every refusal has a reason of ours.</remarks>
internal static class PacketRules
{
    /// <summary>Checks one packet.</summary>
    /// <param name="frame">Its fixed header.</param>
    /// <param name="body">Everything behind it.</param>
    /// <param name="isV5">The client speaks MQTT 5.</param>
    /// <returns><see cref="MqttCloseReason.None"/>, or why the connection must be closed.</returns>
    public static MqttCloseReason Check(PacketFrame frame, ReadOnlySpan<byte> body, bool isV5)
    {
        var isWellFormed = frame.Type switch
        {
            PacketType.PubAck or PacketType.PubRec => frame.Flags == 0 && IsAcknowledge(body, isV5, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99),
            PacketType.PubRel => frame.Flags == 2 && IsAcknowledge(body, isV5, 0x92),
            PacketType.PubComp => frame.Flags == 0 && IsAcknowledge(body, isV5, 0x92),
            PacketType.Subscribe => frame.Flags == 2 && IsSubscribe(body, isV5),
            PacketType.Unsubscribe => frame.Flags == 2 && IsUnsubscribe(body, isV5),
            PacketType.PingReq => frame.Flags == 0 && body.IsEmpty,
            PacketType.Disconnect => frame.Flags == 0 && IsDisconnect(body, isV5),
            _ => (bool?)null,
        };
        return isWellFormed switch
        {
            true => MqttCloseReason.None,
            false => MqttCloseReason.Malformed,
            null => MqttCloseReason.ProtocolError,
        };
    }

    /// <summary>The packet id and, when there is one, the reason code of an acknowledgement that <see cref="Check"/> let pass.</summary>
    public static (ushort PacketId, byte ReasonCode) ReadAcknowledge(ReadOnlySpan<byte> body) =>
        (BinaryPrimitives.ReadUInt16BigEndian(body), body.Length > 2 ? body[2] : (byte)0);

    private static bool IsAcknowledge(ReadOnlySpan<byte> body, bool isV5, params ReadOnlySpan<byte> reasons)
    {
        if (body.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(body) == 0)
        {
            return false;
        }

        var rest = body[2..];
        return rest.IsEmpty || (isV5 && HasReason(rest, PropertyRules.Acknowledge, reasons));
    }

    private static bool IsDisconnect(ReadOnlySpan<byte> body, bool isV5) =>
        body.IsEmpty || (isV5 && HasReason(body, PropertyRules.Disconnect,
            0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99));

    private static bool HasReason(ReadOnlySpan<byte> rest, ulong properties, params ReadOnlySpan<byte> reasons)
    {
        var isKnown = rest[0] == 0 || reasons.Contains(rest[0]);
        rest = rest[1..];
        return isKnown && (rest.IsEmpty || (PropertyRules.TryTake(ref rest, properties, out _) && rest.IsEmpty));
    }

    private static bool IsSubscribe(ReadOnlySpan<byte> body, bool isV5)
    {
        var rest = body;
        if (!TryTakeHead(ref rest, isV5, PropertyRules.Subscribe))
        {
            return false;
        }

        do
        {
            if (!PropertyRules.TryTakeText(ref rest, out var filter) || rest.IsEmpty || !TopicRules.IsFilter(filter) ||
                !IsSubscribeOption(rest[0], isV5, filter))
            {
                return false;
            }

            rest = rest[1..];
        }
        while (!rest.IsEmpty);

        return true;
    }

    private static bool IsSubscribeOption(byte option, bool isV5, ReadOnlySpan<byte> filter)
    {
        var noLocalShared = (option & 0x04) != 0 && filter.StartsWith("$share/"u8); // MQTT-3.8.3-4
        return (option & 3) != 3 && (isV5 ? (option & 0xC0) == 0 && (option & 0x30) != 0x30 && !noLocalShared : option <= 2);
    }

    private static bool IsUnsubscribe(ReadOnlySpan<byte> body, bool isV5)
    {
        var rest = body;
        if (!TryTakeHead(ref rest, isV5, PropertyRules.Unsubscribe))
        {
            return false;
        }

        do
        {
            if (!PropertyRules.TryTakeText(ref rest, out var filter) || !TopicRules.IsFilter(filter))
            {
                return false;
            }
        }
        while (!rest.IsEmpty);

        return true;
    }

    private static bool TryTakeHead(ref ReadOnlySpan<byte> rest, bool isV5, ulong properties)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out var packetId) || packetId == 0)
        {
            return false;
        }

        rest = rest[2..];
        return (!isV5 || PropertyRules.TryTake(ref rest, properties, out _)) && !rest.IsEmpty;
    }
}
