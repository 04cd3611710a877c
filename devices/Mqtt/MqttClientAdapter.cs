using System.Buffers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using IotEvents.Devices.Contracts;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace IotEvents.Devices.Mqtt;

/// <summary>Reads from another MQTT broker, and acknowledges each message when it is durable here.</summary>
/// <remarks>
/// The broker keeps our session while we are away, and sends what we had not acknowledged again: so nothing of QoS 1 or 2 is
/// lost between the two, as long as the broker itself keeps it.
/// </remarks>
public sealed class MqttClientAdapter : IDeviceAdapter
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly MqttClientAdapterOptions _options;
    private readonly TimeProvider _clock;
    private readonly ReconnectDelay _delay;
    private readonly ILogger _logger;
    private readonly string _broker;
    private string? _lastReason;

    /// <summary>Makes an adapter; nothing is opened before <see cref="RunAsync"/>.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="clock">The gateway's clock.</param>
    /// <param name="random">Spreads the attempts to reconnect; seeded by the caller, used by this adapter alone.</param>
    /// <param name="logger">Life cycle at Information; a repeated reason is logged once.</param>
    public MqttClientAdapter(MqttClientAdapterOptions options, TimeProvider clock, Random random, ILogger<MqttClientAdapter> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock, _logger) = (options, clock, logger);
        _delay = new ReconnectDelay(random);
        _broker = $"{options.Url.Scheme}://{options.Url.Authority}";
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <summary>True while the adapter is connected and subscribed.</summary>
    public bool IsConnected { get; private set; }

    /// <inheritdoc/>
    public async Task RunAsync(IInbox inbox, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var reason = await ReadAsync(inbox, stop);
            IsConnected = false;
            if (stop.IsCancellationRequested)
            {
                return;
            }

            if (reason != _lastReason)
            {
                _lastReason = reason;
                _logger.CutOff(Name, _broker, reason);
            }

            try
            {
                await Task.Delay(_delay.Next(), _clock, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>True for what the network, the broker or its certificate can do to us.</summary>
    internal static bool IsLinkError(Exception error) =>
        error is MqttCommunicationException or MqttProtocolViolationException or MqttClientNotConnectedException
            or MqttClientDisconnectedException or SocketException or IOException or AuthenticationException
            or OperationCanceledException or ObjectDisposedException or TimeoutException;

    /// <summary>One connection, from CONNECT until it breaks or the gateway stops; returns why it ended.</summary>
    private async Task<string> ReadAsync(IInbox inbox, CancellationToken stop)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reason = "the connection broke";
        var receipt = new MqttReceipt(() => Cancel(broken));
        client.ApplicationMessageReceivedAsync += args => TakeAsync(inbox, receipt, args, broken.Token);
        client.DisconnectedAsync += args =>
        {
            reason = Describe(args, reason);
            return CancelAsync(broken);
        };
        try
        {
            var result = await client.ConnectAsync(BuildOptions(), broken.Token);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                return $"the broker refuses us: {result.ResultCode}";
            }

            await SubscribeAsync(client, broken.Token);
            Welcome(result.IsSessionPresent);
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, broken.Token);
        }
        catch (Exception error) when (IsLinkError(error))
        {
            reason = error is OperationCanceledException ? reason : Innermost(error);
        }

        await LeaveAsync(client);
        return reason;
    }

    private void Welcome(bool isSessionPresent)
    {
        IsConnected = true;
        _lastReason = null;
        _delay.Reset();
        _logger.Connected(Name, _broker, isSessionPresent ? "resumed" : "new");
    }

    private MqttClientOptions BuildOptions()
    {
        var isSecure = _options.Url.Scheme == "mqtts";
        var port = _options.Url.Port > 0 ? _options.Url.Port : isSecure ? 8883 : 1883;
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(_options.Url.IdnHost, port)
            .WithProtocolVersion(_options.ProtocolLevel == 5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311)
            .WithClientId(_options.ClientId)
            .WithCleanStart(false)
            .WithKeepAlivePeriod(_options.KeepAlive)
            .WithTimeout(ConnectTimeout);
        if (_options.ProtocolLevel == 5)
        {
            builder.WithSessionExpiryInterval((uint)_options.SessionExpiry.TotalSeconds)
                .WithReceiveMaximum((ushort)_options.ReceiveMaximum)
                .WithMaximumPacketSize((uint)_options.MaxPacketSize);
        }

        if (_options.UserName is { } user)
        {
            builder.WithCredentials(user, _options.Password);
        }

        return (isSecure ? builder.WithTlsOptions(tls => tls.UseTls()) : builder).Build();
    }

    private async Task SubscribeAsync(IMqttClient client, CancellationToken stop)
    {
        var subscribe = new MqttClientSubscribeOptionsBuilder();
        foreach (var topic in _options.Topics)
        {
            subscribe.WithTopicFilter(topic, (MqttQualityOfServiceLevel)_options.Qos);
        }

        var result = await client.SubscribeAsync(subscribe.Build(), stop);
        foreach (var item in result.Items)
        {
            if (item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            {
                _logger.SubscriptionRefused(Name, _broker, item.TopicFilter.Topic, item.ResultCode.ToString());
            }
        }
    }

    /// <summary>Posts one message.</summary>
    /// <remarks>
    /// While the inbox is full, messages of QoS 1 and 2 wait: the broker sends no more than Receive Maximum of them. Those of
    /// QoS 0 nobody holds back, and the library would queue them without a limit: they are counted and dropped.
    /// </remarks>
    private async Task TakeAsync(
        IInbox inbox, MqttReceipt receipt, MqttApplicationMessageReceivedEventArgs args, CancellationToken stop)
    {
        args.AutoAcknowledge = false;
        var message = args.ApplicationMessage;
        var topic = Encoding.UTF8.GetBytes(message.Topic);
        var payload = message.Payload.IsSingleSegment ? message.Payload.First : message.Payload.ToArray();
        var receivedAt = Timestamp.Now(_clock);
        ulong? tag = message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce
            ? null
            : receipt.Add(() => args.AcknowledgeAsync(stop));
        try
        {
            while (Post(inbox, receipt, message, topic, payload.Span, receivedAt, tag) == PostOutcome.Full)
            {
                if (tag is null)
                {
                    inbox.CountRefused(Name, RejectReason.Overload);
                    return;
                }

                await inbox.WaitForRoomAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            return; // The connection is over; the broker sends the message again.
        }

        receipt.Flush();
    }

    private PostOutcome Post(IInbox inbox, MqttReceipt receipt, MqttApplicationMessage source, byte[] topic,
        ReadOnlySpan<byte> payload, Timestamp receivedAt, ulong? tag)
    {
        var message = new Message
        {
            Address = topic,
            Payload = payload,
            ReceivedAt = receivedAt,
            Adapter = Name,
            Decoder = _options.Decoder,
            Traits = (source.Retain ? MessageTraits.Retained : MessageTraits.None)
                | (source.Dup ? MessageTraits.PossibleDuplicate : MessageTraits.None),
        };
        return inbox.Post(message, tag.HasValue ? receipt : null, tag ?? 0);
    }

    private string Describe(MqttClientDisconnectedEventArgs args, string otherwise)
    {
        if (args.Reason == MqttClientDisconnectReason.SessionTakenOver)
        {
            _logger.TakenOver(Name, _broker, _options.ClientId);
            return "another client took our id";
        }

        return args.Exception is { } error ? Innermost(error)
            : args.Reason != MqttClientDisconnectReason.NormalDisconnection ? $"the broker says {args.Reason}"
            : otherwise;
    }

    private static string Innermost(Exception error) => error.GetBaseException().Message.TrimEnd('.');

    private static async Task LeaveAsync(IMqttClient client)
    {
        try
        {
            if (client.IsConnected)
            {
                await client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
            }
        }
        catch (Exception error) when (IsLinkError(error))
        {
            // It was on the way out anyway.
        }
    }

    private static void Cancel(CancellationTokenSource source) => _ = CancelAsync(source);

    private static async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The connection is over already.
        }
    }
}
