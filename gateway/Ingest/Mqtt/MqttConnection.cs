using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using IotEvents.Devices.Contracts;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>One client's connection: frames, checks and posts what comes in, and gives the library only what it is for.</summary>
/// <remarks>
/// <para>
/// The library sees CONNECT, SUBSCRIBE, UNSUBSCRIBE, DISCONNECT, what subscribers acknowledge, and those messages that somebody
/// may have subscribed to. Everything else is answered here: PUBLISH without a subscriber never becomes an object.
/// </para>
/// <para>
/// <see cref="ReceivePacketAsync"/> is called by one thread at a time and does the reading, the other members are safe from any.
/// </para>
/// </remarks>
internal sealed class MqttConnection : IMqttChannelAdapter
{
    /// <summary>The largest CONNECT: id, will, credentials. Nobody is known yet, so nothing larger is held for anybody.</summary>
    public const int ConnectBytesMax = 8 * 1024;

    private readonly MqttBrokerContext _broker;
    private readonly IMqttTransport _transport;
    private readonly MqttOutput _output;
    private readonly PublishIntake _intake;
    private readonly SubscriberWindow _window;
    private readonly ReceiveBuffer _buffer = new();
    private readonly Lock _encoder = new();
    private readonly long _openedAt;
    private readonly Dictionary<ushort, int[]> _subscribeOrders = [];
    private readonly int[] _received = new int[3];
    private TimeSpan _silenceMax;
    private uint _packetSizeMax = uint.MaxValue;
    private ushort? _serverKeepAlive;
    private bool _isIdAssigned;
    private int _closeReason;
    private long _heardAt;
    private volatile bool _isConnected;
    private volatile bool _isStopping;
    private int _isEnding;
    private int _isFinished;
    private Timestamp _receivedAt;

    /// <summary>Takes a transport over.</summary>
    public MqttConnection(MqttBrokerContext broker, IMqttTransport transport)
    {
        _broker = broker;
        _transport = transport;
        _output = new MqttOutput(transport);
        _window = new SubscriberWindow(broker.Clock);
        _intake = new PublishIntake(broker.Name, broker.Inbox, _output, broker.Options.MaxOutstanding, Close);
        _openedAt = _heardAt = broker.Clock.GetTimestamp();
        PacketFormatterAdapter = new MqttPacketFormatterAdapter(new MqttBufferWriter(256, 4096));
    }

    /// <summary>The client's id; empty before its CONNECT.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>The client's user name; null when it gave none.</summary>
    public string? User { get; private set; }

    /// <summary>What to publish if the client goes without a word; null when it wants nothing.</summary>
    public LastWill? Will { get; private set; }

    /// <summary>Why the connection has ended; <see cref="MqttCloseReason.None"/> while it lasts.</summary>
    public MqttCloseReason CloseReason => (MqttCloseReason)Volatile.Read(ref _closeReason);

    /// <summary>Messages that wait for the commit.</summary>
    public int AcknowledgementsOwed => _intake.Owed;

    /// <inheritdoc/>
    public long BytesReceived { get; private set; }

    /// <inheritdoc/>
    public long BytesSent => _output.BytesSent;

    /// <inheritdoc/>
    public X509Certificate2? ClientCertificate => null;

    /// <inheritdoc/>
    public EndPoint RemoteEndPoint => _transport.Remote ?? new IPEndPoint(IPAddress.None, 0);

    /// <summary>Where the client is; null when unknown.</summary>
    public IPAddress? RemoteAddress => _transport.Remote?.Address;

    /// <inheritdoc/>
    public EndPoint LocalEndPoint => _transport.Local ?? new IPEndPoint(IPAddress.None, 0);

    /// <inheritdoc/>
    public bool IsSecureConnection => false;

