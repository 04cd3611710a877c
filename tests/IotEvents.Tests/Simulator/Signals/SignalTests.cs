using IotEvents.Tests.Simulator.TestKit;
using Xunit;

namespace IotEvents.Tests.Simulator.Signals;

public sealed class SignalTests
{
    [Fact]
    public void Constant_AnyTime_SameValue() =>
        Assert.All(TestScenario.Values(TestScenario.One("signal: constant, value: 4.5"), 50), v => Assert.Equal(4.5, v));

    [Fact]
    public void Sine_OnePeriod_ReachesMeanTopAndBottom()
    {
        var values = TestScenario.Values(TestScenario.One("signal: sine, mean: 20, amplitude: 2, period: 40s"), 41);
        Assert.Equal([20, 22, 20, 18, 20], new[] { 0, 10, 20, 30, 40 }.Select(i => values[i]));
        Assert.All(values, v => Assert.InRange(v, 18, 22));
    }

    [Fact]
    public void Sine_PhaseQuarter_StartsAtTheTop() =>
        Assert.Equal(22, TestScenario.Values(TestScenario.One("signal: sine, mean: 20, amplitude: 2, period: 40s, phase: 0.25"), 1)[0]);

    [Fact]
    public void Ramp_AfterItsEnd_Stays()
    {
        var values = TestScenario.Values(TestScenario.One("signal: ramp, from: 10, to: 0, over: 10s"), 15);
        Assert.Equal([10, 9, 1, 0, 0], new[] { 0, 1, 9, 10, 14 }.Select(i => values[i]));
    }

    [Fact]
    public void Sawtooth_AtThePeriod_JumpsBack()
    {
        var values = TestScenario.Values(TestScenario.One("signal: sawtooth, from: 0, to: 10, period: 5s"), 7);
        Assert.Equal([0, 2, 4, 6, 8, 0, 2], values);
    }

    [Fact]
    public void Steps_EachTime_HoldsTheLastStepAndRepeats()
    {
        var values = TestScenario.Values(
            TestScenario.One("signal: steps, initial: 1, steps: [ { at: 2s, to: 5 }, { at: 4s, to: 7 } ], repeat: 6s"), 9);
        Assert.Equal([1, 1, 5, 5, 7, 7, 1, 1, 5], values);
    }

    [Fact]
    public void Curve_BetweenPoints_StraightLine()
    {
        var values = TestScenario.Values(
            TestScenario.One("signal: curve, points: [ { at: 2s, value: 0 }, { at: 6s, value: 8 }, { at: 7s, value: 1 } ]"), 10);
        Assert.Equal([0, 0, 0, 2, 4, 6, 8, 1, 1, 1], values);
    }

    [Fact]
    public void RandomWalk_LongWay_StaysBetweenItsWallsAndReachesBoth()
    {
        var values = TestScenario.Values(TestScenario.One("signal: random-walk, initial: 50, step: 3, min: 40, max: 60, decimals: 4"), 5000);
        Assert.Equal(50, values[0]);
        Assert.All(values, v => Assert.InRange(v, 40, 60));
        Assert.InRange(values.Min(), 40, 40.5);
        Assert.InRange(values.Max(), 59.5, 60);
        var steps = values.Zip(values.Skip(1), (a, b) => b - a).ToList();
        Assert.InRange(Math.Sqrt(steps.Average(s => s * s)), 2.4, 3.2); // walls fold some steps back
    }

    [Fact]
    public void RandomWalk_ShortInterval_SpreadsNoFasterInTime()
    {
        var fast = TestScenario.Parse("""
            name: n
            devices: [ { id: d, interval: 100ms, metrics: { v: { signal: random-walk, step: 1, min: -1000, max: 1000, decimals: 6 } } } ]
            """);
        var values = TestScenario.Values(fast, 2000);
        var second = Enumerable.Range(0, (values.Count / 10) - 1).Select(i => values[(i + 1) * 10] - values[i * 10]);
        Assert.InRange(Math.Sqrt(second.Average(s => s * s)), 0.93, 1.07);
    }

    [Fact]
    public void Noise_ManyValues_HasTheGivenDeviation()
    {
        var values = TestScenario.Values(TestScenario.One("signal: constant, value: 5, noise: 0.5, decimals: 6"), 10_000);
        Assert.InRange(values.Average(), 4.98, 5.02);
        Assert.InRange(Math.Sqrt(values.Average(v => (v - 5) * (v - 5))), 0.485, 0.515);
    }

    [Fact]
    public void Recording_OwnFile_PlaysItsTimesAndBeginsAgain()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "r.csv"), "time,t\n2020-01-01 00:00:00,1\n2020-01-01 00:00:02,2\n2020-01-01 00:00:04,NA\n2020-01-01 00:00:06,4\n");
        var scenario = TestScenario.Parse(
            "name: n\ndevices: [ { id: d, metrics: { v: { signal: recording, file: r.csv } } } ]", Path.Combine(folder, "s.yaml"));
        Assert.Equal([1, 1, 2, 2, 2, 2, 4, 4, 4], TestScenario.Values(scenario, 9));
        Assert.Equal(1, TestScenario.Values(scenario, 11)[10]);
        Directory.Delete(folder, recursive: true);
    }
}
