using System.Net;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Settings of the embedded broker: <c>mqtt.broker</c>.</summary>
public sealed record MqttBrokerOptions
{
    /// <summary>Whether the broker runs. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where it listens; port 0 is any free one. Another address than loopback needs users. Default 127.0.0.1:1883.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 1883);

    /// <summary>The largest packet after CONNECT, in bytes, 8 KiB to 16 MiB. Default 256 KiB. A CONNECT may have 8 KiB.</summary>
    public int MaxPacketSize { get; init; } = 256 * 1024;

    /// <summary>The most connections at once, 1 to 100,000. Default 10,000.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>The most connections at once from one address other than loopback, 1 to 100,000. Default 1,000.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>How long a new connection may take to say CONNECT, 100 ms to 60 s. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most messages of one connection that wait for their acknowledgement, 1 to 65,535: MQTT 5's Receive Maximum. When
    /// they are reached, the connection is not read until some are acknowledged. Default 1,024.
    /// </summary>
    public int MaxOutstanding { get; init; } = 1_024;

    /// <summary>The longest keep-alive, and the one for MQTT 5 clients that want none, 1 s to 18 h. Default 10 min.</summary>
    public TimeSpan KeepAliveMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The most retained messages, 0 to 1,000,000; what is beyond is passed on, but not kept. Default 10,000.</summary>
    public int RetainedMax { get; init; } = 10_000;

    /// <summary>The most bytes of retained topics and payloads together, 0 to 1 GiB. Default 16 MiB.</summary>
    public long RetainedBytesMax { get; init; } = 16 << 20;

    /// <summary>The most topic filters of one client, 1 to 10,000. Default 100.</summary>
    public int SubscriptionsMax { get; init; } = 100;

    /// <summary>
    /// The most messages that wait for one subscriber, 1 to 100,000. One that is connected and has more is disconnected; for one
    /// that is away, the newest are dropped. Default 1,000.
    /// </summary>
    public int PendingMax { get; init; } = 1_000;

    /// <summary>The most sessions kept for clients that are away, 0 to 100,000; the longest away goes first. Default 1,000.</summary>
    public int SessionsMax { get; init; } = 1_000;

    /// <summary>How long a session is kept for a client that is away, 0 s to 30 d. None survives a restart. Default 1 d.</summary>
    public TimeSpan SessionExpiryMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Who may connect. None: everybody, from this computer only. Default none.</summary>
    public IReadOnlyList<MqttUser> Users { get; init; } = [];

    /// <summary>True when the address is reachable from this computer only.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Listen.Address);

    /// <summary>Reads <c>mqtt.broker</c>; what is wrong is noted in the map's errors.</summary>
    public static MqttBrokerOptions Read(SettingsMap settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var defaults = new MqttBrokerOptions();
        var options = new MqttBrokerOptions
        {
            Enabled = settings.Flag("enabled", defaults.Enabled),
            Listen = settings.Listen("listen", defaults.Listen),
            MaxPacketSize = (int)settings.Bytes("max_packet_size", defaults.MaxPacketSize, 8 << 10, 16 << 20),
            MaxConnections = (int)settings.WholeNumber("max_connections", defaults.MaxConnections, 1, 100_000),
            MaxConnectionsPerAddress =
                (int)settings.WholeNumber("max_connections_per_address", defaults.MaxConnectionsPerAddress, 1, 100_000),
            ConnectTimeout =
                settings.Duration("connect_timeout", defaults.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60)),
            MaxOutstanding = (int)settings.WholeNumber("max_outstanding", defaults.MaxOutstanding, 1, ushort.MaxValue),
            KeepAliveMax = settings.Duration("keep_alive_max", defaults.KeepAliveMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(18)),
            RetainedMax = (int)settings.WholeNumber("retained_max", defaults.RetainedMax, 0, 1_000_000),
            RetainedBytesMax = settings.Bytes("retained_bytes_max", defaults.RetainedBytesMax, 0, 1 << 30),
            SubscriptionsMax = (int)settings.WholeNumber("subscriptions_max", defaults.SubscriptionsMax, 1, 10_000),
            PendingMax = (int)settings.WholeNumber("pending_max", defaults.PendingMax, 1, 100_000),
            SessionsMax = (int)settings.WholeNumber("sessions_max", defaults.SessionsMax, 0, 100_000),
            SessionExpiryMax = settings.Duration("session_expiry_max", defaults.SessionExpiryMax, TimeSpan.Zero, TimeSpan.FromDays(30)),
            Users = ReadUsers(settings),
        };
        if (options is { Enabled: true, IsLoopback: false, Users.Count: 0 })
        {
            settings.Refuse("listen", $"'{options.Listen}' can be reached from other computers, and anybody there could connect",
                "listen on 127.0.0.1, or name who may connect under users");
        }

        settings.Done();
        return options;
    }

    private static List<MqttUser> ReadUsers(SettingsMap settings)
    {
        var users = new List<MqttUser>();
        foreach (var entry in settings.Maps("users"))
        {
            var name = entry.RequiredText("name", "sensor-1");
            var hash = entry.RequiredText("password_hash", "\"${file:/run/secrets/sensor-1}\"");
            if (hash.Length > 0 && !MqttUser.IsHash(hash))
            {
                entry.Refuse("password_hash", "This is not a password hash", "write what 'iotevents device-credential add' prints");
            }

            if (users.Exists(user => user.Name == name))
            {
                entry.Refuse("name", $"The user '{name}' stands here a second time", "remove one of the two");
            }
            else
            {
                users.Add(new MqttUser(name, hash));
            }

            entry.Done();
        }

        return users;
    }
}
