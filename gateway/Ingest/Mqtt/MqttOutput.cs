namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>The bytes one connection is going to send. Appended from any thread, sent by one at a time, in few large writes.</summary>
internal sealed class MqttOutput
{
    /// <summary>Beyond so many waiting bytes, whoever can wait must: see <see cref="WaitForRoomAsync"/>.</summary>
    public const int RoomBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly IMqttTransport _transport;
    private byte[] _pending = [];
    private byte[] _sending = [];
    private int _pendingLength;
    private bool _isSending;
    private bool _isClosed;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _empty;

    /// <summary>Makes an empty output.</summary>
    public MqttOutput(IMqttTransport transport) => _transport = transport;

    /// <summary>How many bytes have been handed to the link.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Appends bytes; they go out with the next <see cref="Flush"/>. Nothing happens after <see cref="Close"/>.</summary>
    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            var length = _pendingLength + first.Length + second.Length;
            if (length > _pending.Length)
            {
                Array.Resize(ref _pending, Math.Max(length, Math.Max(64, _pending.Length * 2)));
            }

            first.CopyTo(_pending.AsSpan(_pendingLength));
            second.CopyTo(_pending.AsSpan(_pendingLength + first.Length));
            _pendingLength = length;
        }
    }

    /// <summary>Begins to send what waits, unless somebody already does. Returns at once.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isSending || _pendingLength == 0)
            {
                return;
            }

            _isSending = true;
        }

        _ = SendAllAsync();
    }

    /// <summary>Completes when less than <see cref="RoomBytes"/> wait, or the link has broken.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (_gate)
        {
            return _pendingLength < RoomBytes || _isClosed ? ValueTask.CompletedTask : new ValueTask(Waiter(ref _room));
        }
    }

    /// <summary>Takes no more bytes; those that wait are still sent.</summary>
    /// <returns>Completes when all are sent, or cannot be.</returns>
    public Task Close()
    {
        Task empty;
        lock (_gate)
        {
            _isClosed = true;
            _room?.TrySetResult();
            if (!_isSending && _pendingLength == 0)
            {
                return Task.CompletedTask;
            }

            empty = Waiter(ref _empty);
        }

        Flush();
        return empty;
    }

    private static Task Waiter(ref TaskCompletionSource? waiter) =>
        (waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private async Task SendAllAsync()
    {
        while (TakePending() is var length and > 0)
        {
            if (!await _transport.SendAsync(_sending.AsMemory(0, length)))
            {
                Break();
                return;
            }

            BytesSent += length;
        }
    }

    private int TakePending()
    {
        lock (_gate)
        {
            var length = _pendingLength;
            (_sending, _pending) = (_pending, _sending);
            _pendingLength = 0;
            _isSending = length > 0;
            _room?.TrySetResult();
            _room = null;
            if (length == 0)
            {
                _empty?.TrySetResult();
                Trim();
            }

            return length;
        }
    }

    /// <summary>An idle connection keeps only what acknowledgements need.</summary>
    private void Trim()
    {
        const int Kept = 1024;
        _sending = _sending.Length > Kept ? [] : _sending;
        _pending = _pending.Length > Kept ? [] : _pending;
    }

    private void Break()
    {
        lock (_gate)
        {
            _isClosed = true;
            _isSending = false;
            _pendingLength = 0;
            (_pending, _sending) = ([], []);
            _room?.TrySetResult();
            _empty?.TrySetResult();
        }
    }
}
