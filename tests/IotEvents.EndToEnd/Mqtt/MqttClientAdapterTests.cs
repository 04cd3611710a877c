using System.Collections.Concurrent;
using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Mqtt;
using IotEvents.EndToEnd.TestKit;
using IotEvents.Tests.Gateway.Ingest.Mqtt;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IotEvents.EndToEnd.Mqtt;

/// <summary>The client adapter with a real mosquitto, and with ourselves.</summary>
public sealed class MqttClientAdapterTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Run_MessagesNotCommitted_ComeAgainAndCommittedOnesDoNot(int level)
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        var held = new TestInbox { Holds = true };
        await using (var first = await RunningAdapter.StartAsync(mosquitto.Port, held, level))
        {
            await mosquitto.PublishAsync("site/a", "1");
            await mosquitto.PublishAsync("site/a", "2");
            await held.WaitForAsync(2);
        }

        var second = new TestInbox { Holds = true };
        await using (var adapter = await RunningAdapter.StartAsync(mosquitto.Port, second, level))
        {
            await second.WaitForAsync(2);
            Assert.Equal(["1", "2"], second.Messages.Select(message => message.Payload));
            Assert.All(second.Messages, message => Assert.Equal(MessageTraits.PossibleDuplicate, message.Traits));
            second.Commit();
            await mosquitto.WaitForLogAsync("PUBACK");
            await mosquitto.WaitForLogAsync("PUBACK");
        }

        var third = new TestInbox();
        await using (var adapter = await RunningAdapter.StartAsync(mosquitto.Port, third, level))
        {
            await mosquitto.PublishAsync("site/a", "3");
            await third.WaitForAsync(1);
            Assert.Equal("3", Assert.Single(third.Messages).Payload);
        }
    }

    [Fact]
    public async Task Run_BrokerRestarts_ReconnectsAndGoesOn()
    {
        var inbox = new TestInbox();
        var mosquitto = await Mosquitto.StartAsync();
        await using var adapter = await RunningAdapter.StartAsync(mosquitto.Port, inbox, 5);
        await mosquitto.PublishAsync("site/a", "before");
        await inbox.WaitForAsync(1);
        var port = mosquitto.Port;
        await mosquitto.DisposeAsync();
        await adapter.WaitAsync(connected: false);
        await using var again = await Mosquitto.StartAsync(port);
        await adapter.WaitAsync(connected: true);
        await again.PublishAsync("site/a", "after");
        await inbox.WaitForAsync(2);
        Assert.Equal(["before", "after"], inbox.Messages.Select(message => message.Payload));
    }

    [Fact]
    public async Task Run_RetainedMessage_IsMarkedAsLastKnownValue()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await mosquitto.PublishAsync("site/a", "old", "-r");
        var inbox = new TestInbox();
        await using var adapter = await RunningAdapter.StartAsync(mosquitto.Port, inbox, 5);
        await inbox.WaitForAsync(1);
        await mosquitto.PublishAsync("site/a", "new");
        await inbox.WaitForAsync(2);
        Assert.Equal([MessageTraits.Retained, MessageTraits.None], inbox.Messages.Select(message => message.Traits));
    }

    [Fact]
    public async Task Run_StoreFails_ReconnectsAndGetsTheMessageAgain()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        var inbox = new TestInbox { Outcome = DeliveryOutcome.Failed };
        await using var adapter = await RunningAdapter.StartAsync(mosquitto.Port, inbox, 5);
        await mosquitto.PublishAsync("site/a", "1");
        await inbox.WaitForAsync(1);
        inbox.Outcome = DeliveryOutcome.Stored;
        await inbox.WaitForAsync(2);
        Assert.All(inbox.Messages, message => Assert.Equal("1", message.Payload));
    }

    [Fact]
    public async Task Run_AnotherClientTakesTheId_SaysSo()
    {
        await using var broker = await RunningBroker.StartAsync();
        var inbox = new TestInbox();
        await using var adapter = await RunningAdapter.StartAsync(broker.EndPoint.Port, inbox, 5);
        using var thief = await broker.ConnectAsync("iotevents-site", 5);
        await adapter.WaitForLogAsync("another client with the id iotevents-site");
    }

    private sealed class RunningAdapter : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ListLogger _log = new();
        private readonly MqttClientAdapter _adapter;
        private readonly Task _run;

        private RunningAdapter(int port, TestInbox inbox, int level)
        {
            var options = new MqttClientAdapterOptions
            {
                Name = "site",
                ClientId = "iotevents-site",
                Url = new Uri($"mqtt://127.0.0.1:{port}"),
                Topics = ["site/#"],
                ProtocolLevel = level,
            };
            _adapter = new MqttClientAdapter(options, TimeProvider.System, new Random(1), _log);
            _run = _adapter.RunAsync(inbox, _stop.Token);
        }

        public static async Task<RunningAdapter> StartAsync(int port, TestInbox inbox, int level)
        {
            var running = new RunningAdapter(port, inbox, level);
            await running.WaitAsync(connected: true);
            return running;
        }

        public Task WaitAsync(bool connected) => UntilAsync(() => _adapter.IsConnected == connected, $"connected: {connected}");

        public Task WaitForLogAsync(string text) =>
            UntilAsync(() => _log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), text);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run.WaitAsync(TimeSpan.FromSeconds(20));
            _stop.Dispose();
        }

        private async Task UntilAsync(Func<bool> condition, string what)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (!condition())
            {
                Assert.False(patience.IsCancellationRequested, $"{what} did not come; log: {string.Join('\n', _log.Lines)}");
                await tick.WaitForNextTickAsync();
            }
        }
    }

    private sealed class ListLogger : ILogger<MqttClientAdapter>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }

    private sealed class Mosquitto : IAsyncDisposable
    {
        private readonly PeerProcess _process;
        private readonly string _file;

        private Mosquitto(PeerProcess process, int port, string file) => (_process, Port, _file) = (process, port, file);

        public int Port { get; }

        public static async Task<Mosquitto> StartAsync(int port = 0)
        {
            port = port > 0 ? port : FreePort.Next();
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, $"listener {port} 127.0.0.1\nallow_anonymous true\n");
            var process = PeerProcess.Start("mosquitto", "-v", "-c", file);
            await process.WaitForLineAsync("running");
            return new Mosquitto(process, port, file);
        }

        public async Task PublishAsync(string topic, string payload, params string[] more) => Assert.Equal(0, await PeerProcess.RunAsync(
            "mosquitto_pub",
            ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-q", "1", "-t", topic, "-m", payload, .. more]));

        public Task<string> WaitForLogAsync(string text) => _process.WaitForLineAsync($"Received {text} from iotevents-site");

        public async ValueTask DisposeAsync()
        {
            await _process.DisposeAsync();
            File.Delete(_file);
        }
    }
}
