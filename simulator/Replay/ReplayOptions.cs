using System.Net;
using IotEvents.Simulator.Recordings;

namespace IotEvents.Simulator.Replay;

/// <summary>What to replay, where to, and how fast.</summary>
public sealed record ReplayOptions
{
    /// <summary>The CSV file.</summary>
    public required string File { get; init; }

    /// <summary>How to read it.</summary>
    public CsvRecordingOptions Recording { get; init; } = new();

    /// <summary>The MQTT broker. Default 127.0.0.1:1883.</summary>
    public EndPoint Broker { get; init; } = new IPEndPoint(IPAddress.Loopback, 1883);

    /// <summary>The topic; null is <c>replay/FILE NAME/telemetry</c>, or <c>DEVICE/telemetry</c> with <see cref="Device"/>.</summary>
    public string? Topic { get; init; }

    /// <summary>The device's name; null takes the file's.</summary>
    public string? Device { get; init; }

    /// <summary>The metric's name when one column is sent; null is <c>value</c>. Several columns keep their own names.</summary>
    public string? Metric { get; init; }

    /// <summary>Messages in a second; null for none. At most one of this and <see cref="Speed"/>; neither is as fast as acknowledged.</summary>
    public double? Rate { get; init; }

    /// <summary>How many times faster than recorded; null for not by the recording's times.</summary>
    public double? Speed { get; init; }

    /// <summary>True writes RFC 3339, false milliseconds since 1970. Default false.</summary>
    public bool Rfc3339 { get; init; }

    /// <summary>The most messages unacknowledged at once, 1 to 10,000. Default 1000.</summary>
    public int Window { get; init; } = 1000;

    /// <summary>How long the connection may be away before the replay gives up. Default 60 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The topic that is used.</summary>
    public string EffectiveTopic =>
        Topic ?? (Device is { } device ? $"{device}/telemetry" : $"replay/{Path.GetFileNameWithoutExtension(File)}/telemetry");
}
