namespace IotEvents.Gateway.Alerts;

/// <summary>What a channel tells people, in one attempt.</summary>
public sealed record AlertNotification
{
    /// <summary>The same for every attempt, and different for every content and channel: the receiver's key against duplicates.</summary>
    public required string Id { get; init; }

    /// <summary>A transition of an alert, or a digest.</summary>
    public required NotificationContent Content { get; init; }

    /// <summary>Counts attempts from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>True when an earlier attempt may have arrived.</summary>
    public required bool PossibleDuplicate { get; init; }
}
