using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>
/// The embedded MQTT broker, 3.1.1 and 5.0, over TCP and WebSocket: what devices publish goes to the inbox, is acknowledged when
/// the journal has it, and is passed on to whoever subscribes.
/// </summary>
/// <remarks>
/// Retained messages and sessions live in memory: they survive a client's absence, not the gateway's restart. What was
/// acknowledged does survive it: it is in the journal.
/// </remarks>
public sealed class MqttBroker : IDeviceAdapter
{
    private const int Backlog = 512;
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(30);

    private readonly MqttBrokerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly MqttBrokerCounters _counters = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MqttBrokerRun? _run;

    /// <summary>Makes a broker; nothing is opened before <see cref="RunAsync"/>.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="clock">The gateway's clock.</param>
    /// <param name="logger">Life cycle at Information, single connections at Debug.</param>
    public MqttBroker(MqttBrokerOptions options, TimeProvider clock, ILogger<MqttBroker> logger) =>
        (_options, _clock, _logger) = (options, clock, logger);

    /// <summary><c>broker</c>.</summary>
    public string Name => "broker";

    /// <summary>The address it listens on, with the port that was found free; null before <see cref="Ready"/>.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    /// <summary>Completes when connections are accepted for the first time; fails (<see cref="IOException"/>) when they cannot be.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The figures now. Any thread.</summary>
    public MqttBrokerStatus Status =>
        _run?.Status ?? _counters.Read([], new RetainedBudget(_options.RetainedMax, _options.RetainedBytesMax));

    /// <inheritdoc/>
    public async Task RunAsync(IInbox inbox, CancellationToken stop)
    {
        using var listener = await ListenAsync(stop);
        if (listener is null)
        {
            return;
        }

        using var run = new MqttBrokerRun(new MqttBrokerContext(Name, _options, inbox, _clock, _counters), _logger);
        await run.StartAsync();
        _run = run;
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _logger.Listens(EndPoint);
        _ready.TrySetResult();
        try
        {
            await Task.WhenAll(AcceptAsync(listener, run, stop), run.WatchAsync(stop));
        }
        finally
        {
            listener.Close();
            _run = null;
            await run.StopAsync();
        }
    }

    /// <summary>Serves one MQTT connection over a WebSocket that was accepted with the subprotocol <c>mqtt</c>.</summary>
    /// <param name="socket">The socket; stays the caller's to dispose.</param>
    /// <param name="remote">Where the client is; null when unknown, which counts as another computer.</param>
    /// <param name="stop">Ends the connection.</param>
    /// <returns>Completes when the connection is over.</returns>
    public async Task ServeAsync(WebSocket socket, IPEndPoint? remote, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (_run is { } run)
        {
            await run.ServeAsync(new WebSocketTransport(socket, remote, stop));
        }
        else
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "the broker is not running", stop);
        }
    }

    /// <summary>Hands a message of the gateway's own to whoever subscribes. It never comes back into the inbox.</summary>
    /// <param name="topic">A topic name without wildcards.</param>
    /// <param name="payload">The payload; empty with <paramref name="retain"/> removes the topic's retained message.</param>
    /// <param name="retain">Keep it as the topic's last value.</param>
    /// <returns>Completes when it stands in the subscribers' queues. Nothing happens while the broker does not run.</returns>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain) =>
        _run?.PublishAsync(topic, payload, retain) ?? Task.CompletedTask;

    private async Task<Socket?> ListenAsync(CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(250);
        while (!stop.IsCancellationRequested)
        {
            var listener = new Socket(_options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.Bind(_options.Listen);
                listener.Listen(Backlog);
                return listener;
            }
            catch (SocketException error)
            {
                listener.Dispose();
                RefuseStart(error);
                _logger.CannotListen(_options.Listen, error.Message);
            }

            if (!await PauseAsync(pause, stop))
            {
                break;
            }

            pause = pause * 2 < RetryMax ? pause * 2 : RetryMax;
        }

        return null;
    }

    // At the start somebody is there to read it and to choose another port; later only patience helps.
    private void RefuseStart(SocketException error)
    {
        if (!_ready.Task.IsCompleted)
        {
            _ready.SetException(new IOException(
                $"MQTT cannot listen on {_options.Listen} ({error.Message}); stop the program that uses it, "
                + "or choose another address with mqtt.broker.listen", error));
        }
    }

    private async Task AcceptAsync(Socket listener, MqttBrokerRun run, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(stop);
                if (TcpTransport.TryOpen(socket, _clock) is { } transport)
                {
                    _ = run.ServeAsync(transport);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException error)
            {
                // No descriptors left, or the peer left the queue: neither is a reason to stop listening.
                _logger.CannotAccept(error.Message);
                await PauseAsync(TimeSpan.FromMilliseconds(100), stop);
            }
        }
    }

    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, _clock, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
