using IotEvents.Gateway.Events;
using IotEvents.Simulator.Fleet;
using IotEvents.Tests.Simulator.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Cadence;

/// <summary>The simulator's devices, judged by the rule engine in virtual time.</summary>
public sealed class CadenceSimulatorTests
{
    private const double Day = 86_400;

    private const string Yaml = """
        name: fleet
        seed: 21
        devices:
          - { id: "good-{1..6}", interval: 1m, jitter: 5s, metrics: { m: { value: 1 } } }
          - { id: dead, interval: 1m, jitter: 5s, metrics: { m: { value: 1 } } }
          - { id: away, interval: 1m, jitter: 5s, metrics: { m: { value: 1 } } }
        faults:
          - { kind: dropout, probability: 0.03 }
          - { kind: dropout, device: dead, at: 9d }
          - { kind: unplug, device: away, at: 7d, for: 3h }
        """;

    [Fact]
    public void Fleet_WithLostMessages_OnlyWhoIsGoneIsAbsent()
    {
        var scenario = TestScenario.Parse(Yaml);
        var bench = new RuleBench(RuleBench.One("value > 75", "missing: alert"));
        var fleet = new VirtualFleet(scenario);
        var messages = new List<SimulatedMessage>();
        while (fleet.DueAt < TimeSpan.FromDays(14))
        {
            var device = fleet.Take();
            bench.Tick(device.DueAt.TotalSeconds);
            device.Next(scenario.Start + device.DueAt, messages);
            fleet.Return(device);
            foreach (var message in messages)
            {
                bench.Read((message.Time - scenario.Start).TotalSeconds, 1, $"{message.Device.Scenario.Id}/m");
            }

            messages.Clear();
        }

        var seen = bench.Transitions.Select(it => (it.Series.Device, it.Kind)).ToList();
        Assert.Equal(
            [("away", TransitionKind.Raised), ("away", TransitionKind.Ended), ("dead", TransitionKind.Raised)], seen);
        Assert.InRange((bench.Transitions[0].Time - RuleBench.Start).TotalSeconds - (7 * Day), 180, 900);
        Assert.InRange((bench.Transitions[1].Time - RuleBench.Start).TotalSeconds - (7 * Day), 3 * 3600, (3 * 3600) + 300);
        Assert.InRange((bench.Transitions[2].Time - RuleBench.Start).TotalSeconds - (9 * Day), 180, 900);
    }
}
