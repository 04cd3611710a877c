using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Speed;

/// <summary>Rules that cannot change their verdict on a value are not asked. Counted, not timed.</summary>
public sealed class QuietBandTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void Judge_QuietValues_AskNoRuleHoweverManyThereAre(int count)
    {
        var bench = new RuleBench(Thresholds(count));
        Assert.Equal(count, Asked(bench, () => bench.Read(0, 20)));
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 1, 500, i => i % 50)));
        Assert.Equal(count, Asked(bench, () => bench.Read(600, 1e6)));
    }

    [Theory]
    [InlineData("value > 80 and value < 200")]
    [InlineData("value > 80 or value < -20")]
    [InlineData("not (value < 80)")]
    [InlineData("value between 80 and 90")]
    [InlineData("value > max")]
    [InlineData("value > 2 * half")]
    [InlineData("value > 80 % of whole")]
    [InlineData("value > 176 degF")]
    [InlineData("label.site == \"kiel\" and value > 80")]
    [InlineData("label.site == \"kiel\" and avg_over_time(10m) > 70")]
    [InlineData("value > 80 and avg_over_time(10m) > 70")]
    [InlineData("avg_over_time(10m) > 70 and change > 3 and value > 80")]
    [InlineData("value > 80 and other > 5")]
    [InlineData("value < 80 or rate(5m) > 3 °C/s")]
    [InlineData("not (value < 80 or change < 3)")]
    public void Judge_CombinedCondition_AsksOnlyWhereItMayChange(string condition)
    {
        var bench = Tank(RuleBench.One(condition, metric: "m")).Read(0, 1, "d/other").Read(0, 20);
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 1, 300, i => i % 60)));
        Assert.True(Asked(bench, () => bench.Read(400, 82)) > 0 || condition.StartsWith("label", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("avg_over_time(10m) > 70")]
    [InlineData("value > 80 or avg_over_time(10m) > 70")]
    [InlineData("value < 80 and avg_over_time(10m) > 70")]
    [InlineData("change > 3")]
    [InlineData("value > 80 or absent(10m)")]
    public void Judge_ConditionThatAnyReadingMayChange_IsAskedEachTime(string condition)
    {
        var bench = Tank(RuleBench.One(condition, metric: "m")).Read(0, 20);
        Assert.Equal(300, Asked(bench, () => Quiet(bench, 1, 300, i => i % 60)));
    }

    [Fact]
    public void Judge_RestlessRuleBesideQuietOnes_IsAskedAlone()
    {
        var bench = new RuleBench(Thresholds(100) + "- id: mean\n  match: { metric: m }\n  raise: avg_over_time(10m) > 900\n").Read(0, 20);
        Assert.Equal(200, Asked(bench, () => Quiet(bench, 1, 200, i => i % 50)));
    }

    [Fact]
    public void Judge_LevelsWithClear_AskBetweenTheLimitsOnly()
    {
        var bench = new RuleBench("""
            rules:
            - id: r
              match: { metric: m }
              levels:
              - { severity: info, raise: value > 50, clear: value < 45 }
              - { severity: critical, raise: value > 80, clear: value < 75 }
            """).Read(0, 20);
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 1, 100, i => i % 45)));
        Assert.Equal(1, Asked(bench, () => bench.Read(200, 60)));
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 201, 100, i => 51 + (i % 24))));
        Assert.Equal("raised@200", bench.Log);
    }

    [Fact]
    public void Judge_PendingAndFiring_AsksWhenItsTimeHasComeAndNotBefore()
    {
        var bench = new RuleBench(RuleBench.One("value > 80", "clear: value < 70\nfor: 1m")).Read(0, 90);
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 1, 58, i => 85 + (i % 9))));
        Assert.True(Asked(bench, () => bench.Read(60, 90).Read(61, 90)) > 0);
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 62, 300, i => 75 + (i % 20))));
        Assert.Equal("raised@60", bench.Log);
    }

    [Fact]
    public void Judge_SilenceBesideThresholds_AsksThemNoMore()
    {
        var bench = new RuleBench(Thresholds(50) + "- id: silent\n  kind: absence\n  match: { metric: m }\n  after: 30s\n").Read(0, 20);
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 1, 300, i => i % 50)));
        Assert.Equal(1, Asked(bench, () => bench.Tick(400)));
    }

    [Fact]
    public void Judge_OverrideOfALimit_MovesTheBand()
    {
        var bench = Tank(RuleBench.One("value > max", metric: "m")).Read(0, 20);
        var start = RuleBench.Start;
        var lowered = new AttributeOverride(
            "d", "max", new Quantity(40, Units.Get("Cel")), start + TimeSpan.FromSeconds(1), start + TimeSpan.FromSeconds(100), "test", "me");
        Assert.NotNull(bench.Engine.SetOverride(lowered, bench.Outcome).Change);
        bench.Read(2, 20);
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 3, 50, i => i % 40)));
        bench.Read(60, 50);
        Assert.Equal("raised@60", bench.Log);

        // Its end is known to the band too.
        bench.Read(61, 20).Read(101, 20);
        Assert.Equal(0, Asked(bench, () => Quiet(bench, 102, 50, i => 41 + (i % 30))));
    }

    private static string Thresholds(int count) => "rules:\n" + string.Concat(Enumerable.Range(0, count).Select(i => string.Create(
        CultureInfo.InvariantCulture, $"- id: r{i}\n  match: {{ metric: m }}\n  raise: value > {100 + i}\n  clear: value < {95 + i}\n  for: 1h\n")));

    private static RuleBench Tank(string rules)
    {
        var bench = new RuleBench(rules).With(new DeviceDescription
        {
            Id = "d",
            Name = "d",
            Labels = new Dictionary<string, string> { ["site"] = "hamburg" },
            Attributes = new Dictionary<string, Quantity> { ["max"] = new(80, Units.Get("Cel")), ["half"] = new(40, Unit.None), ["whole"] = new(100, Unit.None) },
        });
        bench.Series("d/m", "Cel");
        return bench;
    }

    private static void Quiet(RuleBench bench, int from, int count, Func<int, double> value)
    {
        for (var i = 0; i < count; i++)
        {
            bench.Read(from + i, value(i));
        }
    }

    private static long Asked(RuleBench bench, Action act)
    {
        var before = bench.Engine.Judgings;
        act();
        return bench.Engine.Judgings - before;
    }
}
