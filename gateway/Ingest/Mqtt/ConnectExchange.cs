using MQTTnet.Packets;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>CONNECT and its answer: what the client wants, what it gets, and what the library need not know of.</summary>
internal sealed class ConnectExchange(MqttBrokerOptions options)
{
    private ushort? _serverKeepAlive;
    private bool _isIdAssigned;

    /// <summary>The client's id; empty before its CONNECT.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>The client's user name; null when it gave none.</summary>
    public string? User { get; private set; }

    /// <summary>The silence after which the client is gone; zero when it may be silent for ever.</summary>
    public TimeSpan SilenceMax { get; private set; }

    /// <summary>The largest packet that the client takes.</summary>
    public uint PacketSizeMax { get; private set; } = uint.MaxValue;

    /// <summary>Takes out of the CONNECT what we do ourselves, and bounds what the library keeps.</summary>
    /// <returns>How many messages may be under way to the client.</returns>
    public int Prepare(MqttConnectPacket packet, bool isV5)
    {
        if (string.IsNullOrEmpty(packet.ClientId) && (isV5 || packet.CleanSession))
        {
            packet.ClientId = $"auto-{Guid.NewGuid():N}";
            _isIdAssigned = true;
        }

        ClientId = packet.ClientId ?? "";
        User = packet.Username;
        var keepAliveMax = (int)options.KeepAliveMax.TotalSeconds;
        if (isV5 && (packet.KeepAlivePeriod == 0 || packet.KeepAlivePeriod > keepAliveMax))
        {
            _serverKeepAlive = (ushort)keepAliveMax;
        }

        SilenceMax = TimeSpan.FromSeconds((_serverKeepAlive ?? packet.KeepAlivePeriod) * 1.5);
        packet.KeepAlivePeriod = 0; // The library does not see the packets that keep a client alive.
        packet.SessionExpiryInterval = (uint)Math.Min(packet.SessionExpiryInterval, options.SessionExpiryMax.TotalSeconds);
        PacketSizeMax = packet.MaximumPacketSize == 0 ? uint.MaxValue : packet.MaximumPacketSize;
        return Math.Min(packet.ReceiveMaximum == 0 ? ushort.MaxValue : packet.ReceiveMaximum, options.PendingMax);
    }

    /// <summary>Tells an MQTT 5 client our limits (MQTT 5.0 §3.2.2.3).</summary>
    public void TellLimits(MqttConnAckPacket packet)
    {
        packet.ReceiveMaximum = (ushort)options.MaxOutstanding;
        packet.MaximumPacketSize = (uint)options.MaxPacketSize;
        packet.TopicAliasMaximum = 0;
        packet.SharedSubscriptionAvailable = false;
        packet.AssignedClientIdentifier = _isIdAssigned ? ClientId : null;
        packet.ServerKeepAlive = _serverKeepAlive ?? 0;
    }
}
