using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Tests.Gateway.Rules.Worlds;

/// <summary>A batch of the log, and what came with it.</summary>
/// <param name="Readings">What came.</param>
/// <param name="RecordedAt">When it was recorded.</param>
internal sealed record WorldStep(Reading[] Readings, Timestamp RecordedAt)
{
    /// <summary>The clock was set just before; null when it was not.</summary>
    public ClockStep? Clock { get; init; }

    /// <summary>The gateway heard nobody just before; null when it did.</summary>
    public Outage? Outage { get; init; }

    /// <summary>A command after the readings, which forces a checkpoint; null when there was none.</summary>
    public Action<RuleEngine, RuleOutcome>? Command { get; init; }
}
