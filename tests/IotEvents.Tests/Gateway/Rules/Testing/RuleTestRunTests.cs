using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Testing;

/// <summary>Tests that pass as they should, and that fail where they should. <c>warm</c>: above 10, below 5, for 25 s.</summary>
public sealed class RuleTestRunTests
{
    private readonly RuleTestBench _bench = new();

    [Theory]
    [InlineData("0, 20 x4, 0", "{ at: 35s, raised: warm, value: 20 }, { at: 50s, ended: warm, reason: recovered }")]
    [InlineData("0, 20", "{ at: 35s, raised: warm, value: 20 degC, device: d, severity: warning }")]
    [InlineData("60, _ x5", "{ at: 0, raised: hot }, { at: 25s, raised: warm, value: 60 }")]
    [InlineData("20 x3, 0", "{ at: 20s, pending: warm }, { at: 25s, raised: warm }, { at: 30s, ended: warm }")]
    [InlineData("20 x2, 0, 20 x2", "{ at: 10s, pending: warm }, { at: 20s, normal: warm }, { at: 40s, normal: hot }")]
    [InlineData("20 x6", "{ at: 25s, raised: warm }, { at: 26s, firing: warm, explain: \"*fires since 25s*\" }")]
    [InlineData("20 x3, nan, out-of-range 0, suspect 0, retained 0, _", "{ at: 25s, raised: warm }")]
    [InlineData("20 x4 late 20m", "{ at: 25s, raised: warm, historical: true }")]
    [InlineData("20 x4 late 5m", "{ at: 25s, raised: warm, historical: false }")]
    public void Run_RightExpectation_Passes(string series, string expect)
    {
        var result = _bench.Run($"series: {{ d/temperature degC: \"{series}\" }}\nexpect: [ {expect} ]");
        Assert.True(result.Passed, RuleTestBench.Differences(result));
    }

    [Theory]
    [InlineData("20 x4", "{ at: 30s, raised: warm }", "30s raised warm | 25s raised warm, d/temperature, warning, 20 °C | 5s earlier")]
    [InlineData("20 x4", "{ at: 25s, raised: warm, severity: critical, value: 21 }",
        "25s raised warm, critical, 21 | 25s raised warm, d/temperature, warning, 20 °C | severity warning, value 20 °C")]
    [InlineData("20 x4", "", "- | 25s raised warm, d/temperature, warning, 20 °C | not expected")]
    [InlineData("0 x4", "{ at: 25s, raised: warm }", "25s raised warm | - | did not happen")]
    [InlineData("20 x3, 0", "{ at: 25s, raised: warm }, { at: 30s, ended: warm, reason: went-silent }",
        "30s ended warm, went-silent | 30s ended warm, d/temperature, recovered, 0 °C | reason recovered")]
    [InlineData("20 x2", "{ at: 10s, normal: warm }", "10s normal warm | 10s pending warm, d/temperature | is pending")]
    [InlineData("_, 20", "{ at: 5s, normal: warm }", "5s normal warm | - | judges no series yet")]
    [InlineData("20", "{ at: 5s, pending: warm, explain: \"*firing*\" }",
        "5s pending warm, \"*firing*\" | 5s pending warm, d/temperature | another explanation")]
    [InlineData("20 x4", "{ at: 25s, raised: warm, summary: \"*cold*\" }",
        "25s raised warm, \"*cold*\" | 25s raised warm, d/temperature, warning, 20 °C, \"d temperature: 20 °C\" | another summary")]
    [InlineData("20 x4", "{ at: 25s, raised: warm, value: 20 kPa }", "25s raised warm, 20 kPa | 25s raised warm, d/temperature, warning, 20 °C | value 20 °C")]
    [InlineData("20 x4", "{ at: 25s, raised: warm, historical: true }",
        "25s raised warm, historical | 25s raised warm, d/temperature, warning, 20 °C | not historical")]
    public void Run_WrongExpectation_SaysWhatDiffers(string series, string expect, string differences)
    {
        var result = _bench.Run($"series: {{ d/temperature degC: \"{series}\" }}\nexpect: [ {expect} ]");
        Assert.Equal(differences, RuleTestBench.Differences(result));
        Assert.False(result.Passed);
        Assert.NotEmpty(result.Failure!.Why);
        Assert.Single(result.Failure.Around);
    }

    [Fact]
    public void Run_Within_AllowsThatMuchAndNoMore()
    {
        Assert.True(_bench.Run("series: { d/temperature degC: 20 x4 }\nexpect: [ { at: 30s, within: 5s, raised: warm } ]").Passed);
        Assert.False(_bench.Run("series: { d/temperature degC: 20 x4 }\nexpect: [ { at: 30s, within: 4s, raised: warm } ]").Passed);
    }

    [Fact]
    public void Run_ExpectationThatLeavesMuchOpen_StepsBackForAStricterOne()
    {
        // Both fit the alert of a; only the first fits the one of b.
        var result = _bench.Run("""
            series: { a/temperature degC: 20 x4, b/temperature degC: 20 x4 }
            expect:
            - { at: 25s, raised: warm }
            - { at: 25s, raised: warm, device: a }
            """);
        Assert.True(result.Passed, RuleTestBench.Differences(result));
    }

