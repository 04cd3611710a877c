using System.Text;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

public sealed class AnomalyKindTests
{
    private const string Rule = "rules:\n- id: r\n  kind: anomaly\n  match: { metric: m }\n";

    [Fact]
    public void Engine_Spike_RaisesAndEnds()
    {
        var bench = new RuleBench(Rule);
        Feed(bench, 0, 1000, 500);
        Assert.Equal("raised@150000, recovered@150300", bench.Log);
        Assert.Matches(
            @"^anomaly: sensitivity 8, window 1d, season auto, direction both, learn 1d, zone UTC.*"
            + @"value \(m\) = 90, [\d.]+ sigmas from the expected [\d.]+, normal from [\d.]+ to [\d.]+, season none",
            bench.Transitions[0].Explanation);
    }

    [Fact]
    public void Engine_WhileLearning_SaysSo()
    {
        var bench = new RuleBench(Rule);
        Feed(bench, 0, 20, 10);
        Assert.Equal("", bench.Log);
        Assert.Contains("still learning", bench.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_SeriesThatNeverMoved_IsNotStillLearning()
    {
        var bench = new RuleBench(Rule);
        for (var i = 0; i <= 300; i++)
        {
            bench.Read(i * 300, 20);
        }

        Assert.Equal("", bench.Log);
        Assert.Contains("0 sigmas from the expected 20, normal from 12 to 28", bench.Explain(), StringComparison.Ordinal);
        Assert.Equal("raised@90300", bench.Read(301 * 300, 2000).Log);
        Assert.Contains("1980 sigmas", bench.Transitions[0].Explanation.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("direction: above\n", "")]
    [InlineData("direction: below\n", "raised@150000, recovered@150300")]
    [InlineData("sensitivity: 1000\n", "")]
    [InlineData("for: 10m\n", "")]
    [InlineData("learn: 5d\n", "")]
    public void Engine_Keys_Matter(string key, string log)
    {
        var bench = new RuleBench(Rule + "  " + key);
        Feed(bench, 0, 1000, 500, -90);
        Assert.Equal(log, bench.Log);
    }

    [Fact]
    public void Engine_RestartAnywhere_ChangesNothing()
    {
        var whole = new RuleBench(Rule);
        Feed(whole, 0, 1400, 700);
        for (var seed = 0; seed < 5; seed++)
        {
            var cut = new RuleBench(Rule);
            var restart = new Random(seed).Next(1, 1400);
            Feed(cut, 0, restart, 700);
            cut.Restart(restart * 300);
            Feed(cut, restart, 1400, 700);
            Assert.True(whole.Log == cut.Log, $"seed {seed}, restart after {restart}: {cut.Log} instead of {whole.Log}");
            Assert.True(whole.Explain() == cut.Explain(), $"seed {seed}, restart after {restart}");
        }

        Assert.Equal("raised@210000, recovered@210300", whole.Log);
    }

    [Fact]
    public void Engine_RestartWithOtherWindow_LearnsAnew()
    {
        var bench = new RuleBench(Rule);
        Feed(bench, 0, 500, 1000);
        bench.Restart(150_000, Rule + "  window: 6h\n");
        Feed(bench, 500, 600, 550);
        Assert.Equal("", bench.Log);
    }

    [Fact]
    public void Engine_StateThatDoesNotFit_KeepsTheAlertAndSaysThatItLearnsAnew()
    {
        var bench = new RuleBench(Rule);
        Feed(bench, 0, 501, 500);
        Assert.Equal("raised@150000", bench.Log);
        var key = Encoding.Latin1.GetString(StateKey.OfInstance("r", "d/m"));
        var state = InstanceState.Read(bench.Stored[key], bench.Catalog[0])!;
        bench.Stored[key] = (state with { Memory = [StateWriter.Version, .. new byte[5000]] }).Write();
        bench.Restart(150_000);
        var line = Assert.Single(bench.Receipt!.Lines);
        Assert.Equal(RuleFate.Kept, line.Fate);
        Assert.Contains("learns anew", line.Why, StringComparison.Ordinal);
        Feed(bench, 501, 502, 1000);
        Assert.Contains("still learning", bench.Explain(), StringComparison.Ordinal);
        Assert.Equal("raised@150000", bench.Log);
    }

    [Fact]
    public void Engine_SteadyState_AllocatesNothing()
    {
        var bench = new RuleBench(Rule);
        var series = bench.Series("d/m");
        var readings = Enumerable.Range(0, 4000).Select(i =>
        {
            var time = RuleBench.Start + (Signals.FiveMinutes * i);
            return new Reading(series, default, time, time, Value(i));
        }).ToArray();
        bench.Engine.Judge(readings.AsSpan(0, 2500), bench.Outcome);
        var before = GC.GetAllocatedBytesForCurrentThread();
        bench.Engine.Judge(readings.AsSpan(2500), bench.Outcome);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(bench.Outcome.Transitions);
    }

    [Theory]
    [InlineData("  raise: value > 5\n", "rules[0].raise", "not known")]
    [InlineData("  season: year\n", "rules[0].season", "not known")]
    [InlineData("  window: 1s\n", "rules[0].window", "out of range")]
    public void Load_WrongKey_IsRefused(string line, string key, string message)
    {
        Assert.Empty(RuleBench.Load(Rule + line, out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.Equal((5, key), (error.Line, error.Key));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutMetric_IsRefused()
    {
        Assert.Empty(RuleBench.Load("rules:\n- id: r\n  kind: anomaly\n  match: { device: d }\n", out var errors).Rules);
        Assert.Equal("rules[0].match", Assert.Single(errors.All).Key);
    }

    // A reading each five minutes: about 20, and one that is not.
    private static void Feed(RuleBench bench, int from, int to, int spikeAt, double spike = 90)
    {
        for (var i = from; i < to; i++)
        {
            bench.Read(i * 300, i == spikeAt ? spike : Value(i));
        }
    }

    private static double Value(int number) => 20 + (Math.Round(Signals.Noise(new Random(number)) * 10) / 10);
}
