using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>What happened: a CloudEvents 1.0 envelope as it stands in the journal.</summary>
/// <remarks>
/// Readings are not kept as events; they become events where somebody subscribes to them (see <see cref="ReadingEvents"/>).
/// </remarks>
public sealed record EventRecord
{
    /// <summary>Unique for this source, and the same however often the journal is replayed.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="EventTypes"/>, or any other type that came from outside.</summary>
    public required string Type { get; init; }

    /// <summary><c>/devices/ID</c> or <c>/gateway/NAME</c>; for events from outside whatever they say.</summary>
    public required string Source { get; init; }

    /// <summary>The metric or the rule; null when there is none.</summary>
    public string? Subject { get; init; }

    /// <summary>When it happened, by the device's time.</summary>
    public required Timestamp Time { get; init; }

    /// <summary>When the gateway recorded it.</summary>
    public required Timestamp RecordedAt { get; init; }

    /// <summary>The payload: UTF-8 JSON, or empty when the event has none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Further attributes (CloudEvents extensions, <c>datacontenttype</c>, <c>dataschema</c>) of events from outside; null when none.</summary>
    public IReadOnlyDictionary<string, string>? Extensions { get; init; }
}
