using System.Net;
using MQTTnet;

namespace IotEvents.Simulator.Links;

/// <summary>A message that must arrive.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The bytes; the same when sent again.</param>
/// <param name="Tag">What the sender knows it by.</param>
internal sealed record ReliableMessage(string Topic, byte[] Payload, long Tag)
{
    /// <summary>When it was first sent, as a timestamp of the clock.</summary>
    public long FirstSent { get; set; }
}

/// <summary>Sends messages over one MQTT connection until each is acknowledged: pipelined within a window, in order, again after a loss.</summary>
/// <remarks>
/// After a lost connection everything unacknowledged is sent again in its old order before anything new. So a receiver may
/// see a message twice, but none is missing. One thread calls; <c>acknowledged</c> is called from the connection's threads,
/// one at a time.
/// </remarks>
internal sealed class ReliablePublisher : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<ReliableMessage> _unacknowledged = [];
    private readonly ReliableOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<ReliableMessage> _acknowledged;
    private TaskCompletionSource _changed = NewSignal();
    private IMqttClient? _client;
    private bool _broken = true;
    private bool _wasConnected;

    public ReliablePublisher(ReliableOptions options, TimeProvider clock, Action<ReliableMessage> acknowledged) =>
        (_options, _clock, _acknowledged) = (options, clock, acknowledged);

    /// <summary>Messages that were sent again, each time counted.</summary>
    public long Resent { get; private set; }

    /// <summary>How often a lost connection came back.</summary>
    public long Reconnects { get; private set; }

    /// <summary>Messages sent and not acknowledged.</summary>
    public int Unacknowledged
    {
        get
        {
            lock (_lock)
            {
                return _unacknowledged.Count;
            }
        }
    }

    /// <summary>Connects; waits as long as the patience allows.</summary>
    /// <exception cref="TimeoutException">No broker answered in time.</exception>
    public Task ConnectAsync(CancellationToken stop) => _broken ? RecoverAsync(stop) : Task.CompletedTask;

    /// <summary>Sends a message as soon as the window has room.</summary>
    /// <exception cref="TimeoutException">The connection was lost and did not come back in time.</exception>
    public async Task SendAsync(ReliableMessage message, CancellationToken stop)
    {
        await WaitAsync(waiting => waiting < _options.Window, stop);
        message.FirstSent = _clock.GetTimestamp();
        LinkedListNode<ReliableMessage> node;
        lock (_lock)
        {
            node = _unacknowledged.AddLast(message);
        }

        _ = PublishAsync(node, _client!);
    }

    /// <summary>Waits until everything is acknowledged.</summary>
    /// <exception cref="TimeoutException">The connection was lost and did not come back in time.</exception>
    public Task DrainAsync(CancellationToken stop) => WaitAsync(waiting => waiting == 0, stop);

    public async ValueTask DisposeAsync()
    {
        if (_client is { IsConnected: true } client)
        {
            try
            {
                await client.DisconnectAsync();
            }
            catch (Exception error) when (PublishFailure.IsOfTheWorld(error, CancellationToken.None))
            {
                // It is gone already.
            }
        }

        _client?.Dispose();
    }

    private async Task WaitAsync(Func<int, bool> isEnough, CancellationToken stop)
    {
        while (true)
        {
            Task changed;
            bool broken;
            lock (_lock)
            {
                broken = _broken;
                if (!broken && isEnough(_unacknowledged.Count))
                {
                    return;
                }

                if (_changed.Task.IsCompleted)
                {
                    _changed = NewSignal();
                }

                changed = _changed.Task;
            }

            await (broken ? RecoverAsync(stop) : changed.WaitAsync(stop));
        }
    }

    private async Task RecoverAsync(CancellationToken stop)
    {
        var began = _clock.GetTimestamp();
        var pause = new ReconnectPause();
        while (true)
        {
            _client?.Dispose();
            _client = MqttDoor.NewClient();
            try
            {
                await _client.ConnectAsync(MqttDoor.Options(_options.Broker, _options.ClientId), stop);
                break;
            }
            catch (Exception error) when (PublishFailure.IsOfTheWorld(error, stop))
            {
                if (_clock.GetElapsedTime(began) > _options.Patience)
                {
                    throw new TimeoutException($"No MQTT broker answers at {_options.Broker}: {error.Message}", error);
                }
            }

            await Task.Delay(pause.Next(), _clock, stop);
        }

        Reconnects += _wasConnected ? 1 : 0;
        _wasConnected = true;
        SendAgain(_client);
    }

    private void SendAgain(IMqttClient client)
    {
        List<LinkedListNode<ReliableMessage>> nodes = [];
        lock (_lock)
        {
            _broken = false;
            for (var node = _unacknowledged.First; node is not null; node = node.Next)
            {
                nodes.Add(node);
            }
        }

        Resent += nodes.Count;
        foreach (var node in nodes)
        {
            _ = PublishAsync(node, client);
        }
    }

    private async Task PublishAsync(LinkedListNode<ReliableMessage> node, IMqttClient client)
    {
        try
        {
            var message = MqttDoor.Message(node.Value.Topic, node.Value.Payload, _options.QoS, retain: false);
            await client.PublishAsync(message, CancellationToken.None);
        }
        catch (Exception error) when (PublishFailure.IsOfTheWorld(error, CancellationToken.None))
        {
            lock (_lock)
            {
                _broken |= ReferenceEquals(client, _client);
                _changed.TrySetResult();
            }

            return;
        }

        lock (_lock)
        {
            // An acknowledgement of a connection given up may come after the message was sent again on the new one.
            if (node.List is not null)
            {
                _unacknowledged.Remove(node);
                _acknowledged(node.Value);
                _changed.TrySetResult();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>How to send.</summary>
/// <param name="Broker">The MQTT broker.</param>
/// <param name="ClientId">The connection's name, unique on the broker.</param>
/// <param name="QoS">0 to 2. With 0, written counts as acknowledged.</param>
/// <param name="Window">The most messages unacknowledged at once, 1 to 10,000.</param>
/// <param name="Patience">How long a connection may be away before it is given up.</param>
internal sealed record ReliableOptions(EndPoint Broker, string ClientId, int QoS, int Window, TimeSpan Patience);
