using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Writes of other rooms that wait for the next transaction. Bounded: who would exceed the limit waits.</summary>
internal sealed class WriteQueue : IDisposable
{
    private const int WaitingMax = 10_000;

    private readonly SemaphoreSlim _room = new(WaitingMax);
    private readonly Lock _gate = new();
    private readonly List<QueuedWrite> _waiting = [];
    private bool _isUrgent;
    private bool _isClosed;

    /// <summary>Queues a write; the task of the result completes after the commit.</summary>
    /// <exception cref="OperationCanceledException">The gateway has stopped.</exception>
    public async Task<Task> AddAsync(Action<JournalTransaction> write, IReadOnlyList<EventRecord> events, bool isUrgent)
    {
        await _room.WaitAsync();
        var queued = new QueuedWrite(write, events, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new OperationCanceledException("The gateway has stopped; this was not stored.");
            }

            _waiting.Add(queued);
            _isUrgent |= isUrgent;
        }

        return queued.Done.Task;
    }

    /// <summary>Moves all that waits to the end of a list.</summary>
    /// <param name="writes">The list.</param>
    /// <param name="isUrgent">True when one of them should not wait for others.</param>
    /// <returns>How many.</returns>
    public int TakeInto(List<QueuedWrite> writes, out bool isUrgent)
    {
        lock (_gate)
        {
            writes.AddRange(_waiting);
            isUrgent = _isUrgent;
            _isUrgent = false;
            var count = _waiting.Count;
            _waiting.Clear();
            return count;
        }
    }

    /// <summary>Tells those who wait that their writes are durable, or why they are not.</summary>
    public void Settle(List<QueuedWrite> writes, Exception? failure)
    {
        foreach (var queued in writes)
        {
            if (failure is null)
            {
                queued.Done.SetResult();
            }
            else
            {
                queued.Done.SetException(failure);
            }
        }

        if (writes.Count > 0)
        {
            _room.Release(writes.Count);
        }
    }

    /// <summary>Refuses everything from now on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    public void Dispose() => _room.Dispose();
}

/// <summary>A write another room wants in the next transaction.</summary>
/// <param name="Write">What to write.</param>
/// <param name="Events">Events to append.</param>
/// <param name="Done">Completes after the commit.</param>
internal sealed record QueuedWrite(Action<JournalTransaction> Write, IReadOnlyList<EventRecord> Events, TaskCompletionSource Done);
