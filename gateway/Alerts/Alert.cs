using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>One raise of one rule for one series, until it ended and a while beyond. Immutable.</summary>
public sealed record Alert
{
    /// <summary>12 hex digits, made of rule, series and <see cref="RaisedAt"/>: the same whenever the journal is replayed.</summary>
    public required string Id { get; init; }

    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>Which version of the rule raised it; 8 hex digits.</summary>
    public required string RuleVersion { get; init; }

    /// <summary>The device's id.</summary>
    public required string Device { get; init; }

    /// <summary>The metric's name.</summary>
    public required string Metric { get; init; }

    /// <summary>What it is about: <c>DEVICE/METRIC</c>; the device alone when it is about a device or a group as a whole.</summary>
    public string Subject => Metric.Length == 0 ? Device : $"{Device}/{Metric}";

    /// <summary>The symbol of the unit of <see cref="Value"/>; empty when none is known.</summary>
    public required string Unit { get; init; }

    /// <summary>The rule's severity.</summary>
    public required Severity Severity { get; init; }

    /// <summary>Active or ended.</summary>
    public required AlertState State { get; init; }

    /// <summary>When the condition first became true, in event time.</summary>
    public required Timestamp Since { get; init; }

    /// <summary>When it was raised, in event time.</summary>
    public required Timestamp RaisedAt { get; init; }

    /// <summary>When the gateway recorded the raise.</summary>
    public required Timestamp RaiseRecordedAt { get; init; }

    /// <summary>When it ended, in event time; <see cref="Timestamp.None"/> while active.</summary>
    public Timestamp EndedAt { get; init; } = Timestamp.None;

    /// <summary>When the gateway recorded the end; <see cref="Timestamp.None"/> while active.</summary>
    public Timestamp EndRecordedAt { get; init; } = Timestamp.None;

    /// <summary>Why it ended; <see cref="EndReason.None"/> while active.</summary>
    public EndReason Reason { get; init; }

    /// <summary>The value at the last transition, in <see cref="Unit"/>.</summary>
    public required double Value { get; init; }

    /// <summary>The rule's summary with its places filled in, at the last transition.</summary>
    public required string Summary { get; init; }

    /// <summary>Why the last transition happened.</summary>
    public required string Explanation { get; init; }

    /// <summary>Why it was raised; kept when it ends. Empty in rows from before that was kept.</summary>
    public string RaiseExplanation { get; init; } = "";

    /// <summary>True when the readings behind the last transition were far in the past: it was recorded and not notified.</summary>
    public bool Historical { get; init; }

    /// <summary>What hides it, <c>RULE/SUBJECT</c>: a flapping notice, a silent parent. It is recorded and not notified. Empty when nothing does.</summary>
    public string HiddenBy { get; init; } = "";

    /// <summary>The channels that were told of the raise, and are told of the end; empty when it was raised historically.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];
}
