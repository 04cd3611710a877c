using System.Net;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Api;

/// <summary>The settings of <c>http:</c>.</summary>
public sealed record HttpOptions
{
    /// <summary>Where to listen. Default 127.0.0.1:8080; port 0 is any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>Further names under which browsers may ask, beside loopback and the address listened on. Default none.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Most connections at once, 10 to 10,000. Default 200.</summary>
    public int ConnectionsMax { get; init; } = 200;

    /// <summary>Most event streams at once, 1 to 1,000. Default 50.</summary>
    public int StreamsMax { get; init; } = 50;

    /// <summary>Largest request body in bytes, 1 KB to 64 MB. Default 1 MB.</summary>
    public long BodyBytesMax { get; init; } = 1_000_000;

    /// <summary>How often a quiet stream says that it lives, 1 s to 5 min. Default 15 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may leave its stream unread until it is cut, 1 s to 5 min. Default 10 s.</summary>
    public TimeSpan StallMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The folder of the console's files; null for <c>wwwroot</c> beside the program. Not a setting.</summary>
    public string? ConsoleFolder { get; init; }

    /// <summary>Reads the settings.</summary>
    public static HttpOptions Read(SettingsMap settings)
    {
        var defaults = new HttpOptions();
        var options = new HttpOptions
        {
            Listen = settings.Listen("listen", defaults.Listen),
            Hosts = settings.Texts("hosts"),
            ConnectionsMax = (int)settings.WholeNumber("connections", defaults.ConnectionsMax, 10, 10_000),
            StreamsMax = (int)settings.WholeNumber("streams", defaults.StreamsMax, 1, 1_000),
            BodyBytesMax = settings.Bytes("body", defaults.BodyBytesMax, 1_000, 64_000_000),
            Heartbeat = settings.Duration(
                "heartbeat", defaults.Heartbeat, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
            StallMax = settings.Duration("stall", defaults.StallMax, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        };
        settings.Done();
        return options;
    }
}
