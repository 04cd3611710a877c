using System.Buffers;
using IotEvents.Devices.Contracts;
using MQTTnet.Adapter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <content>What becomes of each packet: answered here, or given to the library.</content>
internal sealed partial class MqttConnection
{
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
        _window.Resize(_connect.Prepare(packet, IsV5));
        _intake.Begin(ClientId, IsV5);
        Will = LastWill.TakeFrom(packet);
        return packet;
    }

    private void Complete(MqttConnAckPacket packet)
    {
        if (IsV5)
        {
            _connect.TellLimits(packet);
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
                var subscribe = (MqttSubscribePacket)Decode(frame);
                _subscribeOrders.Note(subscribe);
                return subscribe;
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

    private void Encode(MqttPacket packet)
    {
        lock (_encoder)
        {
            var bytes = PacketFormatterAdapter.Encode(packet);
            if (bytes.Length > _connect.PacketSizeMax && packet is MqttPublishPacket publish)
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
