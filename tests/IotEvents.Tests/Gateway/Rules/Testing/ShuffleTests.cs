using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Testing;

public sealed class ShuffleTests
{
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(30);

    private const string Failing = "every: 5s\nseries: { d/temperature degC: \"(4 x10, 85, 4 x3, 20, 40, 60, 80, 85 x2, 80, 60, 40) x10\" }\nexpect: []";

    private readonly RuleTestBench _bench = new();

    [Fact]
    public void Shuffled_EverySeed_KeepsReadingsAndBound()
    {
        var test = _bench.Read("series: { a/temperature degC: 0..99 x100, b/temperature degC: 0..99 x100 }\nexpect: []");
        for (var seed = 0; seed < 50; seed++)
        {
            var arrivals = Arrival.Shuffled(test, Lateness, seed);
            Assert.True(arrivals.Zip(arrivals.Skip(1)).All(pair => pair.First.ReceivedAt <= pair.Second.ReceivedAt), $"seed {seed}");
            Assert.All(arrivals, it => Assert.InRange(it.ReceivedAt - test.Start - it.Reading.At, TimeSpan.Zero, Lateness));
            Assert.Equal(
                Arrival.Of(test).OrderBy(it => (it.Series, it.Reading.At)).Select(it => (it.Series, it.Reading)),
                arrivals.OrderBy(it => (it.Series, it.Reading.At)).Select(it => (it.Series, it.Reading)));
            Assert.True(arrivals.Zip(arrivals.Skip(1)).Any(pair => pair.First.Reading.At > pair.Second.Reading.At), $"seed {seed}: nothing moved");
        }
    }

    [Fact]
    public void Shuffled_SameSeed_SameOrder()
    {
        var test = _bench.Read("series: { a/temperature degC: 0..99 x100 }\nexpect: []");
        Assert.Equal(Arrival.Shuffled(test, Lateness, 7), Arrival.Shuffled(test, Lateness, 7));
        Assert.NotEqual(Arrival.Shuffled(test, Lateness, 7), Arrival.Shuffled(test, Lateness, 8));
    }

    [Fact]
    public void Shuffled_ReadingThatIsLateAlready_KeepsItsTime()
    {
        var test = _bench.Read("series: { a/temperature degC: 1 x20 late 5m }\nexpect: []");
        Assert.Equal(Arrival.Of(test), Arrival.Shuffled(test, Lateness, 1));
    }

    [Fact]
    public void RunShuffled_ReadingsThatCannotOvertake_SameAlerts()
    {
        var test = _bench.Read("every: 30s\nseries: { d/temperature degC: \"(0, 20 x3, 60, 0) x20\" }\nexpect: []");
        var results = RuleTestJudge.RunShuffled(test, _bench.Bed, new RuleEngineOptions { Lateness = Lateness }, Lateness, [1, 2, 3]).ToList();
        Assert.Equal([1, 2, 3], results.Select(it => it.Seed));
        Assert.All(results, it => Assert.True(it.Passed, $"seed {it.Seed}\n{RuleTestBench.Differences(it)}"));
        Assert.NotEmpty(results[0].Rows);
    }

    [Fact]
    public void RunShuffled_EngineThatWaitsLongEnough_SameAlerts()
    {
        var test = _bench.Read("every: 5s\nseries: { d/temperature degC: \"(4, 20 x7, 60, 4) x20\" }\nexpect: []");
        var results = RuleTestJudge.RunShuffled(
            test, _bench.Bed, new RuleEngineOptions { Lateness = Lateness }, Lateness, Enumerable.Range(0, 50)).ToList();
        Assert.All(results, it => Assert.True(it.Passed, $"seed {it.Seed}\n{RuleTestBench.Differences(it)}"));
        Assert.True(results[0].Rows.Count >= 80, $"{results[0].Rows.Count} alerts");
    }

    [Fact]
    public void RunShuffled_SensorThatFails_SameAlerts()
    {
        // In order 85 °C is near 80, or it is none; out of order it may come before what makes it so.
        var test = _bench.Read(Failing);
        var options = _bench.Bed.Options with { Lateness = Lateness };
        var results = RuleTestJudge.RunShuffled(test, _bench.Bed, options, Lateness, Enumerable.Range(0, 50)).ToList();
        Assert.All(results, it => Assert.True(it.Passed, $"seed {it.Seed}\n{RuleTestBench.Differences(it)}"));
        Assert.True(results[0].Rows.Count >= 10, $"{results[0].Rows.Count} alerts");

        // The control: by the marks they come with, it is not so.
        var trusting = RuleTestJudge.RunShuffled(test, _bench.Bed, options with { SecondLook = null }, Lateness, Enumerable.Range(0, 50));
        Assert.Contains(trusting, it => !it.Passed);
    }

    [Fact]
    public void RunShuffled_EngineThatWaitsForNothing_IsFoundOut()
    {
        // The control: without waiting, younger readings make older ones late, and other alerts come.
        var test = _bench.Read("every: 5s\nseries: { d/temperature degC: \"(4, 20 x7, 60, 4) x20\" }\nexpect: []");
        var results = RuleTestJudge.RunShuffled(test, _bench.Bed, new RuleEngineOptions(), Lateness, [1, 2, 3]);
        Assert.All(results, it => Assert.False(it.Passed, $"seed {it.Seed}"));
    }
}
