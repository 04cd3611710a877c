namespace IotEvents.Gateway.Journal;

/// <summary>A series as the journal keeps it.</summary>
/// <param name="Id">Its number, dense from 0.</param>
/// <param name="Device">The device's id.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Unit">The unit's symbol; empty when none is known.</param>
public sealed record SeriesRecord(int Id, string Device, string Metric, string Unit);

/// <summary>A piece of a room's state.</summary>
/// <param name="Key">The key, unique in the room.</param>
/// <param name="Value">The value as it was put.</param>
public sealed record StateRecord(byte[] Key, byte[] Value);

/// <summary>How far a consumer is, and what it never got because the budget was too small for its pace.</summary>
/// <param name="Name">The consumer's name.</param>
/// <param name="Offset">The first record it still needs.</param>
/// <param name="DroppedBatches">Records dropped before its cursor had passed them.</param>
/// <param name="DroppedReadings">Readings in them.</param>
/// <param name="DroppedEvents">Events in them.</param>
public sealed record ConsumerCursor(
    string Name, long Offset, long DroppedBatches, long DroppedReadings, long DroppedEvents);
