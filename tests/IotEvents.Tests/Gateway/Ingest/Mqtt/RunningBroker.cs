using System.Net;
using IotEvents.Gateway.Ingest.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

/// <summary>A broker on a free port of loopback, with an inbox in memory.</summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private RunningBroker(MqttBroker broker, TestInbox inbox)
    {
        (Broker, Inbox) = (broker, inbox);
        _run = broker.RunAsync(inbox, _stop.Token);
    }

    public MqttBroker Broker { get; }

    public TestInbox Inbox { get; }

    public IPEndPoint EndPoint => Broker.EndPoint!;

    public MqttBrokerStatus Status => Broker.Status;

    public static async Task<RunningBroker> StartAsync(
        TestInbox? inbox = null, MqttBrokerOptions? options = null, TimeProvider? clock = null)
    {
        options = (options ?? new MqttBrokerOptions()) with { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var running = new RunningBroker(
            new MqttBroker(options, clock ?? TimeProvider.System, NullLogger<MqttBroker>.Instance), inbox ?? new TestInbox());
        await running.Broker.Ready.WaitAsync(TimeSpan.FromSeconds(10));
        return running;
    }

    public Task<RawClient> ConnectAsync(string id = "test", int version = 4, bool clean = true) =>
        RawClient.ConnectAsync(EndPoint, id, version, clean);

    /// <summary>Asserts that a fresh client is served.</summary>
    public async Task AssertServesAsync()
    {
        using var client = await ConnectAsync("healthy");
        Assert.NotNull(await client.PingAsync());
    }

    /// <summary>Waits until the broker has counted a connection's end.</summary>
    public async Task WaitForClosedAsync(MqttCloseReason reason, long count = 1)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (Status.Closed[(int)reason] < count)
        {
            Assert.False(patience.IsCancellationRequested,
                $"{reason} was not counted; closed: {string.Join(' ', Status.Closed)}");
            await Task.Yield();
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
