using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

/// <summary>Conditions that look back and over groups, as the engine plays them.</summary>
public sealed class ConditionEngineTests
{
    [Fact]
    public void Absent_InSilence_FiresByTheClockAndEndsWithAReading()
    {
        var bench = new RuleBench(RuleBench.One("absent(1m)")).Read(0, 1).Read(30, 1).Tick(89);
        Assert.Equal("", bench.Log);
        Assert.Equal("raised@90, recovered@120", bench.Tick(100).Read(120, 1).Log);
        Assert.Contains("absent(1m) = true, last reading 2026-03-01T12:00:30Z", bench.Transitions[0].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Count_WithFor_WaitsFromTheMomentTheReadingLeft()
    {
        var bench = new RuleBench(RuleBench.One("count_over_time(1m) < 2", "for: 30s")).Read(0, 1).Read(10, 1).Read(20, 1);
        Assert.Equal("", bench.Tick(99).Log);
        Assert.Equal("raised@100", bench.Tick(200).Log);
    }

    [Fact]
    public void Tumbling_Window_IsJudgedAtItsEnd()
    {
        var bench = new RuleBench(RuleBench.One("avg_over_time(tumbling 1m) > 5")).Read(5, 9).Read(20, 7).Tick(59);
        Assert.Equal("", bench.Log);
        Assert.Equal("raised@60", bench.Tick(70).Log);
        Assert.Equal("raised@60, recovered@120", bench.Read(80, 1).Tick(119).Read(120, 1).Log);
    }

    [Fact]
    public void Window_AfterARestart_GoesOnWithItsReadings()
    {
        var bench = new RuleBench(RuleBench.One("avg_over_time(1m) > 5")).Read(0, 9).Read(20, 1).Restart(25).Read(40, 4);
        Assert.Equal("raised@0, recovered@20", bench.Log);
        Assert.Equal("raised@0, recovered@20, raised@45", bench.Read(45, 9).Log);
        Assert.Contains("= 5.75 over 4 readings", bench.Transitions[^1].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_OfAGroup_AreCounted()
    {
        var bench = new RuleBench(RuleBench.One("count of members where value > 5 >= 2", "group: site", "t"));
        foreach (var (id, site) in new[] { ("a", "x"), ("b", "x"), ("c", "y") })
        {
            bench.With(new DeviceDescription { Id = id, Name = id, Labels = new Dictionary<string, string> { ["site"] = site } });
        }

        bench.Read(0, 9, "a/t").Read(1, 9, "c/t");
        Assert.Equal("", bench.Log);
        Assert.Equal("raised@2", bench.Read(2, 9, "b/t").Log);
        Assert.Contains("count of members: 2 of 2: a/t = 9, b/t = 9", bench.Transitions[0].Explanation, StringComparison.Ordinal);
        Assert.Equal("raised@2, recovered@3", bench.Read(3, 1, "a/t").Log);
    }

    [Fact]
    public void Group_WhoseFirstMemberAppearsLater_ComparesInItsUnit()
    {
        var bench = new RuleBench(RuleBench.One("value > 1 and avg of device(\"f*\").t > 80 degF", metric: "m")).Read(0, 5);
        bench.Series("f1/t", "Cel");
        Assert.Equal("", bench.Read(1, 26, "f1/t").Read(2, 5).Log);
        Assert.Equal("raised@4", bench.Read(3, 27, "f1/t").Read(4, 5).Log);
    }

    [Fact]
    public void Labels_DecideForWhichDeviceARuleFires()
    {
        var bench = new RuleBench(RuleBench.One("'value > 5 and label.site == \"x\"'"))
            .With(new DeviceDescription { Id = "a", Name = "a", Labels = new Dictionary<string, string> { ["site"] = "x" } });
        bench.Read(0, 9, "a/m").Read(0, 9, "b/m");
        Assert.Equal("a", Assert.Single(bench.Transitions).Series.Device);
    }

    [Fact]
    public void Forecast_OfATank_FiresBeforeItIsFull()
    {
        var capacity = new Dictionary<string, Quantity> { ["capacity"] = new Quantity(2000, Units.Get("L")) };
        var bench = new RuleBench(RuleBench.One("value reaches 80 % of capacity within 4h"))
            .With(new DeviceDescription { Id = "d", Name = "d", Attributes = capacity });
        bench.Series("d/m", "L");
        for (var i = 0; i <= 12; i++)
        {
            bench.Read(i * 3600, 1000 + (i * 50));
        }

        // 50 L an hour: at 1400 L there are four hours to 1600 L.
        Assert.Equal($"raised@{8 * 3600}", bench.Log);
        Assert.Contains("value in 4h = 1600 L by its line over 4h, to reach 1600 L", bench.Transitions[0].Explanation, StringComparison.Ordinal);
    }
}
