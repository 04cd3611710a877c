using System.Threading.Channels;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Alerts;

/// <summary>What waits for one channel: each alert's notifications strictly in order, different alerts not waiting for each other.</summary>
/// <remarks>
/// An end never overtakes its raise, and one notification that the receiver cannot digest holds up its own alert only.
/// Any thread adds; one sender takes. Its size is bounded by who adds (<see cref="Outbox"/>).
/// </remarks>
internal sealed class OutboxLane(string channel)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Queue<OutboxEntry>> _byAlert = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, (Timestamp DueAt, long Sequence)> _heads = new();
    private readonly Channel<bool> _added = System.Threading.Channels.Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _count;

    /// <summary>The channel's name.</summary>
    public string Channel { get; } = channel;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(OutboxEntry entry)
    {
        lock (_changing)
        {
            if (!_byAlert.TryGetValue(entry.Alert.Id, out var waiting))
            {
                _byAlert.Add(entry.Alert.Id, waiting = new Queue<OutboxEntry>());
                _heads.Enqueue(entry.Alert.Id, (entry.QueuedAt, entry.Sequence));
            }

            waiting.Enqueue(entry);
            _count++;
        }

        _added.Writer.TryWrite(true);
    }

    /// <summary>Takes the first entry that is due; it stays counted until <see cref="Settle"/> or <see cref="Postpone"/>.</summary>
    /// <returns>Null when none is due; <paramref name="nextAt"/> then says when one is, or <see cref="Timestamp.None"/>.</returns>
    public OutboxEntry? Take(Timestamp now, out Timestamp nextAt)
    {
        lock (_changing)
        {
            nextAt = Timestamp.None;
            if (!_heads.TryPeek(out var alert, out var order))
            {
                return null;
            }

            if (order.DueAt > now)
            {
                nextAt = order.DueAt;
                return null;
            }

            _heads.Dequeue();
            return _byAlert[alert].Peek();
        }
    }

    /// <summary>The taken entry is done: the alert's next one is due at once.</summary>
    public void Settle(OutboxEntry taken, Timestamp now)
    {
        lock (_changing)
        {
            var waiting = _byAlert[taken.Alert.Id];
            waiting.Dequeue();
            _count--;
            if (waiting.TryPeek(out var next))
            {
                _heads.Enqueue(taken.Alert.Id, (now, next.Sequence));
            }
            else
            {
                _byAlert.Remove(taken.Alert.Id);
            }
        }
    }

    /// <summary>The taken entry failed and is tried again later, as it is now.</summary>
    public void Postpone(OutboxEntry changed, Timestamp dueAt)
    {
        lock (_changing)
        {
            var waiting = _byAlert[changed.Alert.Id];
            var rest = waiting.Skip(1).ToArray();
            waiting.Clear();
            waiting.Enqueue(changed);
            foreach (var entry in rest)
            {
                waiting.Enqueue(entry);
            }

            _heads.Enqueue(changed.Alert.Id, (dueAt, changed.Sequence));
        }
    }

    public IReadOnlyList<OutboxEntry> List()
    {
        lock (_changing)
        {
            return [.. _byAlert.Values.SelectMany(waiting => waiting)];
        }
    }

    /// <summary>Completes when something was added since the last call, or at <paramref name="until"/> when that has a value.</summary>
    public async Task WaitAsync(Timestamp until, TimeProvider clock, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var added = _added.Reader.WaitToReadAsync(either.Token).AsTask();
        var due = until.HasValue
            ? Task.Delay(Until(until, clock), clock, either.Token)
            : Task.Delay(Timeout.InfiniteTimeSpan, clock, either.Token);
        await Task.WhenAny(added, due);
        await either.CancelAsync();
        await Task.WhenAll(added, due).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _added.Reader.TryRead(out _);
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>How long until an instant, in whole milliseconds and rounded up: a delay drops what is below and would end too early.</summary>
    internal static TimeSpan Until(Timestamp instant, TimeProvider clock)
    {
        var milliseconds = Math.Ceiling((instant - Timestamp.Now(clock)).TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(0, milliseconds));
    }
}
