using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>What a channel tells people: one transition of one alert, in one attempt.</summary>
public sealed record AlertNotification
{
    /// <summary>The same for every attempt, and different for every transition and channel: the receiver's key against duplicates.</summary>
    public required string Id { get; init; }

    /// <summary>Raised or ended.</summary>
    public required TransitionKind Kind { get; init; }

    /// <summary>The alert as it was right after the transition.</summary>
    public required Alert Alert { get; init; }

    /// <summary>Counts attempts from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>True when an earlier attempt may have arrived.</summary>
    public required bool PossibleDuplicate { get; init; }

    /// <summary>When the transition happened, in event time.</summary>
    public Timestamp Time => Kind == TransitionKind.Raised ? Alert.RaisedAt : Alert.EndedAt;

    /// <summary>When the gateway recorded it.</summary>
    public Timestamp RecordedAt => Kind == TransitionKind.Raised ? Alert.RaiseRecordedAt : Alert.EndRecordedAt;
}