    /// <inheritdoc/>
    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; }

    private bool IsV5 => PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500;

    /// <inheritdoc/>
    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        using var ending = cancellationToken.UnsafeRegister(static self => ((MqttConnection)self!)._transport.StopReceiving(), this);
        while (CloseReason == MqttCloseReason.None && !cancellationToken.IsCancellationRequested)
        {
            var length = 0;
            while (TryFrame(out var frame, out length))
            {
                var (step, packet) = Handle(frame);
                if (step is IntakeStep.InboxFull or IntakeStep.RingFull)
                {
                    await WaitAsync(step, cancellationToken);
                    continue;
                }

                _buffer.Use(frame.TotalLength);
                if (packet is not null)
                {
                    FlushReceived();
                    return packet;
                }
            }

            FlushReceived();
            await _output.WaitForRoomAsync(); // Who does not read our answers is not read either.
            if (CloseReason == MqttCloseReason.None && !await ReceiveAsync(length))
            {
                break;
            }
        }

        Close(cancellationToken.IsCancellationRequested ? MqttCloseReason.TakenOver : MqttCloseReason.LinkLost);
        return null;
    }

    /// <inheritdoc/>
    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttPubAckPacket or MqttPubRecPacket or MqttPubRelPacket or MqttPubCompPacket:
                return; // Ours: they wait for the commit, or have been sent already.
            case MqttConnAckPacket connAck:
                Complete(connAck);
                break;
            case MqttSubAckPacket subAck:
                RestoreOrder(subAck);
                break;
            case MqttDisconnectPacket { ReasonCode: MqttDisconnectReasonCode.SessionTakenOver }:
                Note(MqttCloseReason.TakenOver);
                break;
            case MqttPublishPacket { QualityOfServiceLevel: > 0 } publish when !await _window.EnterAsync(publish.PacketIdentifier):
                return;
        }

        Encode(packet);
        _output.Flush();
        await _output.WaitForRoomAsync();
    }

    /// <summary>Ends the connection: tells an MQTT 5 client why, and lets the reader see the end. The first reason counts.</summary>
    public void Close(MqttCloseReason reason)
    {
        var isFirst = Note(reason);
        if (Interlocked.Exchange(ref _isEnding, 1) != 0)
        {
            return;
        }

        if (isFirst && _isConnected && IsV5 && reason.DisconnectCode() is var code and not 0)
        {
            _output.Append([0xE0, 1, code]);
        }

        _ = _output.Close();
        _window.Close();
        _intake.Abandon();
        _transport.StopReceiving();
    }

    /// <summary>Reads no more, waits until what is owed has been acknowledged or the time is up, then closes.</summary>
    public async Task StopAsync(CancellationToken limit)
    {
        _isStopping = true;
        try
        {
            await _intake.DrainAsync().WaitAsync(limit);
        }
        catch (OperationCanceledException)
        {
            // What is not acknowledged now, the client sends again.
        }

        Close(MqttCloseReason.Stopping);
    }

    /// <summary>Closes a connection that has been silent for too long, or that does not take what it subscribed to.</summary>
    public void CheckTime()
    {
        var clock = _broker.Clock;
        if (!_isConnected)
        {
            if (clock.GetElapsedTime(_openedAt) >= _broker.Options.ConnectTimeout)
            {
                Close(MqttCloseReason.ConnectTimeout);
            }
        }
        else if (_silenceMax > TimeSpan.Zero && clock.GetElapsedTime(Volatile.Read(ref _heardAt)) >= _silenceMax)
        {
            Close(MqttCloseReason.KeepAliveTimeout);
        }
        else if (_window.StuckFor >= MqttBrokerContext.SubscriberPatience)
        {
            Close(MqttCloseReason.SlowSubscriber);
        }
    }

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DisconnectAsync(CancellationToken cancellationToken) => FinishAsync();

    /// <summary>Sends what waits, says goodbye on the link and gives everything back. Only the first call does it.</summary>
    public async Task FinishAsync()
    {
        if (Interlocked.Exchange(ref _isFinished, 1) != 0)
        {
            return;
        }

        Close(_isConnected ? MqttCloseReason.TakenOver : MqttCloseReason.Refused); // Unless it has ended for another reason.
        await Task.WhenAny(_output.Close(), Task.Delay(TimeSpan.FromSeconds(1), _broker.Clock));
        await _transport.CloseAsync();
        _transport.Dispose();
        _buffer.Release();
    }

    /// <inheritdoc/>
    public void ResetStatistics()
    {
        // Our counters only grow.
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private bool Note(MqttCloseReason reason) =>
        Interlocked.CompareExchange(ref _closeReason, (int)reason, (int)MqttCloseReason.None) == (int)MqttCloseReason.None;

    private async ValueTask<bool> ReceiveAsync(int packetLength)
    {
        var count = await _transport.ReceiveAsync(_buffer.PrepareRoom(packetLength));
        if (count == 0)
        {
            return false;
        }

        if (_isStopping)
        {
            await _intake.DrainAsync(); // What comes now is not read: its sender keeps it.
            return false;
        }

        _buffer.Received(count);
        BytesReceived += count;
        _broker.Counters.AddReceived(0, 0, 0, count);
        _receivedAt = Timestamp.Now(_broker.Clock);
        Volatile.Write(ref _heardAt, _broker.Clock.GetTimestamp());
        return true;
    }

    /// <summary>Finds the next whole packet in the buffer.</summary>
    /// <param name="frame">Where it lies.</param>
    /// <param name="length">When it is not there as a whole: its length, or 0 when not even that is known.</param>
    private bool TryFrame(out PacketFrame frame, out int length)
    {
        var state = PacketFrame.Read(_buffer.Unused, _isConnected ? _broker.Options.MaxPacketSize : ConnectBytesMax, out frame);
        length = frame.TotalLength;
        switch (state)
        {
            case FrameState.Complete:
                return CloseReason == MqttCloseReason.None && !_isStopping;
            case FrameState.Malformed:
                Close(MqttCloseReason.Malformed);
                return false;
            case FrameState.Oversize:
                _broker.Inbox.CountRefused(_broker.Name, RejectReason.Oversize);
                Close(MqttCloseReason.Oversize);
                return false;
            default:
                return false;
        }
    }

    private async ValueTask WaitAsync(IntakeStep step, CancellationToken stop)
    {
        FlushReceived();
        try
        {
            await (step == IntakeStep.RingFull
                ? _intake.WaitForAcknowledgementAsync()
                : _broker.Inbox.WaitForRoomAsync(stop).AsTask());
        }
        catch (OperationCanceledException)
        {
            Close(MqttCloseReason.LinkLost);
        }
    }

    private void FlushReceived()
    {
        _broker.Counters.AddReceived(_received[0], _received[1], _received[2], 0);
        Array.Clear(_received);
        _intake.Flush();
    }

    /// <summary>Deals with one packet.</summary>
    /// <returns>A step only when it could not be taken yet; a packet when the library has to see it.</returns>
    private (IntakeStep Step, MqttPacket? Packet) Handle(PacketFrame frame)
    {
        var body = _buffer.Unused.Slice(frame.BodyStart, frame.BodyLength);
        if (!_isConnected)
        {
            return (default, HandleConnect(frame, body));
        }

        if (frame.Type == PacketType.Publish)
        {
            return HandlePublish(frame, body);
        }

        var reason = PacketRules.Check(frame, body, IsV5);
        if (reason != MqttCloseReason.None)
        {
            Close(reason);
            return default;
        }

        return (default, HandleControl(frame, body));
    }

    private (IntakeStep Step, MqttPacket? Packet) HandlePublish(PacketFrame frame, ReadOnlySpan<byte> body)
    {
        var reason = PublishView.Read(frame.Flags, body, IsV5, out var publish);
        if (reason != MqttCloseReason.None)
        {
            Close(reason);
            return default;
        }

        var step = _intake.Take(publish, _receivedAt);
        switch (step)
        {
            case IntakeStep.InboxFull or IntakeStep.RingFull:
                return (step, null);
            case IntakeStep.TooMany:
                Close(MqttCloseReason.ReceiveMaximum);
                return default;
        }

        _received[publish.Qos]++;
        var isFor = step == IntakeStep.Distribute && (publish.Retain || _broker.Sessions.HasSubscribers);
        return (default, isFor ? ReadForSubscribers(frame, publish) : null);
    }

    /// <summary>The packet as an object for the library, without DUP, which is between the sender and us (MQTT-3.3.1-3).</summary>
    private MqttPublishPacket ReadForSubscribers(PacketFrame frame, in PublishView publish)
    {
        const int Dup = 0x08;
        var packet = (MqttPublishPacket)Decode(frame with { Header = (byte)(frame.Header & ~Dup) });
        if (publish.Retain && !_broker.Retained.TryKeep(packet.Topic, publish.Payload.Length))
        {
            packet.Retain = false;
            _broker.Counters.AddRetainedStripped();
        }

        return packet;
    }

    private MqttConnectPacket? HandleConnect(PacketFrame frame, ReadOnlySpan<byte> body)
    {
        if (frame.Type != PacketType.Connect)
        {
            Close(MqttCloseReason.ProtocolError);
            return null;
        }

        var reason = ConnectRules.Check(frame.Flags, body, out var isV5);
        if (reason != MqttCloseReason.None)
        {
            _output.Append(ConnectRules.Answer(reason, isV5));
            Close(reason);
            return null;
        }

        PacketFormatterAdapter.DetectProtocolVersion(Copy(frame));
        var packet = (MqttConnectPacket)Decode(frame);
        Prepare(packet);
        return packet;
    }

    /// <summary>Takes out of the CONNECT what we do ourselves, and bounds what the library keeps.</summary>
    private void Prepare(MqttConnectPacket packet)
    {
        if (string.IsNullOrEmpty(packet.ClientId) && (IsV5 || packet.CleanSession))
        {
            packet.ClientId = $"auto-{Guid.NewGuid():N}";
            _isIdAssigned = true;
        }

        ClientId = packet.ClientId ?? "";
        User = packet.Username;
        _intake.Begin(ClientId, IsV5);
        var keepAliveMax = (int)_broker.Options.KeepAliveMax.TotalSeconds;
        if (IsV5 && (packet.KeepAlivePeriod == 0 || packet.KeepAlivePeriod > keepAliveMax))
        {
            _serverKeepAlive = (ushort)keepAliveMax;
        }

        _silenceMax = TimeSpan.FromSeconds((_serverKeepAlive ?? packet.KeepAlivePeriod) * 1.5);
        packet.KeepAlivePeriod = 0; // The library does not see the packets that keep a client alive.
        packet.SessionExpiryInterval = (uint)Math.Min(packet.SessionExpiryInterval, _broker.Options.SessionExpiryMax.TotalSeconds);
        _packetSizeMax = packet.MaximumPacketSize == 0 ? uint.MaxValue : packet.MaximumPacketSize;
        _window.Resize(Math.Min(packet.ReceiveMaximum == 0 ? ushort.MaxValue : packet.ReceiveMaximum, _broker.Options.PendingMax));
        Will = LastWill.TakeFrom(packet);
    }

    /// <summary>Tells the client our limits (MQTT 5.0 §3.2.2.3).</summary>
    private void Complete(MqttConnAckPacket packet)
    {
        if (IsV5)
        {
            packet.ReceiveMaximum = (ushort)_broker.Options.MaxOutstanding;
            packet.MaximumPacketSize = (uint)_broker.Options.MaxPacketSize;
            packet.TopicAliasMaximum = 0;
            packet.SharedSubscriptionAvailable = false;
            packet.AssignedClientIdentifier = _isIdAssigned ? ClientId : null;
            packet.ServerKeepAlive = _serverKeepAlive ?? 0;
        }

        if (packet.ReasonCode == MqttConnectReasonCode.Success)
        {
            Volatile.Write(ref _heardAt, _broker.Clock.GetTimestamp());
            _broker.Arrive(this, packet.IsSessionPresent);
            _isConnected = true;
        }
        else
        {
            Will = null;
        }
    }

    private MqttPacket? HandleControl(PacketFrame frame, ReadOnlySpan<byte> body)
    {
        switch (frame.Type)
        {
            case PacketType.PingReq:
                _intake.Flush(); // So that PINGRESP says: all before it that is due has gone out.
                _output.Append([0xD0, 0]);
                return null;
            case PacketType.PubRel:
                _intake.Release(PacketRules.ReadAcknowledge(body).PacketId);
                return null;
            case PacketType.PubRec:
                return HandlePubRec(PacketRules.ReadAcknowledge(body));
            case PacketType.PubAck or PacketType.PubComp:
                _window.Leave(PacketRules.ReadAcknowledge(body).PacketId);
                return Decode(frame);
            case PacketType.Disconnect:
                return HandleDisconnect(frame, body);
            case PacketType.Subscribe:
                return NoteOrder((MqttSubscribePacket)Decode(frame));
            default:
                return Decode(frame);
        }
    }

    /// <summary>Answers PUBREC at once: the library's answer would wait behind messages that wait for this client's window.</summary>
    private MqttPubAckPacket? HandlePubRec((ushort PacketId, byte ReasonCode) received)
    {
        if (received.ReasonCode >= 0x80)
        {
            _window.Leave(received.PacketId);
            return new MqttPubAckPacket { PacketIdentifier = received.PacketId }; // The exchange ends here (§4.3.3).
        }

        _output.Append([0x62, 2, (byte)(received.PacketId >> 8), (byte)received.PacketId]);
        return null;
    }

    private MqttPacket HandleDisconnect(PacketFrame frame, ReadOnlySpan<byte> body)
    {
        const byte WithWill = 0x04;
        if (body.IsEmpty || body[0] != WithWill)
        {
            Will = null;
        }

        var packet = Decode(frame);
        Note(MqttCloseReason.ByClient);
        return packet;
    }

    /// <summary>Remembers in which order the library will answer: it sorts the filters by QoS, highest first.</summary>
    private MqttSubscribePacket NoteOrder(MqttSubscribePacket packet)
    {
        var filters = packet.TopicFilters;
        if (filters.Exists(filter => filter.QualityOfServiceLevel != filters[0].QualityOfServiceLevel))
        {
            lock (_subscribeOrders)
            {
                _subscribeOrders[packet.PacketIdentifier] =
                    [.. Enumerable.Range(0, filters.Count).OrderByDescending(index => filters[index].QualityOfServiceLevel)];
            }
        }

        return packet;
    }

    private void RestoreOrder(MqttSubAckPacket packet)
    {
        int[]? order;
        lock (_subscribeOrders)
        {
            _subscribeOrders.Remove(packet.PacketIdentifier, out order);
        }

        for (var place = 0; !IsV5 && place < packet.ReasonCodes.Count; place++)
        {
            if (packet.ReasonCodes[place] > MqttSubscribeReasonCode.GrantedQoS2)
            {
                packet.ReasonCodes[place] = MqttSubscribeReasonCode.UnspecifiedError; // 3.1.1 knows only 0x80.
            }
        }

        if (order is not null && order.Length == packet.ReasonCodes.Count)
        {
            var answered = packet.ReasonCodes.ToArray();
            for (var place = 0; place < order.Length; place++)
            {
                packet.ReasonCodes[order[place]] = answered[place];
            }
        }
    }

    private void Encode(MqttPacket packet)
    {
        lock (_encoder)
        {
            var bytes = PacketFormatterAdapter.Encode(packet);
            if (bytes.Length > _packetSizeMax && packet is MqttPublishPacket publish)
            {
                _window.Leave(publish.PacketIdentifier); // Must not be sent (MQTT-3.1.2-24).
                _broker.Counters.AddDropped();
            }
            else
            {
                _output.Append(bytes.Packet, bytes.Payload.IsSingleSegment ? bytes.Payload.FirstSpan : bytes.Payload.ToArray());
            }

            PacketFormatterAdapter.Cleanup();
        }
    }

    private MqttPacket Decode(PacketFrame frame) => PacketFormatterAdapter.Decode(Copy(frame));

    private ReceivedMqttPacket Copy(PacketFrame frame) =>
        new(frame.Header, _buffer.Unused.Slice(frame.BodyStart, frame.BodyLength).ToArray(), frame.TotalLength);
}
