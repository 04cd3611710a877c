using System.Text.Json;
using IotEvents.Simulator.Cli;
using IotEvents.Simulator.Load;
using IotEvents.Simulator.Recordings;
using IotEvents.Simulator.Replay;
using IotEvents.Simulator.Runs;
using IotEvents.Simulator.Scenarios;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.EndToEnd.Simulator;

public sealed class SimulatorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_OverMosquitto_EveryRowArrivesInOrderWithItsOwnTime()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file,
            ["time,v", .. Enumerable.Range(0, 3000).Select(i => $"{DateTime.UnixEpoch.AddDays(15_000).AddMinutes(i):yyyy-MM-dd HH:mm:ss},{i}.5")], Stop);
        using var broker = await Mosquitto.StartAsync(Stop);
        var arrived = await broker.SubscribeAsync("replay/#", 3000, Stop);
        var options = new ReplayOptions { File = file, Broker = broker.Address, Topic = "replay/x/telemetry" };
        using (var recording = CsvRecording.TryOpen(file, options.Recording, out _))
        {
            var report = await ReplayRun.RunAsync(options, recording!, TimeProvider.System, null, Stop);
            Assert.Equal((3000, 3000, null), (report.Sent, report.Acknowledged, report.Failure));
        }

        var start = 15_000L * 86_400_000;
        Assert.Equal(
            Enumerable.Range(0, 3000).Select(i => $"replay/x/telemetry {{\"ts\":{start + (i * 60_000L)},\"value\":{i}.5}}"), await arrived());
        File.Delete(file);
    }

    [Fact]
    public async Task Load_OverMosquitto_EveryAcknowledgedMessageArrivesAndIsInTheLedger()
    {
        var ledger = Path.GetTempFileName();
        using var broker = await Mosquitto.StartAsync(Stop);
        var arrived = await broker.SubscribeAsync("#", 2000, Stop);
        using var output = new StringWriter();
        string[] args = ["load", "--mqtt", broker.Address.ToString(), "--count", "2000", "--devices", "7", "--connections", "3",
            "--as-fast-as-possible", "--payload-bytes", "200", "--ledger", ledger, "--json"];
        Assert.Equal(0, await SimulatorCommand.RunAsync(args, output, TextWriter.Null, TimeProvider.System, Stop));
        using var report = JsonDocument.Parse(output.ToString());
        Assert.Equal(2000, report.RootElement.GetProperty("acknowledged").GetInt64());
        Assert.Equal(0, report.RootElement.GetProperty("lost").GetInt64());
        Assert.True(report.RootElement.GetProperty("latency_ms").GetProperty("max").GetDouble() > 0);
        var lines = await arrived();
        Assert.Equal((await File.ReadAllLinesAsync(ledger, Stop)).Order(), lines.Select(LedgerLine).Order());
        Assert.All(lines, line => Assert.Equal(200, line.Split(' ')[1].Length));
        File.Delete(ledger);
    }

    [Fact]
    public async Task Load_BrokerKilledBetween_SendsAgainUntilAllIsAcknowledged()
    {
        var ledger = Path.GetTempFileName();
        var broker = await Mosquitto.StartAsync(Stop);
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var progress = new Reached(500, half);
        var options = new LoadOptions { Broker = broker.Address, Count = 2000, Rate = 1000, Devices = 4, Ledger = ledger };
        var running = LoadRun.RunAsync(options, TimeProvider.System, progress, Stop);
        await half.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        broker.Dispose();
        using var second = await Mosquitto.StartAsync(Stop, broker.Address.Port);
        var report = await running;
        Assert.Equal((2000, 2000, 1, null), (report.Sent, report.Acknowledged, report.Reconnects, report.Failure));
        var lines = await File.ReadAllLinesAsync(ledger, Stop);
        Assert.Equal(2000, lines.Distinct().Count());
        Assert.All(Enumerable.Range(1, 500), seq => Assert.Contains($"load-4 {seq}", lines));
        File.Delete(ledger);
    }

    [Fact]
    public async Task Run_DemoOverMosquitto_EveryDeviceSpeaksAndNothingIsLost()
    {
        using var broker = await Mosquitto.StartAsync(Stop);
        var arrived = await broker.SubscribeAsync("#", 14, Stop);
        var targets = new SimulationTargets { MqttEndPoint = broker.Address, For = TimeSpan.FromSeconds(2.5) };
        using var run = SimulationRun.FromScenario(Scenario.BuiltIn("demo"), targets, TimeProvider.System, NullLogger.Instance);
        await run.RunAsync(Stop);
        Assert.Equal(
            ["building/door-1", "building/room-1", "building/room-2", "cold-chain/freezer-1", "cold-chain/freezer-2", "field/pump-1", "field/tank-1"],
            (await arrived()).Select(l => l[..l.IndexOf("/telemetry", StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal));
        var counters = run.Counters;
        Assert.Equal((0, 0, 0), (counters.LinkDown, counters.Full, counters.Waiting));
        Assert.Equal(counters.Produced, counters.Sent + counters.NobodyReads);
    }

    private static string LedgerLine(string line)
    {
        var parts = line.Split(' ', 2);
        using var payload = JsonDocument.Parse(parts[1]);
        return $"{parts[0].Split('/')[0]} {payload.RootElement.GetProperty("seq").GetInt64()}";
    }

    private sealed class Reached(long count, TaskCompletionSource reached) : IProgress<long>
    {
        public void Report(long value)
        {
            if (value >= count)
            {
                reached.TrySetResult();
            }
        }
    }
}
