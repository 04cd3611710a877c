using System.Threading.Channels;

namespace IotEvents.Gateway.Alerts;

/// <summary>What waits for one channel: the notifications of one subject strictly in order, different subjects not waiting for each other.</summary>
/// <remarks>
/// An end never overtakes its raise, and one notification that the receiver cannot digest holds up its own alert only. All
/// waiting is measured by the clock's steady counter: setting the clock makes nothing due, and delays nothing.
/// Any thread adds; one sender takes. Its size is bounded by who adds (<see cref="Outbox"/>).
/// </remarks>
internal sealed class OutboxLane(string channel, TimeProvider clock)
{
    private readonly Lock _changing = new();
    private readonly long _began = clock.GetTimestamp();
    private readonly Dictionary<string, Queue<Waiting>> _bySubject = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, (TimeSpan DueAt, long Sequence)> _heads = new();
    private readonly Channel<bool> _added = System.Threading.Channels.Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _count;

    /// <summary>The channel's name.</summary>
    public string Channel { get; } = channel;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts an entry behind the others of its subject.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="age">For how long it has been waiting already, in an earlier run.</param>
    public void Add(OutboxEntry entry, TimeSpan age = default)
    {
        lock (_changing)
        {
            var since = Now - age;
            if (!_bySubject.TryGetValue(entry.Content.Subject, out var waiting))
            {
                _bySubject.Add(entry.Content.Subject, waiting = new Queue<Waiting>());
                _heads.Enqueue(entry.Content.Subject, (since, entry.Sequence));
            }

            waiting.Enqueue(new Waiting(entry, since));
            _count++;
        }

        _added.Writer.TryWrite(true);
    }

    /// <summary>Takes the first entry that is due; it stays counted until <see cref="Settle"/> or <see cref="Postpone"/>.</summary>
    /// <param name="age">For how long it has been waiting.</param>
    /// <param name="next">When none is due: how long until one is; null when none waits.</param>
    /// <returns>Null when none is due.</returns>
    public OutboxEntry? Take(out TimeSpan age, out TimeSpan? next)
    {
        lock (_changing)
        {
            (age, next) = (TimeSpan.Zero, null);
            if (!_heads.TryPeek(out var subject, out var order))
            {
                return null;
            }

            var now = Now;
            if (order.DueAt > now)
            {
                next = order.DueAt - now;
                return null;
            }

            _heads.Dequeue();
            var first = _bySubject[subject].Peek();
            age = now - first.Since;
            return first.Entry;
        }
    }

    /// <summary>The taken entry is done: its subject's next one is due at once.</summary>
    public void Settle(OutboxEntry taken)
    {
        lock (_changing)
        {
            var waiting = _bySubject[taken.Content.Subject];
            waiting.Dequeue();
            _count--;
            if (waiting.TryPeek(out var next))
            {
                _heads.Enqueue(taken.Content.Subject, (Now, next.Entry.Sequence));
            }
            else
            {
                _bySubject.Remove(taken.Content.Subject);
            }
        }
    }

    /// <summary>The taken entry failed and is tried again after a pause, as it is now.</summary>
    public void Postpone(OutboxEntry changed, TimeSpan pause)
    {
        lock (_changing)
        {
            var waiting = _bySubject[changed.Content.Subject];
            var rest = waiting.ToArray();
            waiting.Clear();
            waiting.Enqueue(rest[0] with { Entry = changed });
            foreach (var other in rest.Skip(1))
            {
                waiting.Enqueue(other);
            }

            _heads.Enqueue(changed.Content.Subject, (Now + pause, changed.Sequence));
        }
    }

    public IReadOnlyList<OutboxEntry> List()
    {
        lock (_changing)
        {
            return [.. _bySubject.Values.SelectMany(waiting => waiting.Select(one => one.Entry))];
        }
    }

    /// <summary>Completes when something was added since the last call, or after <paramref name="pause"/> when that has a value.</summary>
    public async Task WaitAsync(TimeSpan? pause, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var added = _added.Reader.WaitToReadAsync(either.Token).AsTask();
        var due = Task.Delay(pause is { } time ? WholeMilliseconds(time) : Timeout.InfiniteTimeSpan, clock, either.Token);
        await Task.WhenAny(added, due);
        await either.CancelAsync();
        await Task.WhenAll(added, due).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _added.Reader.TryRead(out _);
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Rounded up: a delay drops what is below a millisecond and would end too early.</summary>
    internal static TimeSpan WholeMilliseconds(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(time.TotalMilliseconds)));

    private TimeSpan Now => clock.GetElapsedTime(_began);

    /// <summary>An entry, and since when it waits, by the steady counter.</summary>
    private readonly record struct Waiting(OutboxEntry Entry, TimeSpan Since);
}
