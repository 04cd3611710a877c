using System.Buffers.Binary;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>What the connection has to do next with a PUBLISH.</summary>
internal enum IntakeStep
{
    /// <summary>Nothing was decided.</summary>
    None = 0,

    /// <summary>It is finished with: go on with the next packet.</summary>
    Done,

    /// <summary>It has been posted; hand it on to the subscribers.</summary>
    Distribute,

    /// <summary>The inbox is full: wait for room, then offer the same packet again.</summary>
    InboxFull,

    /// <summary>Too many acknowledgements are owed: wait, then offer the same packet again.</summary>
    RingFull,

    /// <summary>The client broke its Receive Maximum: close the connection.</summary>
    TooMany,
}

/// <summary>Posts the messages of one connection to the inbox, and acknowledges them when they are durable, in order.</summary>
/// <remarks>
/// <see cref="Take"/>, <see cref="Release"/> and <see cref="WaitForAcknowledgementAsync"/> belong to the thread that reads the
/// connection; <see cref="Settle"/> and <see cref="Flush"/> come from the journal's thread as well. A message of QoS 2 is known
/// by client id and packet id until PUBREL, here and in the journal, so that a repeat is not stored twice (MQTT 5.0 §4.3.3).
/// </remarks>
internal sealed class PublishIntake : IDelivery
{
    private const byte TopicNameInvalid = 0x90;
    private const byte PacketIdNotFound = 0x92;

    private readonly Lock _gate = new();
    private readonly string _adapter;
    private readonly IInbox _inbox;
    private readonly MqttOutput _output;
    private readonly Action<MqttCloseReason> _close;
    private readonly AckRing _ring;
    private readonly int _outstandingMax;
    private readonly HashSet<ushort> _open = [];
    private readonly HashSet<ushort> _used = [];
    private byte[] _onceKey = [];
    private bool _isV5;
    private bool _hasFailed;
    private ulong? _retryTag;
    private TaskCompletionSource? _acknowledged;

    /// <summary>Makes an intake that owes nothing.</summary>
    /// <param name="adapter">The broker's name, for counters.</param>
    /// <param name="inbox">Where messages go.</param>
    /// <param name="output">Where acknowledgements go.</param>
    /// <param name="outstandingMax">The most messages that may wait for their acknowledgement.</param>
    /// <param name="close">Closes the connection; called at most once, without a lock.</param>
    public PublishIntake(string adapter, IInbox inbox, MqttOutput output, int outstandingMax, Action<MqttCloseReason> close)
    {
        (_adapter, _inbox, _output, _outstandingMax, _close) = (adapter, inbox, output, outstandingMax, close);
        _ring = new AckRing(outstandingMax);
    }

    /// <summary>How many messages wait for their acknowledgement.</summary>
    public int Owed
    {
        get
        {
            lock (_gate)
            {
                return _ring.Count;
            }
        }
    }

    /// <summary>Begins with a client. Call once, before any <see cref="Take"/>.</summary>
    public void Begin(string clientId, bool isV5)
    {
        _isV5 = isV5;
        _onceKey = [.. Encoding.UTF8.GetBytes(_adapter), 0, .. Encoding.UTF8.GetBytes(clientId), 0, 0, 0];
    }

    /// <summary>Takes a message that the framing let pass.</summary>
    public IntakeStep Take(in PublishView publish, Timestamp receivedAt)
    {
        if (!TopicRules.IsName(publish.Topic))
        {
            return Refuse(publish);
        }

        if (publish.Qos == 0)
        {
            return Post(publish, receivedAt, default, 0);
        }

        if (publish.Qos == 2 && !_retryTag.HasValue && IsRepeat(publish.PacketId))
        {
            return IntakeStep.Done;
        }

        if (publish.Qos == 2 && !_retryTag.HasValue && _open.Count >= _outstandingMax)
        {
            return IntakeStep.TooMany;
        }

        if (_retryTag is not { } tag)
        {
            if (!TryOwe(publish, out tag))
            {
                return IntakeStep.RingFull;
            }
        }

        var step = Post(publish, receivedAt, publish.Qos == 2 ? OnceKey(publish) : default, tag);
        _retryTag = step == IntakeStep.InboxFull ? tag : null;
        if (publish.Qos == 2 && step != IntakeStep.InboxFull)
        {
            _open.Add(publish.PacketId);
        }

        return step;
    }

    /// <summary>Ends a QoS 2 exchange: the client has sent PUBREL. Appends PUBCOMP to the output.</summary>
    public void Release(ushort packetId)
    {
        var isKnown = _open.Remove(packetId);
        _inbox.Forget(OnceKey(packetId)); // Also when a connection before this one took the message.
        _used.Add(packetId);
        Append(PacketType.PubComp, packetId, isKnown ? (byte)0 : PacketIdNotFound);
    }

