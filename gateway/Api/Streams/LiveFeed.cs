using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>The newest committed batches, for the streams that follow them; wakes those that wait.</summary>
/// <remarks>
/// Streams hold no queue of their own: each keeps its place and reads here, and from the journal when it is further back.
/// So a slow client costs nothing but its place.
/// </remarks>
public sealed class LiveFeed
{
    private readonly Lock _publishing = new();
    private readonly Queue<CommittedBatch> _recent = new();
    private readonly int _readingsMax;
    private int _readings;
    private TaskCompletionSource _next = NewSignal();

    /// <summary>An empty feed.</summary>
    /// <param name="readingsMax">How many readings and events it keeps in memory. Default 20,000.</param>
    public LiveFeed(int readingsMax = 20_000) => _readingsMax = readingsMax;

    /// <summary>Which series have spoken, of those that were published.</summary>
    public Heard Heard { get; } = new();

    /// <summary>Takes a batch after its commit, in order. Called by one thread; returns at once.</summary>
    public void Publish(CommittedBatch batch)
    {
        Heard.Take(batch.Readings.Span);
        TaskCompletionSource woken;
        lock (_publishing)
        {
            _recent.Enqueue(batch);
            _readings += Size(batch);
            while (_readings > _readingsMax && _recent.Count > 1)
            {
                _readings -= Size(_recent.Dequeue());
            }

            woken = _next;
            _next = NewSignal();
        }

        woken.SetResult();
    }

    /// <summary>Copies the batches from an offset on.</summary>
    /// <param name="offset">The first offset wanted.</param>
    /// <param name="into">Gets them, in order.</param>
    /// <param name="next">Completes at the next publish after this look, also when nothing was found.</param>
    /// <returns>False when the offset is further back than the feed goes, or the feed does not know yet.</returns>
    public bool TryRead(long offset, List<CommittedBatch> into, out Task next)
    {
        lock (_publishing)
        {
            next = _next.Task;
            if (!_recent.TryPeek(out var oldest) || offset < oldest.Offset)
            {
                return false;
            }

            into.AddRange(_recent.Where(batch => batch.Offset >= offset));
            return true;
        }
    }

    private static int Size(CommittedBatch batch) => batch.Readings.Length + batch.Events.Count + 1;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