    [Theory]
    [InlineData("never: hot", "60", "- | 0s raised hot, d/temperature, critical, 60 °C | must never fire")]
    [InlineData("never: [ h* ]\nonly: warm\nexpect: []", "60", "- | 0s raised hot, d/temperature, critical, 60 °C | must never fire")]
    [InlineData("never: hot", "20 x4", "")]
    [InlineData("only: hot\nexpect: []", "20 x4", "")]
    public void Run_NeverAndOnly_LookAtTheirRules(string more, string series, string differences) =>
        Assert.Equal(differences, RuleTestBench.Differences(_bench.Run($"series: {{ d/temperature degC: {series} }}\n{more}")));

    [Fact]
    public void Run_NoRuleJudgesTheSeries_Fails() => Assert.Equal(
        "- | 10s no rule judges any series of this test | proves nothing",
        RuleTestBench.Differences(_bench.Run("series: { d/temprature degC: 20 }\nexpect: []")));

    [Fact]
    public void Run_RuleThatIsSetAside_Fails() => Assert.Equal(
        ["set aside", "set aside"],
        _bench.Run("series: { d/temperature kPa: 20 }\nexpect: []").Rows.Select(row => row.Problem));

    [Fact]
    public void Run_Until_CutsTheTest()
    {
        Assert.True(_bench.Run("series: { d/temperature degC: 20 x4 }\nuntil: 24s\nexpect: []").Passed);
        Assert.False(_bench.Run("series: { d/temperature degC: 20 x4 }\nuntil: 25s\nexpect: []").Passed);
    }

    [Fact]
    public void Run_RulesAboutDevicesAndGroups_AreAskedByTheirNames()
    {
        var bench = new RuleTestBench("""
            rules:
            - { id: damp, match: { device: "*" }, raise: temperature > 10 and humidity > 50 }
            - { id: mean, match: { metric: temperature }, group: all, raise: avg of members > 10 }
            """);
        const string series = "series: { a/temperature: \"0, 30 x3\", a/humidity: 60 x4, b/temperature: 0 x4 }\nexpect:\n";
        var right = bench.Run(series + "- { at: 10s, raised: damp, device: a }\n- { at: 10s, raised: mean, group: \"*\" }\n- { at: 15s, firing: mean }");
        Assert.True(right.Passed, RuleTestBench.Differences(right));
        var wrong = bench.Run(series + "- { at: 10s, raised: damp, device: a }\n- { at: 20s, raised: mean }");
        Assert.EndsWith("| 10s earlier", RuleTestBench.Differences(wrong), StringComparison.Ordinal);
        Assert.Contains("mean on */temperature: firing\n  It fires since 10s", string.Join('\n', wrong.Failure!.Why), StringComparison.Ordinal);
        Assert.Equal(3, wrong.Failure.Around.Count);
        var errors = new SettingsErrors();
        bench.Read(series + "- { at: 10s, raised: damp, group: a }", errors);
        Assert.Equal("The key 'group' is not known here", Assert.Single(errors.All).Message);
    }

    [Fact]
    public void Run_RuleAboutADeviceThatNamesAttributesAlone_IsJudged()
    {
        var bench = new RuleTestBench("""
            rules:
            - { id: max, match: { device: hub }, raise: 'max of device("room-*").temperature > setpoint' }
            - { id: any, match: { device: hub }, raise: 'any of device("room-*").temperature where humidity > setpoint' }
            """)
        { Attributes = { ["setpoint"] = new(20, Unit.None) } };
        var result = bench.Run("""
            every: 1m
            series: { hub/uptime: 0..600 x11, room-1/temperature: "18, 19, 21 x9", room-1/humidity: "10 x4, 60 x7" }
            expect: [ { at: 2m, raised: max, device: hub }, { at: 5m, within: 1m, raised: any, device: hub } ]
            """);
        Assert.True(result.Passed, RuleTestBench.Differences(result));
    }

    [Fact]
    public void Run_Failure_ExplainsTheTimeItIsAbout()
    {
        var failure = _bench.Run("series: { d/temperature degC: \"0 x3, 20 x2, 0\" }\nexpect: [ { at: 45s, raised: warm } ]").Failure!;
        Assert.Equal(TimeSpan.FromSeconds(45), failure.At);
        Assert.Equal("warm on d/temperature: pending", failure.Why[0]);
        Assert.Equal("  It is pending: its condition is true since 30s and must stay so until 55s.", failure.Why[1]);
        Assert.Equal([10.0, 20, 30, 40, 50], Assert.Single(failure.Around).Readings.Select(it => it.At.TotalSeconds));
    }

