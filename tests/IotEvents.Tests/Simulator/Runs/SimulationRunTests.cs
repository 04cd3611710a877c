using System.IO.Ports;
using IotEvents.Simulator.Runs;
using IotEvents.Tests.Simulator.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Simulator.Runs;

public sealed class SimulationRunTests
{
    [Fact]
    public async Task RunAsync_SerialDevice_LinesCanBeReadAndEverythingIsCounted()
    {
        var scenario = TestScenario.Parse("""
            name: n
            devices: [ { id: d, transport: serial, payload: kv, interval: 10ms, metrics: { v: { value: 1.5, decimals: 1 } } } ]
            """);
        using var run = SimulationRun.FromScenario(scenario, new SimulationTargets(), TimeProvider.System, NullLogger.Instance);
        run.Start();
        using var stop = new CancellationTokenSource();
        var playing = run.RunAsync(stop.Token);
        using (var port = new SerialPort(Assert.Single(run.SerialPaths), 9600) { ReadTimeout = 5000, NewLine = "\n" })
        {
            port.Open();
            Assert.Equal("v=1.5", port.ReadLine());
            Assert.Equal("v=1.5", port.ReadLine());
        }

        await stop.CancelAsync();
        await playing.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var counters = run.Counters;
        Assert.True(counters.Sent >= 2);
        Assert.Equal(counters.Produced, counters.Sent + counters.NobodyReads + counters.Full + counters.LinkDown + counters.Waiting);
        Assert.Equal(0, counters.Waiting);
    }

    [Fact]
    public async Task RunAsync_For_EndsByItself()
    {
        var scenario = TestScenario.Parse("name: n\ndevices: [ { id: d, transport: serial, interval: 10ms, metrics: { v: { } } } ]");
        var targets = new SimulationTargets { For = TimeSpan.FromMilliseconds(500), Speed = 10 };
        using var run = SimulationRun.FromScenario(scenario, targets, TimeProvider.System, NullLogger.Instance);
        await run.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(500, run.Counters.Produced);
        Assert.Equal(500, run.Counters.NobodyReads);
    }

    [Fact]
    public void FromScenario_NoBrokerForMqttDevices_IsRefused()
    {
        var scenario = TestScenario.Parse("name: n\ndevices: [ { id: d, metrics: { v: { } } } ]");
        Assert.Throws<ArgumentException>(() =>
            SimulationRun.FromScenario(scenario, new SimulationTargets(), TimeProvider.System, NullLogger.Instance));
    }
}
