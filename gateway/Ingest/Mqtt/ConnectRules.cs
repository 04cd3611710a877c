namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Checks a CONNECT on its bytes (MQTT 5.0 §3.1) before anything is made of it.</summary>
internal static class ConnectRules
{
    private const byte Version311 = 4;
    private const byte Version5 = 5;

    /// <summary>The CONNACK that tells the client why it is refused; empty when nothing is said (MQTT-3.1.4-1).</summary>
    public static ReadOnlySpan<byte> Answer(MqttCloseReason reason, bool isV5) => reason switch
    {
        MqttCloseReason.Version => isV5 ? [0x20, 3, 0, 0x84, 0] : [0x20, 2, 0, 1],
        MqttCloseReason.Refused => [0x20, 2, 0, 2],
        _ => [],
    };

    /// <summary>Checks a CONNECT.</summary>
    /// <param name="flags">The flags of the fixed header.</param>
    /// <param name="body">Everything behind the fixed header.</param>
    /// <param name="isV5">The client wants MQTT 5 (or later).</param>
    /// <returns>
    /// <see cref="MqttCloseReason.None"/>, or why the connection must be closed;
    /// <see cref="MqttCloseReason.Version"/> and <see cref="MqttCloseReason.Refused"/>, which is a 3.1.1 client that wants a
    /// lasting session under no name (MQTT-3.1.3-8), deserve an <see cref="Answer"/>.
    /// </returns>
    public static MqttCloseReason Check(int flags, ReadOnlySpan<byte> body, out bool isV5)
    {
        isV5 = false;
        var rest = body;
        if (flags != 0 || !PropertyRules.TryTakeBinary(ref rest, out var protocol) || rest.IsEmpty)
        {
            return MqttCloseReason.Malformed;
        }

        var level = rest[0];
        rest = rest[1..];
        if (protocol.SequenceEqual("MQIsdp"u8))
        {
            return MqttCloseReason.Version;
        }

        if (!protocol.SequenceEqual("MQTT"u8))
        {
            return MqttCloseReason.Malformed;
        }

        isV5 = level >= Version5;
        if (level is not (Version311 or Version5))
        {
            return MqttCloseReason.Version;
        }

        return !IsWellFormed(rest, isV5, out var isNameless) ? MqttCloseReason.Malformed
            : isNameless ? MqttCloseReason.Refused
            : MqttCloseReason.None;
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> rest, bool isV5, out bool isNameless)
    {
        isNameless = false;
        if (rest.Length < 3)
        {
            return false;
        }

        var connect = (ConnectFlags)rest[0];
        rest = rest[3..]; // flags and keep-alive
        if (!AreConsistent(connect, isV5) || (isV5 && !AreProperties(ref rest)) || !PropertyRules.TryTakeText(ref rest, out var id))
        {
            return false;
        }

        isNameless = id.IsEmpty && !isV5 && !connect.HasFlag(ConnectFlags.CleanSession);
        return (!connect.HasFlag(ConnectFlags.Will) || TryTakeWill(ref rest, isV5))
            && (!connect.HasFlag(ConnectFlags.UserName) || (PropertyRules.TryTakeText(ref rest, out var user) && TopicRules.IsText(user)))
            && (!connect.HasFlag(ConnectFlags.Password) || PropertyRules.TryTakeBinary(ref rest, out _))
            && rest.IsEmpty;
    }

    private static bool AreConsistent(ConnectFlags flags, bool isV5)
    {
        var will = flags & ConnectFlags.WillDetails;
        return (flags & ConnectFlags.Reserved) == 0
            && (flags & ConnectFlags.WillQos) != ConnectFlags.WillQos
            && (flags.HasFlag(ConnectFlags.Will) || will == 0)
            && (isV5 || !flags.HasFlag(ConnectFlags.Password) || flags.HasFlag(ConnectFlags.UserName)); // MQTT-3.1.2-22
    }

    private static bool AreProperties(ref ReadOnlySpan<byte> rest)
    {
        const ulong Method = 1UL << 21, Data = 1UL << 22;
        return PropertyRules.TryTake(ref rest, PropertyRules.Connect, out var found) && (found & (Method | Data)) != Data;
    }

    private static bool TryTakeWill(ref ReadOnlySpan<byte> rest, bool isV5) =>
        (!isV5 || PropertyRules.TryTake(ref rest, PropertyRules.Will, out _))
        && PropertyRules.TryTakeText(ref rest, out var topic) && TopicRules.IsText(topic)
        && !topic.IsEmpty && !topic.ContainsAny((byte)'#', (byte)'+')
        && PropertyRules.TryTakeBinary(ref rest, out _);

    [Flags]
    private enum ConnectFlags
    {
        None = 0,
        Reserved = 0x01,
        CleanSession = 0x02,
        Will = 0x04,
        WillQos = 0x18,
        WillDetails = 0x38,
        Password = 0x40,
        UserName = 0x80,
    }
}
