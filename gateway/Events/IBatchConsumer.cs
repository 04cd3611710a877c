namespace IotEvents.Gateway.Events;

/// <summary>Reads the journal at its own pace by a cursor of its own: the series store, the alert sender, a sink.</summary>
/// <remarks>
/// Its life: (1) <see cref="Start"/> once, with the cursor the journal keeps for it; (2) <see cref="ConsumeAsync"/> again and
/// again, never two at a time, with batches in order and without gaps; (3) the process ends, at any moment. What came after
/// the last returned cursor comes again at the next start, so consuming twice must be harmless.
/// An exception out of <see cref="ConsumeAsync"/> is counted and the same batches come again after a growing pause of at most
/// 30 s: one consumer's failure never stops another, nor the ingest.
/// </remarks>
public interface IBatchConsumer
{
    /// <summary>Unique, lower case, stable: the cursor is kept under it. For example <c>series</c> or <c>influx:lake</c>.</summary>
    string Name { get; }

    /// <summary>Called once, before the first batch.</summary>
    /// <param name="cursor">The first offset the journal believes it still needs; 1 for a new consumer.</param>
    /// <returns>The first offset it wants; not before <paramref name="cursor"/> (that may be truncated already).</returns>
    long Start(long cursor);

    /// <summary>Takes the next batches.</summary>
    /// <param name="batches">One or more, in order.</param>
    /// <param name="stop">The gateway is stopping.</param>
    /// <returns>The cursor to keep: the first offset it would need again after a crash. At most one past the last batch.</returns>
    ValueTask<long> ConsumeAsync(IReadOnlyList<CommittedBatch> batches, CancellationToken stop);
}