    [Fact]
    public void Run_Failure_SaysWhatTheEngineSaysWhenItIsAsked()
    {
        const string text = "series: { d/temperature degC: \"0 x3, 20 x2, 0\" }\nexpect: [ { at: 45s, raised: warm } ]";
        var (test, failure) = (_bench.Read(text), _bench.Run(text).Failure!);
        var bench = new RuleBench(RuleTestBench.Warm);
        _ = bench.Series("d/temperature", "Cel");
        foreach (var reading in test.Series[0].Readings.Where(it => it.At <= failure.At))
        {
            bench.Read(reading.At.TotalSeconds, reading.Value, "d/temperature");
        }

        bench.Tick(failure.At.TotalSeconds);
        Assert.Equal(
            bench.Engine.Why("warm", "d/temperature").SelectMany(it => it.ToLines()).Select(line => TestWords.SinceStart(line, RuleBench.Start)),
            failure.Why);
    }

    [Fact]
    public void Run_Override_HoldsFromItsTimeToItsEnd()
    {
        // Above 10 without it, above 30 from 20 s to 60 s; the reading of 60 s meets the own limit again.
        var bench = new RuleTestBench(RuleBench.One("value > limit", "missing: hold")) { Attributes = { ["limit"] = new(10, Unit.None) } };
        const string test = """
            series: { d/m: "0, 20, 20, 20, 40, 20, 20, 0" }
            overrides:
            - { at: 20s, set: limit, device: d, value: 30, for: 40s, reason: defrost }
            expect:
            - { at: 10s, raised: r }
            - { at: 20s, ended: r, reason: rule-changed }
            - { at: 40s, raised: r, value: 40 }
            - { at: 45s, firing: r, explain: "*limit = 30 (override until 1m, because defrost)*" }
            - { at: 50s, ended: r, reason: recovered }
            - { at: 1m, raised: r, value: 20 }
            - { at: 70s, ended: r, reason: recovered }
            """;
        var result = bench.Run(test);
        Assert.True(result.Passed, RuleTestBench.Differences(result));

        // The control: without it, or a moment later, it is another story.
        Assert.False(bench.Run(test.Replace("at: 20s, set", "at: 21s, set", StringComparison.Ordinal)).Passed);
        Assert.False(bench.Run(test.Replace("value: 30", "value: 50", StringComparison.Ordinal)).Passed);
        var cleared = test.Replace("expect:", "- { at: 30s, clear: limit, device: d }\nexpect:", StringComparison.Ordinal);
        Assert.Contains(" | 30s raised r, d/m, warning, 20 |", RuleTestBench.Differences(bench.Run(cleared)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set: limit, device: d, value: 5 L, for: 1m, reason: r", "override of limit, d, 5 L for 1m",
        "'limit' of 'd' is 10 °C, and 5 L is another kind of quantity. Give it in °C, or another unit of the same kind.")]
    [InlineData("clear: limit, device: d", "override of limit cleared, d",
        "No override of 'limit' of 'd' is in force. 'iotevents override list' shows those that are.")]
    public void Run_OverrideThatTheGatewayWouldRefuse_Fails(string command, string words, string why)
    {
        var bench = new RuleTestBench(RuleBench.One("value > limit")) { Attributes = { ["limit"] = new(10, Units.Get("Cel")) } };
        var result = bench.Run($"series: {{ d/m degC: 0 x3 }}\noverrides: [ {{ at: 10s, {command} }} ]\nexpect: []");
        Assert.Equal($"10s {words} | - | refused", RuleTestBench.Differences(result));
        Assert.Equal(why, Assert.Single(result.Failure!.Why));
    }

    [Fact]
    public void Run_ValueInAnotherUnit_IsConverted()
    {
        var result = _bench.Run("series: { d/temperature degF: 212 x4 }\nexpect: [ { at: 0s, raised: hot, value: 100 degC }, { at: 25s, raised: warm } ]");
        Assert.True(result.Passed, RuleTestBench.Differences(result));
    }

    [Fact]
    public void Play_RandomSeries_SameAsTickingEverySecond()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var rules = RuleBench.One($"value > {random.Next(3, 7)}",
                $"clear: value < 3\nfor: {random.Next(0, 40)}s\nmissing: {(random.Next(2) == 0 ? "ok" : "alert")}\nmissing_after: {random.Next(5, 40)}s");
            var values = Enumerable.Range(0, 60).Select(_ => random.Next(4) == 0 ? "_" : $"{random.Next(0, 10)}").ToList();
            var bench = new RuleTestBench(rules);
            var test = bench.Read($"series: {{ d/m: \"{string.Join(", ", values)}\" }}\nexpect: []");
            var run = RuleTestRun.Play(test, bench.Bed, bench.Bed.Options, Arrival.Of(test));

            var oracle = new RuleBench(rules);
            for (var second = 0; second <= 600; second++)
            {
                if (second % 10 == 0 && second < 600 && values[second / 10] is not "_" and var value)
                {
                    oracle.Read(second, double.Parse(value, CultureInfo.InvariantCulture));
                }

                oracle.Tick(second);
            }

            var log = string.Join(", ", run.Transitions.Select(RuleBench.Describe));
            Assert.True(oracle.Log == log, $"seed {seed}\n{rules}\n{string.Join(' ', values)}\nevery second {oracle.Log}\nrun          {log}");
        }
    }
}
