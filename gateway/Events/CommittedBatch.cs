using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>One committed transaction of the journal, as its consumers read it. Immutable; shared between consumers.</summary>
/// <param name="Offset">Its place in the journal: 1, 2, 3 … without gaps.</param>
/// <param name="RecordedAt">When it was committed, by the gateway's clock.</param>
/// <param name="Readings">Its readings, in the order they came.</param>
/// <param name="Events">Its events, after the readings that caused them.</param>
public sealed record CommittedBatch(
    long Offset, Timestamp RecordedAt, ReadOnlyMemory<Reading> Readings, IReadOnlyList<EventRecord> Events);
