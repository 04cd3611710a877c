namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>What can be said about the next packet from the bytes that have arrived.</summary>
internal enum FrameState
{
    /// <summary>Not looked at.</summary>
    None = 0,

    /// <summary>The fixed header or the body is not there yet.</summary>
    Incomplete,

    /// <summary>The whole packet is there.</summary>
    Complete,

    /// <summary>The remaining length is not one the protocol knows.</summary>
    Malformed,

    /// <summary>The packet announces more than is accepted. Known before anything is allocated for it.</summary>
    Oversize,
}

/// <summary>Where one MQTT control packet lies in a buffer (MQTT 5.0 §2.1).</summary>
/// <param name="Header">The first byte: packet type and flags.</param>
/// <param name="BodyStart">Offset of the variable header: 2 to 5.</param>
/// <param name="BodyLength">The remaining length in bytes.</param>
internal readonly record struct PacketFrame(byte Header, int BodyStart, int BodyLength)
{
    private const int LengthBytesMax = 4;

    /// <summary>The packet type, 0 to 15.</summary>
    public PacketType Type => (PacketType)(Header >> 4);

    /// <summary>The lower four bits of the first byte.</summary>
    public int Flags => Header & 0x0F;

    /// <summary>Fixed header and body together, in bytes.</summary>
    public int TotalLength => BodyStart + BodyLength;

    /// <summary>Reads the fixed header and checks the announced size against the limit.</summary>
    /// <param name="bytes">What has arrived so far, beginning with a fixed header.</param>
    /// <param name="packetMax">The largest packet that is accepted, fixed header included.</param>
    /// <param name="frame">The packet; set when <see cref="FrameState.Complete"/> or, with its length, when only the body is missing.</param>
    public static FrameState Read(ReadOnlySpan<byte> bytes, int packetMax, out PacketFrame frame)
    {
        frame = default;
        var length = 0;
        for (var at = 1; at <= LengthBytesMax; at++)
        {
            if (at >= bytes.Length)
            {
                return FrameState.Incomplete;
            }

            var digit = bytes[at];
            length |= (digit & 0x7F) << (7 * (at - 1));
            if ((digit & 0x80) != 0)
            {
                continue;
            }

            if (digit == 0 && at > 1)
            {
                return FrameState.Malformed; // Not the shortest form (MQTT-1.5.5-1).
            }

            frame = new PacketFrame(bytes[0], at + 1, length);
            return frame.TotalLength > packetMax ? FrameState.Oversize
                : frame.TotalLength > bytes.Length ? FrameState.Incomplete
                : FrameState.Complete;
        }

        return FrameState.Malformed;
    }
}

/// <summary>The control packet types of MQTT 3.1.1 and 5.0 (§2.1.2).</summary>
internal enum PacketType
{
    /// <summary>Reserved: a protocol error.</summary>
    None = 0,

    /// <summary>CONNECT.</summary>
    Connect = 1,

    /// <summary>CONNACK; only ever sent by the broker.</summary>
    ConnAck = 2,

    /// <summary>PUBLISH.</summary>
    Publish = 3,

    /// <summary>PUBACK.</summary>
    PubAck = 4,

    /// <summary>PUBREC.</summary>
    PubRec = 5,

    /// <summary>PUBREL.</summary>
    PubRel = 6,

    /// <summary>PUBCOMP.</summary>
    PubComp = 7,

    /// <summary>SUBSCRIBE.</summary>
    Subscribe = 8,

    /// <summary>SUBACK; only ever sent by the broker.</summary>
    SubAck = 9,

    /// <summary>UNSUBSCRIBE.</summary>
    Unsubscribe = 10,

    /// <summary>UNSUBACK; only ever sent by the broker.</summary>
    UnsubAck = 11,

    /// <summary>PINGREQ.</summary>
    PingReq = 12,

    /// <summary>PINGRESP; only ever sent by the broker.</summary>
    PingResp = 13,

    /// <summary>DISCONNECT.</summary>
    Disconnect = 14,

    /// <summary>AUTH; MQTT 5.0 only.</summary>
    Auth = 15,
}
