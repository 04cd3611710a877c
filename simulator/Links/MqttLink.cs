using System.Net;
using System.Threading.Channels;
using IotEvents.Simulator.Fleet;
using IotEvents.Simulator.Runs;
using Microsoft.Extensions.Logging;
using MQTTnet;

namespace IotEvents.Simulator.Links;

/// <summary>One MQTT connection of one device, or of several that share it. What cannot be sent is lost and counted, as with devices.</summary>
internal sealed partial class MqttLink : IDeviceLink
{
    private const int WaitingMax = 1024;
    private const int InFlightMax = 256;

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<SimulatedMessage> _waiting = Channel.CreateBounded<SimulatedMessage>(WaitingMax);
    private readonly SemaphoreSlim _inFlight = new(InFlightMax);
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _firstUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EndPoint _broker;
    private readonly string _clientId;
    private readonly SimulationCounters _counters;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile IMqttClient? _client;
    private volatile bool _plugged = true;

    public MqttLink(EndPoint broker, string clientId, SimulationCounters counters, TimeProvider clock, ILogger logger) =>
        (_broker, _clientId, _counters, _clock, _logger) = (broker, clientId, counters, clock, logger);

    public Task FirstUp => _firstUp.Task;

    public WriteOutcome Write(SimulatedMessage message)
    {
        if (_client is not { IsConnected: true })
        {
            return WriteOutcome.Down;
        }

        if (!_waiting.Writer.TryWrite(message))
        {
            return WriteOutcome.Full;
        }

        _counters.CountWaiting(1);
        return WriteOutcome.Written;
    }

    public void SetPlugged(bool plugged)
    {
        if (plugged == _plugged)
        {
            return;
        }

        _plugged = plugged;
        if (plugged)
        {
            _wake.Release();
        }
        else
        {
            _client?.Dispose(); // no DISCONNECT: the broker sees a broken connection, as when a cable is pulled
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var sending = SendAsync(stop);
        try
        {
            await KeepConnectedAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        _waiting.Writer.Complete();
        await sending;
    }

    public void Dispose()
    {
        _client?.Dispose();
        _inFlight.Dispose();
        _wake.Dispose();
    }

    private async Task KeepConnectedAsync(CancellationToken stop)
    {
        var pause = new ReconnectPause();
        while (true)
        {
            while (!_plugged)
            {
                await _wake.WaitAsync(stop);
            }

            if (await ConnectAsync(stop) is { } lost)
            {
                pause.Reset();
                await lost.WaitAsync(stop);
                LogLost(_clientId);
            }

            await Task.Delay(pause.Next(), _clock, stop);
        }
    }

    /// <returns>A task that completes when the connection is lost; null when there was none to be had.</returns>
    private async Task<Task?> ConnectAsync(CancellationToken stop)
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = MqttDoor.NewClient();
        client.DisconnectedAsync += _ =>
        {
            lost.TrySetResult();
            return Task.CompletedTask;
        };
        try
        {
            await client.ConnectAsync(MqttDoor.Options(_broker, _clientId), stop);
        }
        catch (Exception error) when (PublishFailure.IsOfTheWorld(error, stop))
        {
            client.Dispose();
            LogRefused(_clientId, error.Message);
            return null;
        }

        _client?.Dispose();
        _client = client;
        if (!_firstUp.TrySetResult())
        {
            _counters.CountReconnect();
        }

        return _plugged ? lost.Task : Task.CompletedTask;
    }

    private async Task SendAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource();
        await using var atStop = stop.Register(() => limit.CancelAfter(DrainLimit));
        await foreach (var message in _waiting.Reader.ReadAllAsync(CancellationToken.None))
        {
            await _inFlight.WaitAsync(CancellationToken.None);
            _ = PublishAsync(message, limit.Token);
        }

        for (var i = 0; i < InFlightMax; i++)
        {
            await _inFlight.WaitAsync(CancellationToken.None);
        }
    }

    private async Task PublishAsync(SimulatedMessage message, CancellationToken limit)
    {
        try
        {
            var device = message.Device.Scenario;
            var publish = MqttDoor.Message(message.Address, message.Payload, device.QoS, device.Retain);
            await _client!.PublishAsync(publish, limit);
            _counters.CountSent();
        }
        catch (Exception error) when (error is OperationCanceledException || PublishFailure.IsOfTheWorld(error, limit))
        {
            _counters.CountDropped(WriteOutcome.Down);
        }
        finally
        {
            _counters.CountWaiting(-1);
            _inFlight.Release();
        }
    }

    [LoggerMessage(7001, LogLevel.Information, "MQTT connection of {Client} is lost; trying again")]
    private partial void LogLost(string client);

    [LoggerMessage(7002, LogLevel.Debug, "MQTT connection of {Client} is refused: {Reason}")]
    private partial void LogRefused(string client, string reason);
}
