namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Why a connection to the broker ended. Closed: each has its counter, created with value 0.</summary>
public enum MqttCloseReason
{
    /// <summary>It has not ended.</summary>
    None = 0,

    /// <summary>The client said DISCONNECT.</summary>
    ByClient,

    /// <summary>The link broke, or the client closed it without DISCONNECT.</summary>
    LinkLost,

    /// <summary>A packet whose bytes do not follow the protocol.</summary>
    Malformed,

    /// <summary>A well-formed packet at a moment when it must not come.</summary>
    ProtocolError,

    /// <summary>A packet larger than the limit.</summary>
    Oversize,

    /// <summary>A topic alias, though the broker announced that it keeps none.</summary>
    TopicAlias,

    /// <summary>No CONNECT within the time given.</summary>
    ConnectTimeout,

    /// <summary>Nothing came for one and a half times the keep-alive.</summary>
    KeepAliveTimeout,

    /// <summary>A version of the protocol the broker does not speak.</summary>
    Version,

    /// <summary>The broker refused the CONNECT: credentials, client id.</summary>
    Refused,

    /// <summary>More unfinished QoS 2 messages than the announced Receive Maximum.</summary>
    ReceiveMaximum,

    /// <summary>The client did not read or acknowledge what it subscribed to.</summary>
    SlowSubscriber,

    /// <summary>The journal could not store a message: nothing is acknowledged, so that the client sends it again.</summary>
    StoreFailed,

    /// <summary>Another connection came with the same client id.</summary>
    TakenOver,

    /// <summary>More connections than the limit, in total or from one address.</summary>
    ConnectionLimit,

    /// <summary>The gateway stops.</summary>
    Stopping,

    /// <summary>An error of the gateway's code.</summary>
    Internal,
}

/// <summary>Names and wire codes of the reasons.</summary>
public static class MqttCloseReasons
{
    private static readonly string[] Names =
    [
        "none", "by-client", "link-lost", "malformed", "protocol-error", "oversize", "topic-alias", "connect-timeout",
        "keep-alive-timeout", "version", "refused", "receive-maximum", "slow-subscriber", "store-failed", "taken-over",
        "connection-limit", "stopping", "internal",
    ];

    /// <summary>How many reasons there are, <see cref="MqttCloseReason.None"/> included.</summary>
    public static int Count => Names.Length;

    /// <summary>The reason in lower case with dashes, as in metrics, logs and status.</summary>
    public static string Name(this MqttCloseReason reason) => Names[(int)reason];

    /// <summary>The reason code of the DISCONNECT that tells an MQTT 5 client (§3.14.2.1); 0 when none is sent.</summary>
    internal static byte DisconnectCode(this MqttCloseReason reason) => reason switch
    {
        MqttCloseReason.Malformed => 0x81,
        MqttCloseReason.ProtocolError => 0x82,
        MqttCloseReason.Oversize => 0x95,
        MqttCloseReason.TopicAlias => 0x94,
        MqttCloseReason.KeepAliveTimeout => 0x8D,
        MqttCloseReason.ReceiveMaximum => 0x93,
        MqttCloseReason.SlowSubscriber => 0x97,
        MqttCloseReason.StoreFailed or MqttCloseReason.Internal => 0x83,
        MqttCloseReason.Stopping => 0x8B,
        _ => 0,
    };
}
