using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Speed;

/// <summary>What a rule takes for a series that it judges, the series included: the bytes that stay.</summary>
/// <remarks>Alone, because the memory is that of the whole process.</remarks>
[Collection(nameof(Alone))]
public sealed class FootprintTests
{
    private const int Devices = 1000;

    /// <summary>The bound for each instance; 10,000 rules that judge 100 series each fit into 5 GB with it.</summary>
    private const int BytesMax = 5 * 1024;

    [Theory]
    [InlineData("raise: value > 80, clear: value < 70, for: 5m")]
    [InlineData("levels: [ { severity: info, raise: value > 70 }, { severity: warning, raise: value > 80 }, { severity: critical, raise: value > 90 } ]")]
    [InlineData("raise: value > 80 and avg_over_time(10m) > 70")]
    [InlineData("raise: avg_over_time(10m) > 80")]
    [InlineData("kind: change, by: 80, within: 10m")]
    [InlineData("kind: absence, after: 1h")]
    [InlineData("kind: absence")]
    [InlineData("kind: stuck, after: 1h")]
    [InlineData("kind: states, states: { idle: { on: [ { when: value > 80, to: busy } ] }, "
        + "busy: { on: [ { when: value < 70, to: idle }, { after: 2h, to: long } ] }, long: { severity: warning } }")]
    public void Instance_WithASeriesOfItsOwn_HasABound(string rule) =>
        Assert.InRange(Held(rule, readings: 61, TimeSpan.FromSeconds(10)), 300, BytesMax);

    [Theory]
    [InlineData("none")]
    [InlineData("day")]
    [InlineData("week")]
    [InlineData("auto")]
    public void Anomaly_ThatKnowsFourWeeks_HasTheSameBound(string season) =>
        Assert.InRange(Held($"kind: anomaly, season: {season}", readings: 28 * 8, TimeSpan.FromHours(3)), 1000, BytesMax);

    private static long Held(string rule, int readings, TimeSpan step)
    {
        // Once for what a process makes only once.
        Judge(Bench(rule, devices: 1), readings, step);
        var bench = Bench(rule, Devices);
        var before = MemoryThatStays();
        Judge(bench, readings, step);
        bench.Engine.TakeCheckpoint();
        var held = MemoryThatStays() - before;
        Assert.Equal(Devices, bench.Engine.Instances.Count);
        return held / Devices;
    }

    // What other tests have left to finalizers would go between the two looks and hide what is measured.
    private static long MemoryThatStays()
    {
        for (var (round, last) = (0, long.MaxValue); ; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var now = GC.GetTotalMemory(forceFullCollection: true);
            if (Math.Abs(last - now) < 10_000 || round == 10)
            {
                return now;
            }

            last = now;
        }
    }

    private static RuleBench Bench(string rule, int devices)
    {
        var bench = new RuleBench($"rules:\n- {{ id: r, match: {{ metric: m }}, {rule} }}\n");
        for (var device = 0; device < devices; device++)
        {
            bench.Series($"d{device}/m");
        }

        return bench;
    }

    private static void Judge(RuleBench bench, int readings, TimeSpan step)
    {
        Span<Reading> reading = stackalloc Reading[1];
        for (var i = 0; i < readings; i++)
        {
            var time = RuleBench.Start + (step * i);
            for (var series = 0; series < bench.Catalog.Count; series++)
            {
                reading[0] = new Reading(series, Quality.Good, time, time, 20 + ((series + i) % 7) + (i % 24));
                bench.Engine.Judge(reading, bench.Outcome);
            }
        }

        Assert.Empty(bench.Outcome.Transitions);
    }
}
