using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Explaining;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Explaining;

/// <summary>Why a rule fires, and everything that may keep it from firing.</summary>
public sealed class WhyTests
{
    [Fact]
    public void Why_OfNoRule_SaysSo() => Says(new RuleBench(RuleBench.One("value > 5")).Read(0, 9), "no-rule", "There is no rule 'x'", rule: "x");

    [Fact]
    public void Why_OfAnotherDevice_NamesThePattern()
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { device: \"tank-*\", metric: m }\n  raise: value > 5\n").Read(0, 9);
        Says(bench, "no-match", "match.device is 'tank-*', and the device is 'd'");
    }

    [Fact]
    public void Why_OfAnotherLabel_NamesIt()
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { metric: m, labels: { site: kiel, floor: \"*\" } }\n  raise: value > 5\n")
            .With(new DeviceDescription { Id = "d", Name = "d", Labels = new Dictionary<string, string> { ["site"] = "hamburg" } }).Read(0, 9);
        Says(bench, "no-match", "site: 'kiel', and the device has 'hamburg'");
        Says(bench, "no-match", "no label 'floor'");
    }

    [Fact]
    public void Why_OfAnotherMetric_NamesThem()
    {
        var bench = new RuleBench(RuleBench.One("value > 5", metric: "temp*")).Read(0, 9);
        Says(bench, "no-match", "match.metric is 'temp*', and there is 'm'");
        Says(bench, "no-match", "match.metric is 'temp*', and there is 'm'", subject: "d/m");
    }

    [Fact]
    public void Why_BeforeAnything_SaysThatNothingCame() => Says(new RuleBench(RuleBench.One("value > 5")), "no-data", "Nothing has come of 'd'");

    [Fact]
    public void Why_WithOnlyBadReadings_CountsThem()
    {
        var bench = new RuleBench(RuleBench.One("value > 5"))
            .Read(0, 9, quality: Quality.Suspect).Read(1, 9, quality: Quality.OutOfRange).Read(2, 9, quality: Quality.Retained).Read(3, 9, quality: Quality.Retained);
        Says(bench, "no-data", "2 retained, 1 out of range, 1 suspect");
    }

    [Fact]
    public void Why_OfAFiringRule_SaysSinceWhen()
    {
        var why = Says(new RuleBench(RuleBench.One("value > 5")).Read(0, 9), "firing", "It fires since 2026-03-01T12:00:00Z");
        Assert.Equal(("true", "value (m) = 9"), (why.Levels[0].Raise[0].Is, why.Levels[0].Raise[0].Values));
    }

    [Fact]
    public void Why_OfAPendingRule_SaysUntilWhen() =>
        Says(new RuleBench(RuleBench.One("value > 5", "for: 60s")).Read(0, 9), "pending", "must stay so until 2026-03-01T12:01:00Z");

    [Fact]
    public void Why_BetweenRaiseAndClear_SaysSo() =>
        Says(new RuleBench(RuleBench.One("value > 5", "clear: value < 3")).Read(0, 9).Read(1, 4), "firing", "between the two it stays as it is");

    [Fact]
    public void Why_WhileItIsKept_SaysUntilWhen() => Says(
        new RuleBench(RuleBench.One("value > 5", "keep_firing_for: 60s")).Read(0, 9).Read(1, 4), "firing", "holds it until 2026-03-01T12:01:01Z");

    [Fact]
    public void Why_OutsideTheSchedule_SaysWhenItBegins() => Says(
        new RuleBench(RuleBench.One("value > 5", "schedule: mon-fri 08:00-18:00 UTC")).Read(0, 9), "normal", "begins again at 2026-03-02T08:00:00Z");

    [Fact]
    public void Why_WithTimes_CountsTheBadOnes() =>
        Says(new RuleBench(RuleBench.One("value > 5", "times: 3 of 5")).Read(0, 9).Read(1, 9), "normal", "2 of the last 5 readings were bad; 3 are needed");

    [Fact]
    public void Why_OfHistory_SaysThatNobodyIsTold() =>
        Says(new RuleBench(RuleBench.One("value > 5")).Read(0, 9, delay: 5000), "firing", "what it raises is history");

    [Fact]
    public void Why_WithLateReadings_CountsThem() =>
        Says(new RuleBench(RuleBench.One("value > 5")).Read(100, 1).Read(0, 9).Read(1, 9), "normal", "2 readings since the start were older");

    [Theory]
    [InlineData("missing: hold", "Silence changes nothing")]
    [InlineData("missing: alert\nmissing_after: 60s", "Silence counts from 2026-03-01T12:01:00Z on")]
    [InlineData("missing: alert", "has not been learned yet")]
    public void Why_OfSilence_SaysWhenItCounts(string missing, string reason) =>
        Says(new RuleBench(RuleBench.One("value > 5", missing)).Read(0, 1), "normal", reason);

    [Fact]
    public void Why_OfACondition_ShowsWhichPartIsFalse()
    {
        var bench = new RuleBench(RuleBench.One("'value > 5 and (other < 3 or not value < 20)'", metric: "m"));
        bench.Read(0, 1, "d/other").Read(1, 9).Read(2, 4, "d/other").Read(3, 8);
        var parts = Says(bench, "normal", "It does not fire").Levels[0].Raise;

        Assert.Equal(
            ["0 false", "1 true", "1 false", "2 false", "2 false", "3 true"],
            parts.Select(part => $"{part.Depth} {part.Is}"));
        Assert.Equal("other = 4", parts[3].Values);
        Assert.Empty(parts[0].Values);
    }

    [Fact]
    public void Why_OfAGroup_IsFoundByItsNameAndByAnyMember()
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { metric: m }\n  group: all\n  raise: avg of members > 5\n").Read(0, 9, "a/m").Read(1, 9, "b/m");
        Says(bench, "firing", "It fires", subject: "a");
        Says(bench, "firing", "It fires", subject: "b/m");
        Says(bench, "firing", "It fires", subject: "*");
    }

    [Fact]
    public void Why_ChangesNothing()
    {
        var (asked, silent) = (new RuleBench(RuleBench.One("avg_over_time(1m) > 5")), new RuleBench(RuleBench.One("avg_over_time(1m) > 5")));
        for (var i = 0; i < 50; i++)
        {
            asked.Read(i * 7, i % 11);
            silent.Read(i * 7, i % 11);
            _ = asked.Engine.Why("r", "d");
        }

        Assert.Equal(silent.Log, asked.Log);
        Assert.NotEmpty(asked.Log);
    }

    private static RuleExplanation Says(RuleBench bench, string state, string reason, string rule = "r", string subject = "d")
    {
        var why = Assert.Single(bench.Engine.Why(rule, subject));
        Assert.True(why.State == state, $"{why.State}: {string.Join(' ', why.Reasons)}");
        Assert.Contains(why.Reasons, it => it.Contains(reason, StringComparison.Ordinal));
        return why;
    }
}
