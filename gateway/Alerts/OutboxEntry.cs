using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Alerts;

/// <summary>A notification that waits for its channel, or that was given up. Immutable; a row of the room <c>outbox</c>.</summary>
public sealed record OutboxEntry
{
    /// <summary>The room of the keyed state that holds the outbox.</summary>
    public const string Room = "outbox";

    /// <summary>24 hex digits, made of content and channel: the key by which a receiver finds duplicates.</summary>
    public required string Id { get; init; }

    /// <summary>Its place in the order in which it was recorded.</summary>
    public required long Sequence { get; init; }

    /// <summary>The name of the channel.</summary>
    public required string Channel { get; init; }

    /// <summary>A transition of an alert, or a digest.</summary>
    public required NotificationContent Content { get; init; }

    /// <summary>When it was put into the outbox, by the gateway's clock.</summary>
    public required Timestamp QueuedAt { get; init; }

    /// <summary>How many attempts were made and recorded.</summary>
    public int Attempts { get; init; }

    /// <summary>What the last attempt ended with; empty before the first.</summary>
    public string LastProblem { get; init; } = "";

    /// <summary>Why it was given up; <see cref="FailReason.None"/> while it waits.</summary>
    public FailReason Failed { get; init; }

    /// <summary>When it was given up, by the gateway's clock; <see cref="Timestamp.None"/> while it waits.</summary>
    public Timestamp FailedAt { get; init; } = Timestamp.None;

    /// <summary>True when an earlier attempt may have arrived without our knowing: the answer was lost, or the gateway stopped.</summary>
    public bool PossibleDuplicate { get; init; }
}
