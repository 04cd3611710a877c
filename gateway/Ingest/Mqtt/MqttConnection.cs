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
internal sealed partial class MqttConnection : IMqttChannelAdapter
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
    private readonly SubscribeOrders _subscribeOrders = new();
    private readonly ConnectExchange _connect;
    private readonly int[] _received = new int[3];
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
        _connect = new ConnectExchange(broker.Options);
        _openedAt = _heardAt = broker.Clock.GetTimestamp();
        PacketFormatterAdapter = new MqttPacketFormatterAdapter(new MqttBufferWriter(256, 4096));
    }

    /// <summary>The client's id; empty before its CONNECT.</summary>
    public string ClientId => _connect.ClientId;

    /// <summary>The client's user name; null when it gave none.</summary>
    public string? User => _connect.User;

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
                _subscribeOrders.Restore(subAck, IsV5);
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
        else if (_connect.SilenceMax > TimeSpan.Zero && clock.GetElapsedTime(Volatile.Read(ref _heardAt)) >= _connect.SilenceMax)
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
}
