using System.Net;

namespace IotEvents.Simulator.Runs;

/// <summary>Where a run goes to, and how fast.</summary>
public sealed record SimulationTargets
{
    /// <summary>The MQTT broker; null leaves out the devices that are linked over MQTT.</summary>
    public EndPoint? MqttEndPoint { get; init; }

    /// <summary>
    /// Where to put a symbolic link to the serial line; null for none. With several serial devices <c>-ID</c> is added for each.
    /// </summary>
    public string? SerialLinkPath { get; init; }

    /// <summary>How many times faster than real devices speak, 0.001 to 1000. Default 1. Payloads carry the real time.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>How long to play, in real time. Default until stopped.</summary>
    public TimeSpan For { get; init; } = TimeSpan.MaxValue;
}
