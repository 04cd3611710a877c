using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>What a notification tells: a transition of one alert, or a digest of what was found in the past.</summary>
public abstract record NotificationContent
{
    private protected NotificationContent()
    {
    }

    /// <summary>What it is about: an alert's id, or a digest's. What is about the same is told strictly in order.</summary>
    public abstract string Subject { get; }

    /// <summary>What happened to that: <c>raised</c>, <c>ended</c>, <c>historical</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The source of its events.</summary>
    internal abstract string Source { get; }

    /// <summary>The rule it is about; null when it is about several.</summary>
    internal abstract string? Rule { get; }

    /// <summary>The members that name it in the events of its notification.</summary>
    internal abstract void WriteSubject(Utf8JsonWriter json);
}

/// <summary>A transition of an alert.</summary>
/// <param name="Kind">Raised or ended.</param>
/// <param name="Alert">The alert as it was right after the transition.</param>
public sealed record TransitionContent(TransitionKind Kind, Alert Alert) : NotificationContent
{
    /// <inheritdoc/>
    public override string Subject => Alert.Id;

    /// <inheritdoc/>
    public override string Name => AlertIds.Name(Kind);

    /// <summary>When the transition happened, in event time.</summary>
    public Timestamp Time => Kind == TransitionKind.Raised ? Alert.RaisedAt : Alert.EndedAt;

    /// <summary>When the gateway recorded it.</summary>
    public Timestamp RecordedAt => Kind == TransitionKind.Raised ? Alert.RaiseRecordedAt : Alert.EndRecordedAt;

    /// <inheritdoc/>
    internal override string Source => AlertEvents.Source(Alert);

    /// <inheritdoc/>
    internal override string? Rule => Alert.Rule;

    /// <inheritdoc/>
    internal override void WriteSubject(Utf8JsonWriter json)
    {
        json.WriteString("alert", Alert.Id);
        json.WriteString("rule", Alert.Rule);
        json.WriteString("device", Alert.Device);
    }
}

/// <summary>Alerts that were found in readings from the past: always an information, whatever the severity of their rules.</summary>
/// <param name="Digest">What was found.</param>
/// <param name="RecordedAt">When the gateway recorded it.</param>
public sealed record DigestContent(HistoryDigest Digest, Timestamp RecordedAt) : NotificationContent
{
    /// <inheritdoc/>
    public override string Subject => Digest.Id;

    /// <inheritdoc/>
    public override string Name => "historical";

    /// <inheritdoc/>
    internal override string Source => AlertEvents.RulesSource;

    /// <inheritdoc/>
    internal override string? Rule => null;

    /// <inheritdoc/>
    internal override void WriteSubject(Utf8JsonWriter json) => json.WriteString("digest", Digest.Id);
}
