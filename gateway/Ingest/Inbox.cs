using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Ingest;

/// <summary>Where every link's messages enter: decoded on the link's own thread, queued for the journal's thread.</summary>
/// <remarks>
/// The lock is held for the copy of a few readings, never while decoding. When the inbox is full a link waits, and its own
/// flow control (TCP, a serial line's buffer) carries that to the sender: nothing is dropped here.
/// </remarks>
public sealed class Inbox : IInbox
{
    [ThreadStatic]
    private static ReadingBuffer? _decoded;

    private volatile DecoderMap _decoders;
    private readonly SeriesCatalog _catalog;
    private readonly InboxOptions _options;
    private readonly object _gate = new();
    private readonly OnceKeys _onceKeys = new();
    private InboxBatch _filling = new();
    private InboxBatch _working = new();
    private TaskCompletionSource? _roomAwaited;
    private bool _woken;

    /// <summary>An empty inbox.</summary>
    public Inbox(DecoderMap decoders, SeriesCatalog catalog, IngestCounters counters, InboxOptions options)
    {
        _decoders = decoders;
        _catalog = catalog;
        Counters = counters;
        _options = options;
    }

    /// <summary>What came in and what became of it.</summary>
    public IngestCounters Counters { get; }

    /// <summary>How many readings wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _filling.Readings.Length;
            }
        }
    }

    /// <summary>Decodes from the next message on by another map.</summary>
    public void Use(DecoderMap decoders) => _decoders = decoders;

    /// <summary>Puts back the once keys the journal holds. Called at start, before anything is posted.</summary>
    public void Restore(IEnumerable<byte[]> onceKeys)
    {
        foreach (var key in onceKeys)
        {
            _onceKeys.TryAdd(key, out _);
        }
    }

    /// <inheritdoc/>
    public PostOutcome Post(in Message message, IDelivery? delivery = null, ulong tag = 0)
    {
        var counters = Counters.Of(message.Adapter);
        var decoded = _decoded ??= new ReadingBuffer();
        decoded.Clear();
        var reason = _decoders.Choose(message).Decode(message, decoded);
        if (reason == RejectReason.None && decoded.Count == 0)
        {
            reason = decoded.RejectedCount > 0 ? FirstReason(decoded) : RejectReason.Empty;
        }

        if (reason != RejectReason.None)
        {
            CountLeftOut(counters, decoded, except: reason);
            counters.CountRejectedMessage(reason, message.Payload.Length);
            delivery?.Settle(tag, DeliveryOutcome.Malformed);
            delivery?.Flush();
            return PostOutcome.Rejected;
        }

        var extra = Quality(message.Traits);
        lock (_gate)
        {
            if (IsFull)
            {
                return PostOutcome.Full;
            }

            if (IsFirstOf(message.OnceKey))
            {
                Queue(decoded, message.ReceivedAt, extra, counters);
            }

            if (delivery is not null)
            {
                _filling.Add(new PendingDelivery(delivery, tag));
            }

            Wake();
        }

        CountLeftOut(counters, decoded, except: RejectReason.None);
        counters.CountAccepted(decoded.Count, message.Payload.Length);
        return PostOutcome.Accepted;
    }

    /// <inheritdoc/>
    public PostOutcome Post(ReadingBuffer readings, string adapter, Timestamp receivedAt)
    {
        var counters = Counters.Of(adapter);
        lock (_gate)
        {
            if (IsFull)
            {
                return PostOutcome.Full;
            }

            Queue(readings, receivedAt, Devices.Contracts.Quality.Good, counters);
            Wake();
        }

        CountLeftOut(counters, readings, except: RejectReason.None);
        counters.CountAccepted(readings.Count, 0);
        readings.Clear();
        return PostOutcome.Accepted;
    }

    /// <inheritdoc/>
    public ValueTask WaitForRoomAsync(CancellationToken stop)
    {
        lock (_gate)
        {
            if (!IsFull)
            {
                return ValueTask.CompletedTask;
            }

            _roomAwaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_roomAwaited.Task.WaitAsync(stop));
        }
    }

    /// <inheritdoc/>
    public void Forget(ReadOnlySpan<byte> onceKey)
    {
        lock (_gate)
        {
            if (_onceKeys.Remove(onceKey))
            {
                _filling.Add(new OnceKeyChange(onceKey.ToArray(), Forget: true));
                Wake();
            }
        }
    }

    /// <inheritdoc/>
    public void CountRefused(string adapter, RejectReason reason) => Counters.Of(adapter).CountRejectedMessage(reason, 0);

    /// <summary>Waits until something was posted or <see cref="Nudge"/> was called, at most so long. Journal's thread only.</summary>
    public void Wait(TimeSpan atMost)
    {
        lock (_gate)
        {
            if (!_woken && atMost > TimeSpan.Zero)
            {
                Monitor.Wait(_gate, atMost);
            }

            _woken = false;
        }
    }

    /// <summary>Ends a <see cref="Wait"/>: there is other work for the journal's thread.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            Wake();
        }
    }

    /// <summary>Takes all that waits. Journal's thread only; what it gave last is empty again after this call.</summary>
    public InboxBatch Take()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _working.Clear();
            (_filling, _working) = (_working, _filling);
            room = _roomAwaited;
            _roomAwaited = null;
        }

        room?.SetResult();
        return _working;
    }

    private bool IsFull => _filling.Readings.Length >= _options.ReadingsMax || _filling.Deliveries.Length >= _options.DeliveriesMax;

    private bool IsFirstOf(ReadOnlySpan<byte> onceKey)
    {
        if (onceKey.IsEmpty)
        {
            return true;
        }

        if (!_onceKeys.TryAdd(onceKey, out var added))
        {
            return false;
        }

        _filling.Add(new OnceKeyChange(added, Forget: false));
        return true;
    }

    private void Queue(ReadingBuffer decoded, Timestamp receivedAt, Quality extra, AdapterCounters counters)
    {
        for (var i = 0; i < decoded.Count; i++)
        {
            var reading = decoded[i];
            if (_catalog.TryGetOrAdd(reading.Device, reading.Metric, out var series))
            {
                _filling.Add(new RawReading(series, reading.Unit, reading.Quality | extra, reading.Time, receivedAt, reading.Value));
            }
            else
            {
                counters.Count(RejectReason.SeriesLimit);
            }
        }
    }

    private void Wake()
    {
        if (!_woken)
        {
            _woken = true;
            Monitor.Pulse(_gate);
        }
    }

    private static Quality Quality(MessageTraits traits) =>
        (traits.HasFlag(MessageTraits.Retained) ? Devices.Contracts.Quality.Retained : 0)
        | (traits.HasFlag(MessageTraits.PossibleDuplicate) ? Devices.Contracts.Quality.PossibleDuplicate : 0);

    private static RejectReason FirstReason(ReadingBuffer decoded)
    {
        for (var reason = RejectReason.Malformed; (int)reason < RejectReasons.Count; reason++)
        {
            if (decoded.Rejected(reason) > 0)
            {
                return reason;
            }
        }

        return RejectReason.Empty;
    }

    private static void CountLeftOut(AdapterCounters counters, ReadingBuffer decoded, RejectReason except)
    {
        if (decoded.RejectedCount == 0)
        {
            return;
        }

        for (var reason = RejectReason.Malformed; (int)reason < RejectReasons.Count; reason++)
        {
            // The reason of a whole message is counted with the message.
            var times = decoded.Rejected(reason) - (reason == except ? 1 : 0);
            if (times > 0)
            {
                counters.Count(reason, times);
            }
        }
    }
}
