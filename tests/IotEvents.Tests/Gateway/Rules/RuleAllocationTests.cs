using System.Globalization;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public sealed class RuleAllocationTests
{
    [Theory]
    [InlineData("value > 1000")]
    [InlineData("change > 1000 and value > other")]
    [InlineData("value > 1000 or abs(change) > 500 and not (previous < -5)")]
    public void Judge_SteadyState_AllocatesNothing(string condition)
    {
        var rules = "rules:\n" + string.Concat(Enumerable.Range(0, 10).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"- id: r{i}\n  match: {{ metric: m }}\n  raise: {condition}\n  for: 1m\n  missing: ok\n")));
        var bench = new RuleBench(rules).Read(0, 1, "d/other");
        var series = bench.Series("d/m");
        var readings = new Reading[2000];
        for (var i = 0; i < readings.Length; i++)
        {
            var time = RuleBench.Start + TimeSpan.FromSeconds(i);
            readings[i] = new Reading(series, default, time, time, i % 7);
        }

        bench.Engine.Judge(readings.AsSpan(0, 1000), bench.Outcome);
        var before = GC.GetAllocatedBytesForCurrentThread();
        bench.Engine.Judge(readings.AsSpan(1000), bench.Outcome);
        bench.Engine.Tick(readings[^1].Time, bench.Outcome);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(bench.Outcome.Transitions);
    }
}
