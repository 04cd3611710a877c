using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IotEvents.Devices.Contracts;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>The broker from listening to stopping: its connections, the library's server behind them, wills and the clock.</summary>
internal sealed class MqttBrokerRun : IDisposable
{
    private const int ClientIdBytesMax = 128;
    private const int SessionSweepTicks = 60;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WillPatience = TimeSpan.FromSeconds(10);

    private readonly MqttBrokerContext _context;
    private readonly ILogger _logger;
    private readonly MqttCredentials _credentials;
    private readonly ConnectionSlots _slots;
    private readonly MqttServerLink _link = new();
    private readonly MqttServer _server;
    private readonly ConcurrentDictionary<MqttConnection, Task> _connections = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Makes a run that has not begun.</summary>
    public MqttBrokerRun(MqttBrokerContext context, ILogger logger)
    {
        _context = context;
        _logger = logger;
        var options = context.Options;
        _credentials = new MqttCredentials(options.Users);
        _slots = new ConnectionSlots(options.MaxConnections, options.MaxConnectionsPerAddress);
        var serverOptions = new MqttServerOptionsBuilder()
            .WithoutDefaultEndpoint()
            .WithPersistentSessions()
            .WithDefaultCommunicationTimeout(options.ConnectTimeout)
            .WithMaxPendingMessagesPerClient(2 * options.PendingMax) // Ours comes first: see EnqueueAsync.
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropNewMessage) // The other one leaks.
            .Build();
        _server = new MqttServer(serverOptions, [_link], new MqttLog.FromLibrary(logger));
        _server.ValidatingConnectionAsync += ValidateAsync;
        _server.InterceptingSubscriptionAsync += SubscribeAsync;
        _server.ClientUnsubscribedTopicAsync += UnsubscribedAsync;
        _server.SessionDeletedAsync += SessionDeletedAsync;
        _server.InterceptingClientEnqueueAsync += EnqueueAsync;
    }

    /// <summary>The figures now.</summary>
    public MqttBrokerStatus Status => _context.Counters.Read([.. _connections.Keys], _context.Retained);

    /// <summary>Opens for connections.</summary>
    public Task StartAsync() => _server.StartAsync();

    /// <summary>Serves a connection until it is over; refuses it when there are too many.</summary>
    public async Task ServeAsync(IMqttTransport transport)
    {
        var address = transport.Remote?.Address;
        if (_stopping.IsCancellationRequested || !_slots.TryEnter(address))
        {
            _context.Counters.AddClosed(MqttCloseReason.ConnectionLimit, 0);
            transport.Dispose();
            return;
        }

        var connection = new MqttConnection(_context, transport);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = over.Task;
        _context.Counters.AddConnection();
        try
        {
            await ServeAsync(connection);
        }
        finally
        {
            _slots.Leave(address);
            _connections.TryRemove(connection, out _);
            over.SetResult();
        }
    }

    /// <summary>Checks deadlines every second until stopped: CONNECT, keep-alive, slow subscribers, wills, sessions.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _context.Clock);
        try
        {
            for (var tick = 1; await timer.WaitForNextTickAsync(stop); tick++)
            {
                foreach (var connection in _connections.Keys)
                {
                    connection.CheckTime();
                }

                foreach (var will in _context.Wills.TakeDue(_context.Clock.GetUtcNow()))
                {
                    await PublishAsync(will);
                }

                if (tick % SessionSweepTicks == 0)
                {
                    await SweepSessionsAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Hands a message of the gateway's own to whoever subscribes; it does not come back into the inbox.</summary>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain)
    {
        if (retain)
        {
            _context.Retained.TryKeep(topic, payload.Length); // Ours are few: counted, but never refused.
        }

        return !retain && !_context.Sessions.HasSubscribers ? Task.CompletedTask : DistributeAsync(new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(payload),
            Retain = retain,
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        }, _context.Name);
    }

    /// <summary>Reads no more, lets what is owed be acknowledged for a few seconds, and closes every connection.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        using var limit = new CancellationTokenSource(StopPatience, _context.Clock);
        var connections = _connections.ToArray();
        await Task.WhenAll(connections.Select(entry => entry.Key.StopAsync(limit.Token)));
        var owed = connections.Sum(entry => entry.Key.AcknowledgementsOwed);
        await Task.WhenAny(
            Task.WhenAll(connections.Select(entry => entry.Value)), Task.Delay(StopPatience, _context.Clock, CancellationToken.None));
        await _server.StopAsync(new MqttServerStopOptions());
        _logger.Stopped(owed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server.Dispose();
        _credentials.Dispose();
        _stopping.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The border of one client: its connection's error must not end the others'.")]
    private async Task ServeAsync(MqttConnection connection)
    {
        try
        {
            await _link.ServeAsync(connection);
        }
        catch (Exception error)
        {
            _logger.ConnectionFailed(error, connection.ClientId);
            connection.Close(MqttCloseReason.Internal);
        }

        await connection.FinishAsync();
        _context.Counters.AddClosed(connection.CloseReason, connection.BytesSent);
        _logger.Gone(connection.ClientId, connection.RemoteEndPoint, connection.CloseReason.Name());
        await LeaveAsync(connection);
    }

    private async Task LeaveAsync(MqttConnection connection)
    {
        var isAway = _context.Sessions.Disconnect(connection.ClientId, connection);
        if (connection.Will is not { } will || connection.CloseReason == MqttCloseReason.Stopping)
        {
            return;
        }

        if (will.Delay == TimeSpan.Zero)
        {
            await PublishAsync(will);
        }
        else if (isAway)
        {
            _context.Wills.Add(will, _context.Clock.GetUtcNow() + will.Delay);
        }
    }

    /// <summary>Publishes a will as if its client had: checked, posted, handed on.</summary>
    private async Task PublishAsync(LastWill will)
    {
        var topic = Encoding.UTF8.GetBytes(will.Message.Topic);
        if (!TopicRules.IsName(topic))
        {
            _context.Inbox.CountRefused(_context.Name, RejectReason.InvalidTopic);
            return;
        }

        using var limit = new CancellationTokenSource(WillPatience, _context.Clock);
        try
        {
            while (Post(topic, will) == PostOutcome.Full)
            {
                await _context.Inbox.WaitForRoomAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            _context.Inbox.CountRefused(_context.Name, RejectReason.Overload);
        }

        if (will.Message.Retain && !_context.Retained.TryKeep(will.Message.Topic, (int)will.Message.Payload.Length))
        {
            will.Message.Retain = false;
            _context.Counters.AddRetainedStripped();
        }

        await DistributeAsync(will.Message, will.ClientId);
    }

    private PostOutcome Post(byte[] topic, LastWill will)
    {
        var message = new Message
        {
            Address = topic,
            Payload = will.Message.Payload.FirstSpan,
            ReceivedAt = Timestamp.Now(_context.Clock),
            Adapter = _context.Name,
        };
        return _context.Inbox.Post(message);
    }

    private Task DistributeAsync(MqttApplicationMessage message, string sender) =>
        _stopping.IsCancellationRequested
            ? Task.CompletedTask
            : _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = sender }, _stopping.Token);

    /// <summary>Deletes sessions of clients that have been away for too long, and the longest away beyond the limit.</summary>
    private async Task SweepSessionsAsync()
    {
        var now = _context.Clock.GetUtcNow().UtcDateTime;
        var limit = _context.Options.SessionExpiryMax;
        var away = (await _server.GetSessionsAsync())
            .Where(session => session.DisconnectedTimestamp is not null && _context.Sessions.Find(session.Id) is null)
            .OrderByDescending(session => session.DisconnectedTimestamp)
            .ToList();
        for (var index = 0; index < away.Count; index++)
        {
            var expiry = TimeSpan.FromSeconds(away[index].ExpiryInterval);
            expiry = expiry == TimeSpan.Zero || expiry > limit ? limit : expiry; // 3.1.1 gives none.
            if (index >= _context.Options.SessionsMax || now - away[index].DisconnectedTimestamp >= expiry)
            {
                await away[index].DeleteAsync();
            }
        }
    }

    private async Task ValidateAsync(ValidatingConnectionEventArgs args)
    {
        var connection = (MqttConnection)args.ChannelAdapter;
        if (!string.IsNullOrEmpty(args.AuthenticationMethod))
        {
            args.ReasonCode = MqttConnectReasonCode.BadAuthenticationMethod;
        }
        else if (!IsClientId(connection.ClientId))
        {
            args.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
        }
        else if (!await _credentials.AllowAsync(connection.RemoteAddress, args.UserName, args.RawPassword, _stopping.Token))
        {
            args.ReasonCode = args.UserName is null
                ? MqttConnectReasonCode.NotAuthorized
                : MqttConnectReasonCode.BadUserNameOrPassword;
        }
        else if (!_context.Sessions.MayUse(connection.ClientId, connection.User))
        {
            args.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
        }
    }

    /// <summary>No wildcards, which access lists could expand, and nothing that could climb out of a folder.</summary>
    private static bool IsClientId(string clientId)
    {
        var bytes = Encoding.UTF8.GetBytes(clientId);
        return bytes.Length is > 0 and <= ClientIdBytesMax && TopicRules.IsText(bytes) &&
            !clientId.AsSpan().ContainsAny('#', '+') && !clientId.Contains("..", StringComparison.Ordinal);
    }

    private Task SubscribeAsync(InterceptingSubscriptionEventArgs args)
    {
        var filter = args.TopicFilter.Topic;
        if (args.Response.ReasonCode > MqttSubscribeReasonCode.GrantedQoS2)
        {
            args.ProcessSubscription = false;
        }
        else if (!TopicRules.IsShort(Encoding.UTF8.GetBytes(filter)))
        {
            args.Response.ReasonCode = MqttSubscribeReasonCode.TopicFilterInvalid;
            args.ProcessSubscription = false;
        }
        else if (!_context.Sessions.TrySubscribe(args.ClientId, filter, args.Session))
        {
            args.Response.ReasonCode = MqttSubscribeReasonCode.QuotaExceeded;
            args.ProcessSubscription = false;
        }

        return Task.CompletedTask;
    }

    private Task UnsubscribedAsync(ClientUnsubscribedTopicEventArgs args)
    {
        _context.Sessions.Unsubscribe(args.ClientId, args.TopicFilter);
        return Task.CompletedTask;
    }

    private Task SessionDeletedAsync(SessionDeletedEventArgs args)
    {
        _context.Sessions.Delete(args.Id);
        return Task.CompletedTask;
    }

    /// <summary>A queue is full: the subscriber that does not read goes; one that is away gets nothing new.</summary>
    private Task EnqueueAsync(InterceptingClientApplicationMessageEnqueueEventArgs args)
    {
        if (!_context.Sessions.TryEnqueue(args.ReceiverClientId, _context.Options.PendingMax))
        {
            args.AcceptEnqueue = false;
            _context.Counters.AddDropped();
            _context.Sessions.Find(args.ReceiverClientId)?.Close(MqttCloseReason.SlowSubscriber);
        }

        return Task.CompletedTask;
    }
}
