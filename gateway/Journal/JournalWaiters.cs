namespace IotEvents.Gateway.Journal;

/// <summary>Those who wait for the next commit. A commit for which nobody waits allocates nothing. Any thread.</summary>
internal sealed class JournalWaiters
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;

    /// <summary>Completes when a condition holds that only becomes true before a <see cref="Wake"/>.</summary>
    public async Task WaitAsync(Func<bool> isThere, CancellationToken stop)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                // Asked inside the lock: a wake between the question and the wait would be missed.
                if (isThere())
                {
                    return;
                }

                next = (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await next.WaitAsync(stop);
        }
    }

    /// <summary>Has everyone ask again.</summary>
    public void Wake()
    {
        TaskCompletionSource? woken;
        lock (_lock)
        {
            woken = _next;
            _next = null;
        }

        woken?.SetResult();
    }
}