    /// <summary>Completes when an acknowledgement has gone out since the ring was full, or the connection has closed.</summary>
    public Task WaitForAcknowledgementAsync()
    {
        lock (_gate)
        {
            if (!_ring.IsFull || _hasFailed)
            {
                return Task.CompletedTask;
            }

            return (_acknowledged ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Completes when nothing is owed any more, or the connection has closed.</summary>
    public async Task DrainAsync()
    {
        while (true)
        {
            Task acknowledged;
            lock (_gate)
            {
                if (_ring.Count == 0 || _hasFailed)
                {
                    return;
                }

                _acknowledged ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                acknowledged = _acknowledged.Task;
            }

            await acknowledged;
        }
    }

    /// <summary>Lets whoever waits go: the connection has closed.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _hasFailed = true;
            _acknowledged?.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public void Settle(ulong tag, DeliveryOutcome outcome)
    {
        lock (_gate)
        {
            if (outcome is DeliveryOutcome.Stored or DeliveryOutcome.Malformed)
            {
                _ring.Settle(tag, 0);
            }
            else
            {
                _hasFailed = true;
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        bool hasFailed;
        lock (_gate)
        {
            hasFailed = _hasFailed;
            var isAny = false;
            while (!hasFailed && _ring.TryTake(out var due))
            {
                Append(due.Kind, due.PacketId, due.ReasonCode);
                isAny = true;
            }

            if (isAny || hasFailed)
            {
                _acknowledged?.TrySetResult();
                _acknowledged = null;
            }
        }

        if (hasFailed)
        {
            _close(MqttCloseReason.StoreFailed);
        }

        _output.Flush();
    }

    /// <summary>True for a message that is open already: its PUBREC is on the way, or goes out once more.</summary>
    private bool IsRepeat(ushort packetId)
    {
        if (!_open.Contains(packetId))
        {
            return false;
        }

        lock (_gate)
        {
            if (!_ring.Owes(packetId) && !_ring.IsFull)
            {
                _ring.Settle(_ring.Add(PacketType.PubRec, packetId), 0);
            }
        }

        return true;
    }

    private IntakeStep Refuse(in PublishView publish)
    {
        if (publish.Qos > 0)
        {
            lock (_gate)
            {
                if (_ring.IsFull)
                {
                    return IntakeStep.RingFull;
                }

                var kind = publish.Qos == 1 ? PacketType.PubAck : PacketType.PubRec;
                _ring.Settle(_ring.Add(kind, publish.PacketId), _isV5 ? TopicNameInvalid : (byte)0);
            }

            if (publish.Qos == 2 && !_isV5)
            {
                _open.Add(publish.PacketId);
            }
        }

        _inbox.CountRefused(_adapter, RejectReason.InvalidTopic);
        return IntakeStep.Done;
    }

    private bool TryOwe(in PublishView publish, out ulong tag)
    {
        lock (_gate)
        {
            tag = 0;
            if (_ring.IsFull)
            {
                return false;
            }

            tag = _ring.Add(publish.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, publish.PacketId);
            return true;
        }
    }

    private IntakeStep Post(in PublishView publish, Timestamp receivedAt, ReadOnlySpan<byte> onceKey, ulong tag)
    {
        var message = new Message
        {
            Address = publish.Topic,
            Payload = publish.Payload,
            ReceivedAt = receivedAt,
            Adapter = _adapter,
            Traits = publish is { Qos: 1, Dup: true } ? MessageTraits.PossibleDuplicate : MessageTraits.None,
            OnceKey = onceKey,
        };
        var outcome = _inbox.Post(message, publish.Qos == 0 ? null : this, tag);
        return outcome == PostOutcome.Full ? IntakeStep.InboxFull : IntakeStep.Distribute;
    }

    /// <summary>The key of a QoS 2 message.</summary>
    /// <remarks>
    /// The first use of a packet id on this connection without DUP is by definition a new message (MQTT-3.3.1-1): a key that an
    /// earlier life of the client may have left is forgotten first, or the new message would pass for stored.
    /// </remarks>
    private ReadOnlySpan<byte> OnceKey(in PublishView publish)
    {
        var key = OnceKey(publish.PacketId);
        if (_used.Add(publish.PacketId) && !publish.Dup)
        {
            _inbox.Forget(key);
        }

        return key;
    }

    private ReadOnlySpan<byte> OnceKey(ushort packetId)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_onceKey.AsSpan(_onceKey.Length - 2), packetId);
        return _onceKey;
    }

    private void Append(PacketType kind, ushort packetId, byte reasonCode)
    {
        Span<byte> packet = stackalloc byte[5];
        packet[0] = (byte)((int)kind << 4);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], packetId);
        var hasReason = _isV5 && reasonCode != 0;
        packet[1] = hasReason ? (byte)3 : (byte)2;
        packet[4] = reasonCode;
        _output.Append(packet[..(hasReason ? 5 : 4)]);
    }
}
