using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Journal;

/// <summary>How every other room writes to the journal: through the one writer thread, in the next commit.</summary>
/// <remarks>Safe from any thread. The implementation bounds how many writes may wait; beyond that <see cref="WriteAsync"/> waits.</remarks>
public interface IJournalWriter
{
    /// <summary>Has a change recorded, together with the events it causes.</summary>
    /// <param name="write">
    /// Called once on the writer thread, inside the transaction: put and delete state, set cursors. Must be quick, must not
    /// append, must not commit, must not keep the transaction. It is called again when its commit failed and is repeated.
    /// </param>
    /// <param name="events">Appended to the batch of this commit, in order.</param>
    /// <returns>Completes after the commit; fails with <see cref="JournalFailedException"/> when it was given up.</returns>
    Task WriteAsync(Action<JournalTransaction> write, params IReadOnlyList<EventRecord> events);

    /// <summary>As <see cref="WriteAsync"/>, without waiting for others to share the commit.</summary>
    /// <remarks>
    /// For what the world knows already: the shorter the time until it is recorded, the rarer a crash in between, and with it
    /// a repeat that the receiver must drop.
    /// </remarks>
    Task WriteAtOnceAsync(Action<JournalTransaction> write, params IReadOnlyList<EventRecord> events) => WriteAsync(write, events);
}
