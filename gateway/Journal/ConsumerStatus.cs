namespace IotEvents.Gateway.Journal;

/// <summary>How a consumer is, at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">The first record it has not taken yet.</param>
/// <param name="Cursor">The first record it would need again after a crash, as last saved.</param>
/// <param name="LagBatches">Records that wait for it.</param>
/// <param name="ConsumedBatches">Records it took since start.</param>
/// <param name="ConsumedReadings">Readings in them.</param>
/// <param name="SkippedBatches">Offsets it never saw since start, because they were dropped before it came to them.</param>
/// <param name="Failures">How often it or the journal threw since start.</param>
/// <param name="LastFailure">What it said last; empty when all is well again.</param>
public sealed record ConsumerStatus(
    string Name,
    long Position,
    long Cursor,
    long LagBatches,
    long ConsumedBatches,
    long ConsumedReadings,
    long SkippedBatches,
    long Failures,
    string LastFailure);
