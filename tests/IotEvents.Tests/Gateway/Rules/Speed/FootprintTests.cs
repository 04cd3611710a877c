using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Speed;

/// <summary>What a rule takes for each series it judges. Counted in bytes allocated, which are more than stay.</summary>
public sealed class FootprintTests
{
    private const int Devices = 100;
    private const int RulesOfEach = 10;

    /// <summary>The bound for each instance; 10,000 rules that judge 100 series each fit into 5 GB with it.</summary>
    private const int BytesMax = 5 * 1024;

    /// <summary>The exception: a season of a week beside one of a day takes the means of 744 times of them.</summary>
    private const int SeasonsBytesMax = 9500;

    [Theory]
    [InlineData("raise: value > {0}, clear: value < 70, for: 5m")]
    [InlineData("levels: [ {{ severity: info, raise: value > {0} }}, {{ severity: critical, raise: value > 1{0} }} ]")]
    [InlineData("kind: absence, after: 1h")]
    [InlineData("kind: absence")]
    [InlineData("kind: stuck, after: 1h")]
    [InlineData("kind: change, by: {0}, within: 10m")]
    [InlineData("raise: avg_over_time(10m) > {0}")]
    [InlineData("kind: states, states: {{ idle: {{ on: [ {{ when: value > {0}, to: busy }} ] }}, "
        + "busy: {{ on: [ {{ when: value < 70, to: idle }}, {{ after: 2h, to: long }} ] }}, long: {{ severity: warning }} }}")]
    [InlineData("kind: anomaly, season: none")]
    [InlineData("kind: anomaly, season: day")]
    [InlineData("kind: anomaly", SeasonsBytesMax)]
    public void Instance_WithItsShareOfTheSeries_HasABound(string rule, int bytesMax = BytesMax)
    {
        // Once for what a process makes only once.
        _ = Allocated(rule, devices: 1);
        var each = (Allocated(rule, Devices) - Allocated(rule, devices: 1)) / ((Devices - 1) * RulesOfEach);
        Assert.InRange(each, 100, bytesMax);
    }

    // Up to a window of 60 points.
    private static long Allocated(string rule, int devices)
    {
        var rules = "rules:\n" + string.Concat(Enumerable.Range(80, RulesOfEach).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"- {{ id: r{i}, match: {{ metric: m }}, {string.Format(CultureInfo.InvariantCulture, rule, i)} }}\n")));
        var bench = new RuleBench(rules);
        for (var device = 0; device < devices; device++)
        {
            bench.Series($"d{device}/m");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        bench.Engine.Restore([], RuleBench.Start, bench.Outcome);
        Span<Reading> reading = stackalloc Reading[1];
        for (var i = 0; i < 61; i++)
        {
            var time = RuleBench.Start + TimeSpan.FromSeconds(i * 10);
            for (var series = 0; series < devices; series++)
            {
                reading[0] = new Reading(series, Quality.Good, time, time, 20 + (i % 7));
                bench.Engine.Judge(reading, bench.Outcome);
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
