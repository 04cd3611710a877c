using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Mqtt;

/// <summary>Acknowledges the messages of one connection to their broker when they are durable, in the order they came.</summary>
/// <remarks>
/// One connection's only: after a reconnect the broker sends what was not acknowledged again under its own packet ids, and a
/// late acknowledgement of the old connection must not meet them.
/// </remarks>
internal sealed class MqttReceipt : IDelivery
{
    private readonly Lock _gate = new();
    private readonly Queue<Entry> _owed = new();
    private readonly Dictionary<ulong, Entry> _byTag = [];
    private readonly Action _fail;
    private ulong _nextTag;
    private bool _isSending;
    private bool _hasFailed;

    /// <summary>Makes a receipt that owes nothing.</summary>
    /// <param name="fail">Closes the connection, so that the broker sends again; called at most once.</param>
    public MqttReceipt(Action fail) => _fail = fail;

    /// <summary>Messages that wait for the commit or for their acknowledgement to be sent.</summary>
    public int Owed
    {
        get
        {
            lock (_gate)
            {
                return _owed.Count;
            }
        }
    }

    /// <summary>Notes a message that will be acknowledged; returns the tag to post it with.</summary>
    public ulong Add(Func<Task> acknowledge)
    {
        lock (_gate)
        {
            var entry = new Entry(_nextTag++, acknowledge);
            _owed.Enqueue(entry);
            _byTag[entry.Tag] = entry;
            return entry.Tag;
        }
    }

    /// <inheritdoc/>
    public void Settle(ulong tag, DeliveryOutcome outcome)
    {
        lock (_gate)
        {
            if (_byTag.Remove(tag, out var entry))
            {
                entry.IsSettled = outcome is DeliveryOutcome.Stored or DeliveryOutcome.Malformed;
                _hasFailed |= !entry.IsSettled;
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        _ = SendAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            while (TakeDue() is { } entry)
            {
                await entry.Acknowledge();
            }
        }
        catch (Exception error) when (MqttClientAdapter.IsLinkError(error))
        {
            Stop(); // The connection is gone; the broker sends again what it misses.
        }
    }

    private Entry? TakeDue()
    {
        bool mustFail;
        lock (_gate)
        {
            if (_owed.TryPeek(out var first) && first.IsSettled)
            {
                return _owed.Dequeue();
            }

            _isSending = false;
            mustFail = _hasFailed;
            _isSending |= mustFail; // Nothing more is acknowledged on this connection.
        }

        if (mustFail)
        {
            _fail();
        }

        return null;
    }

    private void Stop()
    {
        lock (_gate)
        {
            _owed.Clear();
            _byTag.Clear();
        }
    }

    private sealed class Entry(ulong tag, Func<Task> acknowledge)
    {
        public ulong Tag { get; } = tag;

        public Func<Task> Acknowledge { get; } = acknowledge;

        public bool IsSettled { get; set; }
    }
}
