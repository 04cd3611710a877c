using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

/// <summary>An inbox in memory: settles at once, or holds the commit until it is told, or is full, or fails.</summary>
internal sealed class TestInbox : IInbox
{
    private readonly Lock _gate = new();
    private readonly List<Taken> _messages = [];
    private readonly List<(IDelivery Delivery, ulong Tag)> _waiting = [];
    private readonly HashSet<string> _keys = [];
    private readonly Dictionary<RejectReason, int> _refused = [];
    private readonly List<string> _forgotten = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private bool _holds;

    /// <summary>While set, nothing is settled.</summary>
    public bool Holds
    {
        get => _holds;
        init => _holds = value;
    }

    /// <summary>What every message is settled with.</summary>
    public DeliveryOutcome Outcome { get; set; } = DeliveryOutcome.Stored;

    public IReadOnlyList<Taken> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    public IReadOnlyList<string> Forgotten
    {
        get
        {
            lock (_gate)
            {
                return [.. _forgotten];
            }
        }
    }

    public int Refused(RejectReason reason)
    {
        lock (_gate)
        {
            return _refused.GetValueOrDefault(reason);
        }
    }

    public void SetFull(bool isFull)
    {
        lock (_gate)
        {
            if (!isFull)
            {
                _room?.SetResult();
            }

            _room = isFull ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        }
    }

    /// <summary>Commits what is held, in the order that the caller gives.</summary>
    public void Commit(Func<IEnumerable<(IDelivery, ulong)>, IEnumerable<(IDelivery, ulong)>>? order = null)
    {
        List<(IDelivery Delivery, ulong Tag)> waiting;
        lock (_gate)
        {
            waiting = [.. order?.Invoke(_waiting) ?? _waiting];
            _waiting.Clear();
        }

        foreach (var (delivery, tag) in waiting)
        {
            delivery.Settle(tag, Outcome);
        }

        foreach (var delivery in waiting.Select(entry => entry.Delivery).Distinct())
        {
            delivery.Flush();
        }
    }

    public async Task WaitForAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_messages.Count >= count)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    public PostOutcome Post(in Message message, IDelivery? delivery = null, ulong tag = 0)
    {
        lock (_gate)
        {
            if (_room is not null)
            {
                return PostOutcome.Full;
            }

            var key = Convert.ToHexString(message.OnceKey);
            if (key.Length == 0 || _keys.Add(key))
            {
                _messages.Add(new Taken(
                    Encoding.UTF8.GetString(message.Address), Encoding.UTF8.GetString(message.Payload), message.Traits, key));
            }

            var changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
            if (delivery is null)
            {
                return PostOutcome.Accepted;
            }

            if (_holds)
            {
                _waiting.Add((delivery, tag));
                return PostOutcome.Accepted;
            }
        }

        delivery.Settle(tag, Outcome);
        if (Outcome == DeliveryOutcome.Failed)
        {
            delivery.Flush();
        }

        return PostOutcome.Accepted;
    }

    public PostOutcome Post(ReadingBuffer readings, string adapter, Timestamp receivedAt) => throw new NotSupportedException();

    public async ValueTask WaitForRoomAsync(CancellationToken stop)
    {
        Task? room;
        lock (_gate)
        {
            room = _room?.Task;
        }

        await (room ?? Task.CompletedTask).WaitAsync(stop);
    }

    public void Forget(ReadOnlySpan<byte> onceKey)
    {
        lock (_gate)
        {
            _keys.Remove(Convert.ToHexString(onceKey));
            _forgotten.Add(Convert.ToHexString(onceKey));
        }
    }

    public void CountRefused(string adapter, RejectReason reason)
    {
        lock (_gate)
        {
            _refused[reason] = _refused.GetValueOrDefault(reason) + 1;
        }
    }

    /// <summary>One message as it was posted.</summary>
    internal sealed record Taken(string Topic, string Payload, MessageTraits Traits, string OnceKey);
}
