using System.Net;

namespace IotEvents.Simulator.Load;

/// <summary>How much load, and where to.</summary>
public sealed record LoadOptions
{
    /// <summary>The MQTT broker. Default 127.0.0.1:1883.</summary>
    public EndPoint Broker { get; init; } = new IPEndPoint(IPAddress.Loopback, 1883);

    /// <summary>How many devices take turns, 1 to 1,000,000. Default 10.</summary>
    public int Devices { get; init; } = 10;

    /// <summary>Messages in a second over all devices; infinity is as fast as acknowledged. Default 100.</summary>
    public double Rate { get; init; } = 100;

    /// <summary>MQTT quality of service, 0 to 2. Default 1.</summary>
    public int QoS { get; init; } = 1;

    /// <summary>MQTT connections, 1 to 1000, not more than devices. Default 1.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>How many messages in all; null when <see cref="For"/> ends it.</summary>
    public long? Count { get; init; }

    /// <summary>For how long to send; null when <see cref="Count"/> ends it.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Length of each payload, filled up with a member <c>pad</c>; 0 to 262,144, shorter ones stay as they are. Default 0.</summary>
    public int PayloadBytes { get; init; }

    /// <summary>The most messages unacknowledged at once on one connection, 1 to 10,000. Default 1000.</summary>
    public int Window { get; init; } = 1000;

    /// <summary>Where the values come from. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How long a connection may be away before the load gives up, and how long to wait for the last
    /// acknowledgements. Default 60 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A file that gets one line <c>DEVICE SEQ</c> for each acknowledged message, on disk before the next is taken; null for none.
    /// </summary>
    public string? Ledger { get; init; }
}
