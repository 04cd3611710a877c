using System.Text;
using IotEvents.Tests.Simulator.TestKit;
using Xunit;

namespace IotEvents.Tests.Simulator.Faults;

public sealed class FaultTests
{
    private const string Five = "signal: constant, value: 5";
    private const string Rising = "signal: ramp, from: 0, to: 1000, over: 1000s, decimals: 0";

    [Fact]
    public void Dropout_Scripted_SilentFromItsBeginToItsEnd()
    {
        var scenario = TestScenario.One(Rising, "kind: dropout, at: 3s, for: 2s");
        Assert.Equal([0, 1, 2, 5, 6], TestScenario.Values(scenario, 7));
    }

    [Fact]
    public void Dropout_Every_ComesAgain()
    {
        var scenario = TestScenario.One(Rising, "kind: dropout, at: 1s, for: 1s, every: 3s");
        Assert.Equal([0, 2, 3, 5, 6], TestScenario.Values(scenario, 8));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public void Dropout_ByChance_LosesThatPart(double probability)
    {
        var kept = TestScenario.Texts(TestScenario.One(Five, $"kind: dropout, probability: {probability}"), 10_000).Count;
        Assert.InRange(1 - (kept / 10_000.0), probability - 0.015, probability + 0.015);
    }

    [Fact]
    public void Dropout_ByChanceWithLength_LastsThatLong()
    {
        var times = TestScenario.Values(TestScenario.One("signal: ramp, from: 0, to: 100000, over: 100000s, decimals: 0",
            "kind: dropout, probability: 0.002, for: 10s"), 20_000);
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).Where(gap => gap > 1).ToList();
        Assert.InRange(gaps.Count, 15, 60);
        Assert.All(gaps, gap => Assert.True(gap >= 11, $"a gap of {gap} s"));
    }

    [Fact]
    public void Unplug_Scripted_DeviceIsApartAndSilent()
    {
        var scenario = TestScenario.One(Rising, "kind: unplug, at: 2s, for: 2s");
        var device = new IotEvents.Simulator.Fleet.VirtualDevice(scenario.Devices[0], scenario.Faults, scenario.Seed);
        var plugged = new List<(bool, int)>();
        for (var i = 0; i < 5; i++)
        {
            var messages = new List<IotEvents.Simulator.Fleet.SimulatedMessage>();
            device.Next(scenario.Start, messages);
            plugged.Add((device.IsPlugged, messages.Count));
        }

        Assert.Equal([(true, 1), (true, 1), (false, 0), (false, 0), (true, 1)], plugged);
    }

    [Fact]
    public void Stuck_Scripted_HoldsTheValueAndLetsGo()
    {
        Assert.Equal([0, 1, 2, 2, 2, 5, 6], TestScenario.Values(TestScenario.One(Rising, "kind: stuck, at: 2s, for: 3s"), 7));
    }

    [Fact]
    public void Spike_Scripted_JumpsOnce()
    {
        Assert.Equal([5, 5, 105, 5], TestScenario.Values(TestScenario.One(Five, "kind: spike, at: 2s, for: 1s, by: 100"), 4));
    }

    [Fact]
    public void Drift_Scripted_SlidesEvenly()
    {
        var values = TestScenario.Values(TestScenario.One(Five, "kind: drift, at: 0s, per_hour: 3.6"), 3601);
        Assert.Equal(5, values[0]);
        Assert.Equal(5.1, values[100], 0.001);
        Assert.Equal(8.6, values[3600], 0.001);
    }

    [Fact]
    public void Nan_Active_WritesABareNan()
    {
        var texts = TestScenario.Texts(TestScenario.One(Five, "kind: nan, at: 1s, for: 1s"), 3);
        Assert.Equal([false, true, false], texts.Select(t => t.EndsWith("\"v\":NaN}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Garbage_Active_RandomBytesWithinTheLimit()
    {
        var scenario = TestScenario.One(Five, "kind: garbage, at: 0s, bytes_max: 8");
        var payloads = TestScenario.Play(scenario, TimeSpan.FromSeconds(2000)).ConvertAll(m => m.Payload);
        Assert.All(payloads, p => Assert.InRange(p.Length, 1, 8));
        Assert.Contains(payloads, p => p.Length == 1);
        Assert.Contains(payloads, p => p.Length == 8);
        Assert.InRange(payloads.SelectMany(p => p).Distinct().Count(), 250, 256);
    }

    [Fact]
    public void Duplicate_Active_SameBytesAgain()
    {
        var texts = TestScenario.Texts(TestScenario.One(Rising, "kind: duplicate, at: 1s, for: 1s, copies: 2"), 3);
        Assert.Equal(5, texts.Count);
        Assert.Equal(texts[1], texts[2]);
        Assert.Equal(texts[1], texts[3]);
        Assert.NotEqual(texts[3], texts[4]);
    }

    [Fact]
    public void Reorder_Active_OlderMessageComesAfterTheNext()
    {
        var scenario = TestScenario.One(Rising, "kind: reorder, at: 1s, for: 1s");
        Assert.Equal([0, 2, 1, 3], TestScenario.Values(scenario, 4));
        Assert.Equal([0, 2, 1, 3], TestScenario.Texts(scenario, 4).Select(t => TestScenario.SecondsOf(scenario, t)));
    }

    [Fact]
    public void Reorder_ByChance_LosesAndInventsNothing()
    {
        var values = TestScenario.Values(TestScenario.One(Rising, "kind: reorder, probability: 0.2"), 900);
        Assert.Equal(values.Count, values.Distinct().Count());
        Assert.InRange(values.Count, 899, 900); // the last one may still be held back
        Assert.InRange(values.Zip(values.Skip(1)).Count(pair => pair.Second < pair.First), 90, 220);
    }

    [Theory]
    [InlineData("behind", -3600)]
    [InlineData("ahead", 3600)]
    public void ClockSkew_Active_OwnTimeIsOff(string direction, double off)
    {
        var scenario = TestScenario.One(Five, $"kind: clock-skew, at: 1s, for: 1s, offset: 1h, direction: {direction}");
        Assert.Equal([0, 1 + off, 2], TestScenario.Texts(scenario, 3).Select(t => TestScenario.SecondsOf(scenario, t)));
    }

    [Fact]
    public void Fault_OfOneMetric_LeavesTheOthersAlone()
    {
        var scenario = TestScenario.Parse("""
            name: n
            devices: [ { id: d, time: none, metrics: { a: { signal: constant, value: 1, decimals: 0 }, b: { signal: constant, value: 2, decimals: 0 } } } ]
            faults: [ { kind: spike, metric: b, at: 0s, by: 10 } ]
            """);
        Assert.Equal("{\"a\":1,\"b\":12}", Encoding.UTF8.GetString(TestScenario.Play(scenario, TimeSpan.FromSeconds(1))[0].Payload));
    }
}
