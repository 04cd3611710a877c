using IotEvents.Devices.Settings;

namespace IotEvents.Devices.Mqtt;

/// <summary>Settings of one broker to read from: an item of <c>mqtt.clients</c>.</summary>
public sealed record MqttClientAdapterOptions
{
    /// <summary>The adapter's name, unique among all adapters.</summary>
    public required string Name { get; init; }

    /// <summary>The broker: <c>mqtt://HOST[:1883]</c> or <c>mqtts://HOST[:8883]</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>What to subscribe to, 1 to 100 topic filters. Default <c>#</c>.</summary>
    public IReadOnlyList<string> Topics { get; init; } = ["#"];

    /// <summary>The QoS to ask for, 0 to 2. With 0 nothing is sent again. Default 1.</summary>
    public int Qos { get; init; } = 1;

    /// <summary>
    /// The client id. It must stay the same, for the broker keeps what comes while we are away under it, and no other client
    /// may have it. Default <c>iotevents-NAME</c>.
    /// </summary>
    public required string ClientId { get; init; }

    /// <summary>The user name; null for none. Default none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password; null for none. Default none.</summary>
    public string? Password { get; init; }

    /// <summary>The protocol version: 5 for MQTT 5.0, 4 for 3.1.1. Default 5; the settings write <c>5</c> and <c>311</c>.</summary>
    public int ProtocolLevel { get; init; } = 5;

    /// <summary>The most messages the broker may send before we have acknowledged any, 1 to 65,535 (MQTT 5). Default 1,000.</summary>
    public int ReceiveMaximum { get; init; } = 1_000;

    /// <summary>How often we show the broker that we are here, 1 s to 18 h. Default 30 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the broker shall keep our session while we are away, 0 s to 30 d (MQTT 5). Default 1 d.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The largest message we take, in bytes, 1 KiB to 16 MiB (MQTT 5). Default 256 KiB.</summary>
    public int MaxPacketSize { get; init; } = 256 * 1024;

    /// <summary>The decoder for every message; null leaves the choice to the topic map. Default none.</summary>
    public string? Decoder { get; init; }

    /// <summary>Reads one item of <c>mqtt.clients</c>; what is wrong is noted in the map's errors.</summary>
    public static MqttClientAdapterOptions Read(SettingsMap settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var name = settings.RequiredText("name", "site");
        var url = settings.Url("url", "mqtt", "mqtts");
        if (!settings.Has("url"))
        {
            settings.RequiredText("url", "mqtt://broker.example");
        }

        var topics = settings.Texts("topics");
        if (topics.Count > 100)
        {
            settings.Refuse("topics", $"{topics.Count} topic filters; at most 100 are subscribed", "use wildcards");
        }

        var options = new MqttClientAdapterOptions
        {
            Name = name,
            Url = url ?? new Uri("mqtt://127.0.0.1"),
            Topics = topics.Count > 0 ? topics : ["#"],
            Qos = (int)settings.WholeNumber("qos", 1, 0, 2),
            ClientId = settings.Text("client_id", $"iotevents-{name}"),
            UserName = settings.OptionalText("username"),
            Password = settings.OptionalText("password"),
            ProtocolLevel = settings.Choice("version", 5, ("5", 5), ("311", 4)),
            ReceiveMaximum = (int)settings.WholeNumber("receive_maximum", 1_000, 1, ushort.MaxValue),
            KeepAlive = settings.Duration("keep_alive", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromHours(18)),
            SessionExpiry = settings.Duration("session_expiry", TimeSpan.FromDays(1), TimeSpan.Zero, TimeSpan.FromDays(30)),
            MaxPacketSize = (int)settings.Bytes("max_packet_size", 256 * 1024, 1024, 16 << 20),
            Decoder = settings.OptionalText("decoder"),
        };
        if (options.ClientId.Length == 0)
        {
            settings.Refuse("client_id", "The client id is empty, so the broker could not keep our session", "leave the key out");
        }

        settings.Done();
        return options;
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Name} ({Url.Scheme}://{Url.Authority})";
}
