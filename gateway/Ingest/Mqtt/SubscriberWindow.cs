namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>The QoS 1 and 2 messages sent to one subscriber that it has not acknowledged: at most its Receive Maximum.</summary>
internal sealed class SubscriberWindow
{
    private readonly Lock _gate = new();
    private readonly HashSet<ushort> _packetIds = [];
    private readonly TimeProvider _clock;
    private int _size = ushort.MaxValue;
    private bool _isClosed;
    private long _fullSince;
    private TaskCompletionSource? _room;

    /// <summary>Makes an empty window of the largest size.</summary>
    public SubscriberWindow(TimeProvider clock) => _clock = clock;

    /// <summary>How long the window has been full without a single acknowledgement; zero when there is room.</summary>
    public TimeSpan StuckFor
    {
        get
        {
            lock (_gate)
            {
                return _room is null ? TimeSpan.Zero : _clock.GetElapsedTime(_fullSince);
            }
        }
    }

    /// <summary>Sets how many messages may be unacknowledged, from 1.</summary>
    public void Resize(int size)
    {
        lock (_gate)
        {
            _size = Math.Max(1, size);
        }
    }

    /// <summary>Waits for room and notes the message. One call at a time.</summary>
    /// <returns>False when the connection has closed meanwhile.</returns>
    public async ValueTask<bool> EnterAsync(ushort packetId)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_isClosed || _packetIds.Count < _size)
                {
                    return !_isClosed && (_packetIds.Add(packetId) || true);
                }

                if (_room is null)
                {
                    _fullSince = _clock.GetTimestamp();
                    _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                room = _room.Task;
            }

            await room;
        }
    }

    /// <summary>Notes that the subscriber has finished with a message.</summary>
    public void Leave(ushort packetId)
    {
        lock (_gate)
        {
            if (_packetIds.Remove(packetId))
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }

    /// <summary>Lets whoever waits go: nothing will be acknowledged any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _room?.TrySetResult();
            _room = null;
        }
    }
}
