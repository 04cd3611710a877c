using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public sealed class RuleEngineTests
{
    [Fact]
    public void Judge_ConditionHolds_RaisesAndEndsAsRecovered()
    {
        var bench = new RuleBench(RuleBench.One("value > 75")).Read(0, 70).Read(1, 76).Read(2, 80).Read(3, 75);
        Assert.Equal("raised@1, recovered@3", bench.Log);
    }

    [Fact]
    public void Judge_Raised_SaysWhatAndWhy()
    {
        var bench = new RuleBench(RuleBench.One("value > 80 degF", "severity: critical\nsummary: \"{device.name} has {value}\"\nnotify: [ops]"))
            .With(new DeviceDescription { Id = "d", Name = "The room" });
        bench.Series("d/m", "Cel");
        bench.Read(5, 30);
        var raised = Assert.Single(bench.Transitions);
        Assert.Equal("The room has 30 °C", raised.Summary);
        Assert.Equal("value > 80 degF: value (m) = 30 °C", raised.Explanation);
        Assert.Equal((Severity.Critical, 30, false), (raised.Severity, raised.Value, raised.Historical));
        Assert.Equal(["ops"], raised.Notify);
        Assert.Equal(RuleBench.Start + TimeSpan.FromSeconds(5), raised.RaisedAt);
        Assert.Equal(8, raised.RuleVersion.Length);
    }

    [Fact]
    public void Judge_ClearGiven_EndsOnlyThere()
    {
        var bench = new RuleBench(RuleBench.One("value >= 80", "clear: value < 75"))
            .Read(0, 80).Read(1, 76).Read(2, 75).Read(3, 74.9).Read(4, 79);
        Assert.Equal("raised@0, recovered@3", bench.Log);
    }

    [Theory]
    [InlineData(59, "")]
    [InlineData(60, "raised@60")]
    [InlineData(61, "raised@60")]
    public void Judge_ForGiven_RaisesAtItsEnd(double last, string expected) =>
        Assert.Equal(expected, new RuleBench(RuleBench.One("value > 75", "for: 1m")).Read(0, 80).Read(last, 80).Log);

    [Fact]
    public void Judge_ConditionBreaksWhilePending_BeginsAnew()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "for: 1m")).Read(0, 80).Read(30, 70).Read(40, 80).Read(99, 80);
        Assert.Equal("", bench.Log);
        Assert.Equal("raised@100, recovered@120", bench.Read(120, 70).Log);
        Assert.Equal(RuleBench.Start + TimeSpan.FromSeconds(40), bench.Transitions[0].Since);
    }

    [Fact]
    public void Judge_FalseAtTheDueTime_DoesNotRaise() =>
        Assert.Equal("", new RuleBench(RuleBench.One("value > 75", "for: 1m")).Read(0, 80).Read(60, 70).Log);

    [Fact]
    public void Tick_SilenceWhilePending_RaisesBecauseTheValueHolds()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "for: 1m")).Read(0, 80, delay: 5);
        Assert.Equal(RuleBench.Start + TimeSpan.FromSeconds(65), bench.Engine.NextDeadline);
        Assert.Equal("", bench.Tick(64.9).Log);
        Assert.Equal("raised@60", bench.Tick(65).Log);
        Assert.False(bench.Engine.NextDeadline.HasValue);
    }

    [Fact]
    public void Tick_AfterReplayOfOldReadings_DoesNotTimeOutAtOnce()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "for: 1m")).Read(0, 80, delay: 1_000_000);
        Assert.Equal("", bench.Tick(1_000_010).Log);
        Assert.Equal("raised@60", bench.Tick(1_000_060).Log);
        Assert.True(bench.Transitions[0].Historical);
    }

    [Theory]
    [InlineData(600, false)]
    [InlineData(600.001, true)]
    public void Judge_ReadingFromThePast_IsHistoricalBeyondTheLimit(double delay, bool expected) =>
        Assert.Equal(expected, new RuleBench(RuleBench.One("value > 75")).Read(0, 80, delay: delay).Transitions[0].Historical);

    [Fact]
    public void Judge_OlderThanTheLast_IsHistoryAndLeavesTheLiveVerdict()
    {
        var bench = new RuleBench(RuleBench.One("value > 75")).Read(10, 70).Read(9, 80);
        Assert.Equal(("raised@9", 1), (bench.Log, bench.Engine.LateReadings));
        Assert.True(Assert.Single(bench.Transitions).Historical);
        Assert.Equal("raised@9, raised@11", bench.Read(11, 80).Log);
        Assert.False(bench.Transitions[1].Historical);
    }

    [Fact]
    public void Judge_Backfill_EndsOnceNothingMoreComes_AndIsToldInOneDigest()
    {
        var bench = new RuleBench(RuleBench.One("value > 75")).Read(100_000, 20);
        for (var i = 0; i < 100; i++)
        {
            // A day ago by its own clock, imported now.
            bench.Read(10_000 + (i * 60), i % 50 < 10 ? 80 : 70, delay: 90_001 - (i * 60));
        }

        Assert.Equal("raised@10000, recovered@10600, raised@13000, recovered@13600", bench.Log);
        Assert.All(bench.Transitions, it => Assert.True(it.Historical));
        Assert.Empty(bench.Digests);
        bench.Tick(101_000);
        var digest = Assert.Single(bench.Digests);
        Assert.Equal((2, 2), (digest.Raised, digest.Rules["r"]));
        Assert.DoesNotContain(bench.Stored.Keys, key => key.Contains("late", StringComparison.Ordinal));
    }

    [Fact]
    public void Judge_StragglerOfWhatFires_RaisesNothingBesides()
    {
        var bench = new RuleBench(RuleBench.One("value > 75")).Read(10, 80).Read(20, 80).Read(15, 90);
        Assert.Equal("raised@10", bench.Log);
    }

    [Fact]
    public void Judge_HistoryThatStillHolds_IsRaisedAnewNow()
    {
        var bench = new RuleBench(RuleBench.One("value > 75")).Read(0, 80, delay: 3600).Read(3000, 80, delay: 700).Read(3705, 80, delay: 0);
        Assert.Equal("raised@0, superseded@3705, raised@3705", bench.Log);
        Assert.Equal([true, true, false], bench.Transitions.Select(it => it.Historical));
    }

    [Fact]
    public void Judge_RuleThatExceedsItsSteps_IsSetAsideWithAnAlertOfItsOwn()
    {
        var rules = RuleBench.One("avg_over_time(1h) > 5") + "- id: other\n  match: { metric: \"*\" }\n  raise: value > 5\n";
        var bench = new RuleBench(rules, stepsMax: 1000);
        for (var i = 0; i < 1100; i++)
        {
            bench.Read(i, 1);
        }

        Assert.Equal("raised@1000 r.failed, raised@2000 other", bench.Read(2000, 9).Log);
        Assert.Contains("1000 readings", bench.Transitions[0].Explanation, StringComparison.Ordinal);
        bench.Restart(2001);
        Assert.Equal(2, bench.Transitions.Count);
        bench.Restart(2002, RuleBench.One("avg_over_time(5m) > 5"));
        Assert.Contains(bench.Transitions, it => it.Rule == "r.failed" && it.Reason == EndReason.RuleChanged);
    }

    [Theory]
    [InlineData(Quality.Retained)]
    [InlineData(Quality.OutOfRange)]
    [InlineData(Quality.Suspect | Quality.TimeReceived)]
    public void Judge_UnusableReading_NeitherFiresNorEndsNorFeeds(Quality quality)
    {
        var bench = new RuleBench(RuleBench.One("change > 5")).Read(0, 10).Read(1, 90, quality: quality).Read(2, 11);
        Assert.Equal(("", 1), (bench.Log, bench.Engine.UnusableReadings));
        bench.Read(3, 20).Read(4, 0, quality: quality);
        Assert.Equal("raised@3", bench.Log);
    }

    [Theory]
    [InlineData(Quality.TimeReceived)]
    [InlineData(Quality.TimeReplaced)]
    [InlineData(Quality.UnitAssumed)]
    [InlineData(Quality.PossibleDuplicate)]
    public void Judge_QualityThatLeavesTheValue_Fires(Quality quality) =>
        Assert.Equal("raised@0", new RuleBench(RuleBench.One("value > 75")).Read(0, 80, quality: quality).Log);

    [Fact]
    public void Judge_ClockIsSetMeanwhile_PendingBeginsAnew()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "for: 1m")).Read(0, 80, quality: Quality.TimeUntrusted);
        Assert.False(bench.Engine.NextDeadline.HasValue);
        bench.Tick(500).Read(1000, 80).Read(1059, 80);
        Assert.Equal("", bench.Log);
        Assert.Equal("raised@1060", bench.Read(1060, 80).Log);
    }

    [Fact]
    public void Judge_FirstReading_HasNoChange()
    {
        var bench = new RuleBench(RuleBench.One("not (change < 5)")).Read(0, 1000);
        Assert.Equal("", bench.Log);
        Assert.Equal("raised@1, recovered@2", bench.Read(1, 1005).Read(2, 1006).Log);
    }

    [Fact]
    public void Judge_OtherMetricOfTheDevice_IsItsLatestValue()
    {
        var bench = new RuleBench(RuleBench.One("value > 0.8 * memory.total", metric: "memory.used"));
        bench.Read(0, 90, "pc/memory.used").Read(1, 100, "other/memory.total");
        Assert.Equal("", bench.Log);
        bench.Read(2, 100, "pc/memory.total").Read(3, 90, "pc/memory.used").Read(4, 80, "pc/memory.used");
        Assert.Equal("raised@3, recovered@4", bench.Log);
        Assert.Equal("value > 0.8 * memory.total: value (memory.used) = 90, memory.total = 100", bench.Transitions[0].Explanation);
    }

    [Fact]
    public void Judge_OtherDevice_IsItsLatestValue()
    {
        var bench = new RuleBench(RuleBench.One("value - device(\"outside\").temperature > 10", metric: "m"));
        bench.Read(0, 12, "outside/temperature").Read(1, 22, "d/m").Read(2, 22.1, "d/m");
        Assert.Equal("raised@2", bench.Log);
    }

    [Fact]
    public void Judge_PartOfCapacity_ConvertsUnits()
    {
        var bench = new RuleBench(RuleBench.One("value >= 80 % of capacity")).With(new DeviceDescription
        {
            Id = "d",
            Name = "Tank",
            Attributes = new Dictionary<string, Quantity> { ["capacity"] = new(2000, Units.Get("l")) },
        });
        bench.Series("d/m", "l");
        Assert.Equal("raised@1", bench.Read(0, 1599.9).Read(1, 1600).Log);
    }

    [Fact]
    public void Judge_UnitDoesNotFit_SetsAsideThatSeriesOnly()
    {
        var bench = new RuleBench(RuleBench.One("value > 80 degF"));
        bench.Series("tank/m", "l");
        bench.Series("room/m", "Cel");
        bench.Read(0, 100, "tank/m").Read(1, 100, "room/m").Read(2, 0, "tank/m");
        Assert.Equal("raised@1", bench.Log);
        var aside = Assert.Single(bench.Engine.Instances, it => it.Problem.Length > 0);
        Assert.Equal("tank/m", aside.Series.Name);
        Assert.Contains("cannot be compared", aside.Problem, StringComparison.Ordinal);
        Assert.Equal("set-aside", Assert.Single(bench.Engine.Why("r", "tank/m")).State);
    }

    [Fact]
    public void Judge_SeriesWithoutUnit_ComparesTheNumberAsItStands() =>
        Assert.Equal("raised@1", new RuleBench(RuleBench.One("value > 80 degF")).Read(0, 80).Read(1, 80.1).Log);

    [Theory]
    [InlineData(5, "")]
    [InlineData(5.1, "raised@1")]
    public void Judge_ChangeOfTemperature_IsADifference(double change, string expected)
    {
        var bench = new RuleBench(RuleBench.One("change > 9 degF"));
        bench.Series("d/m", "Cel");
        Assert.Equal(expected, bench.Read(0, 0).Read(1, change).Log);
    }
}
