using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>What is refused or warned of in a rule, at which place, and with which mend.</summary>
public sealed class RuleReaderTests
{
    private const string Machine = "states: { a: { on: [ { after: 5m, to: b } ] }, b: { severity: info, on: [ { after: 1m, to: a } ] } }";

    [Theory]
    [InlineData("states", "for: 5m", "after: 5m, to: STATE")]
    [InlineData("states", "for: 0s", "after: 5m, to: STATE")]
    [InlineData("absence", "keep_firing_for: 5m", "remove it")]
    [InlineData("absence", "times: 3 of 5", "'after'")]
    [InlineData("absence", "missing: ok", "'after'")]
    [InlineData("absence", "missing_after: 5m", "'after'")]
    [InlineData("flapping", "schedule: sat UTC", "in the rules that are watched")]
    [InlineData("flapping", "for: 5m", "in the rules that are watched")]
    [InlineData("flapping", "keep_firing_for: 5m", "'within'")]
    [InlineData("flapping", "times: 3 of 5", "'changes'")]
    [InlineData("flapping", "quality: any", "in the rules that are watched")]
    [InlineData("flapping", "missing: ok", "in the rules that are watched")]
    [InlineData("flapping", "missing_after: 5m", "in the rules that are watched")]
    public void Load_KeyThatDoesNothing_IsRefused(string kind, string line, string mend)
    {
        var more = kind == "states" ? Machine : "severity: info";
        Assert.Empty(RuleBench.Load($"rules:\n- id: r\n  kind: {kind}\n  match: {{ device: d }}\n  {line}\n  {more}\n", out var errors).Rules);
        var error = Assert.Single(errors.All);
        var key = line.Split(':')[0];
        Assert.Equal((5, key.Length + 5, $"rules[0].{key}"), (error.Line, error.Column, error.Key));
        Assert.StartsWith($"'{key}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(mend, error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing_after: 5m", 1)]
    [InlineData("missing: hold\nmissing_after: 5m", 1)]
    [InlineData("missing: ok\nmissing_after: 5m", 0)]
    [InlineData("missing: alert\nmissing_after: 5m", 0)]
    [InlineData("missing: hold", 0)]
    public void Load_MissingAfterWithoutAMeaning_IsWarnedOf(string more, int warnings)
    {
        var set = RuleBench.Load(RuleBench.One("value > 1", more), out var errors);
        Assert.True(errors.IsEmpty);
        Assert.Equal(warnings, set.Warnings.Count);
        Assert.All(set.Warnings, warning => Assert.Equal("rules[0].missing_after", warning.Key));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0 °C")]
    [InlineData("-5")]
    [InlineData("-5 °C")]
    [InlineData("0 % of limit")]
    [InlineData("value > 3")]
    [InlineData("'\"five\"'")]
    public void Load_ChangeByNoAmount_IsRefused(string by)
    {
        Assert.Empty(Change($"by: {by}", out var error).Rules);
        Assert.Equal((5, 7, "rules[0].by"), (error!.Line, error.Column, error.Key));
        Assert.Contains("5 °C", error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("10 % of previous")]
    [InlineData("limit")]
    [InlineData("max(limit, 2)")]
    [InlineData("2 + limit")]
    public void Load_ChangeByAnAmount_IsTaken(string by) => Assert.Single(Change($"by: {by}", out _, "level").Rules);

    [Theory]
    [InlineData("by: 10 %", 7, "A difference of temperatures and a ratio or count")]
    [InlineData("by: 10 %\n  within: 5m", 7, "A difference of temperatures and a ratio or count")]
    [InlineData("by: 5 foo", 7, "'foo' is no known unit")]
    [InlineData("by: 5 °C °C", 12, "'°' is not expected here")]
    public void Load_ChangeThatIsWrong_IsShownAtTheKey(string lines, int column, string message)
    {
        Assert.Empty(Change(lines, out var error).Rules);
        Assert.Equal((5, column), (error!.Line, error.Column));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(">\n    value > 5\n    and value < 3 parsec")]
    [InlineData("|\n    value > 5\n    and value < 3 parsec")]
    [InlineData("value > 5\n    and value < 3 parsec")]
    [InlineData("\"value > 5\n    and value < 3 parsec\"")]
    public void Load_ConditionOnSeveralLines_IsShownWhereItBegins(string raise)
    {
        Assert.Empty(RuleBench.Load(RuleBench.One(raise), out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.Equal((4, 10, "rules[0].raise"), (error.Line, error.Column, error.Key));
    }

    [Theory]
    [InlineData("value > 5 && value < 8", 11, "write 'and'")]
    [InlineData("value > 5 || value < 3", 11, "write 'or'")]
    [InlineData("value > 5 AND value < 8", 11, "write 'and'")]
    [InlineData("value > limit OR (value < 3)", 15, "write 'or'")]
    [InlineData("(value > 5) Or value < 3", 13, "write 'or'")]
    [InlineData("NOT value > 5", 1, "write 'not'")]
    [InlineData("!(value > 5)", 1, "write 'not'")]
    [InlineData("value => 5", 7, "write '>='")]
    [InlineData("value =< 5", 7, "write '<='")]
    [InlineData("value <> 5", 7, "write '!='")]
    [InlineData("value > 5 for 10m", 11, "for: 10m")]
    [InlineData("value > 5 °C for 10m", 14, "for: 10m")]
    [InlineData("value > limit for long", 15, "for: 5m")]
    [InlineData("avg(5m) > 5", 1, "did you mean avg_over_time(5m)?")]
    [InlineData("count(1h30m) > 5", 1, "did you mean count_over_time(1h30m)?")]
    [InlineData("value > 5 and max(temperature, 5m) > 2", 32, "did you mean max_over_time(temperature, 5m)?")]
    [InlineData("sum(5 L) > 5", 1, "known are")]
    [InlineData("2 < value < 3", 11, "join comparisons")]
    [InlineData("value > 5 °C value", 14, "write a condition")]
    public void Load_WordOfAnotherLanguage_IsNamedWithOurs(string raise, int character, string mend)
    {
        Assert.Empty(RuleBench.Load(RuleBench.One($"'{raise}'"), out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.Equal((4, character + 10), (error.Line, error.Column));
        Assert.Contains(mend, error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raise: predict_linear(1m, 366d) > 5", "raise: \"predict_linear(1m, 366d) > 5\"")]
    [InlineData("raise: clamp(value, 0, max(previous, 8)) > 5, for: 1m", "raise: \"clamp(value, 0, max(previous, 8)) > 5\"")]
    [InlineData("raise: value > 1, clear: max(value, previous) < 1", "clear: \"max(value, previous) < 1\"")]
    [InlineData("levels: [ { severity: info, raise: max(value, 5) > 6 } ]", "raise: \"max(value, 5) > 6\"")]
    [InlineData("kind: change, by: max(limit, 5)", "by: \"max(limit, 5)\"")]
    public void Load_ConditionThatACommaCutsOff_IsToBePutInQuotes(string keys, string mend)
    {
        Assert.Empty(RuleBench.Load($"rules:\n- {{ id: r, match: {{ metric: m }}, {keys} }}", out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.StartsWith("A comma ends the condition", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(mend, error.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ConditionThatEndsBeforeAnotherKey_IsNotCutOff()
    {
        _ = RuleBench.Load("rules:\n- { id: r, match: { metric: m }, raise: max(value, sumary: }", out var errors);
        Assert.Equal(["rules[0].raise", "rules[0].sumary"], errors.All.Select(error => error.Key));
    }

    [Theory]
    [InlineData("change, by: 5", "device: d", "", "match")]
    [InlineData("change, by: 5", "metric: m", "group: all", "group")]
    [InlineData("change, by: 5", "device: d", "group: all", "group")]
    [InlineData("anomaly", "device: d", "", "match")]
    [InlineData("anomaly", "metric: m", "group: site", "group")]
    [InlineData("stuck, after: 1h", "device: d", "", "match")]
    [InlineData("stuck, after: 1h", "metric: m", "group: all", "group")]
    public void Load_KindOfOneSeries_HasAMetricAndNoGroup(string kind, string match, string group, string key)
    {
        Assert.Empty(RuleBench.Load($"rules:\n- {{ id: r, kind: {kind}, match: {{ {match} }}, {group} }}", out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.Equal($"rules[0].{key}", error.Key);
        Assert.Contains("is about one series", error.Message, StringComparison.Ordinal);
        Assert.Contains("name the metric in 'match', and no 'group'", error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("rules: hot", "rules: cold", null)]
    [InlineData("rules: hot", "rules: [cold, h*]", "'one' watches 'hot' already")]
    [InlineData("", "rules: cold", "'one' watches 'cold' already")]
    [InlineData("match: { device: a }", "match: { device: b }", null)]
    [InlineData("match: { device: a }", "match: { device: a }", "'one' watches 'hot' already")]
    [InlineData("match: { labels: { site: a } }", "", null)]
    [InlineData("rules: hot", "rules: [cold, wet-*]", "'wet-*' is the id of no rule")]
    [InlineData("rules: hot", "rules: one", "'one' is the id of no rule")]
    public void Load_FlappingThatDoesNothing_IsWarnedOf(string one, string two, string? warning)
    {
        var set = RuleBench.Load($$"""
            rules:
            - { id: hot, match: { metric: m }, raise: value > 5 }
            - { id: cold, match: { metric: m }, raise: value < 5 }
            - { id: one, kind: flapping, {{one}} }
            - { id: {{(one + two == "" ? "warm, match: { metric: m }, raise: value > 3" : "two, kind: flapping")}}, {{two}} }
            """, out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Equal(warning is null ? 0 : 1, set.Warnings.Count);
        Assert.All(set.Warnings, it => Assert.StartsWith(warning!, it.Message, StringComparison.Ordinal));
        Assert.All(set.Warnings, it => Assert.Equal(5, it.Line));
    }

    [Theory]
    [InlineData(30, "raised@30")]
    [InlineData(90, "")]
    public void LastOverTime_OfAnotherMetric_IsUnknownWhenItIsTooOld(double seconds, string log)
    {
        var bench = new RuleBench(RuleBench.One("last_over_time(humidity, 1m) > 60", metric: "m"));
        Assert.Equal(log, bench.Read(0, 70, "d/humidity").Read(seconds, 1).Log);
    }

    [Fact]
    public void DeviceRule_WithMetricsInItsCondition_IsJudgedWithReadingsOfThose()
    {
        const string rule = "rules:\n- id: r\n  match: { device: d }\n  raise: a > 5\n  times: 2 of 2\n";
        Assert.Equal("", new RuleBench(rule).Read(0, 6, "d/a").Read(1, 1, "d/b").Log);
        Assert.Equal("raised@1", new RuleBench(rule).Read(0, 6, "d/a").Read(1, 6, "d/a").Log);
    }

    [Fact]
    public void Group_ByALabelThatSomeDevicesLack_TheyAreAGroupOfTheirOwn()
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { metric: m }\n  group: site\n  raise: count of members where value > 5 >= 2\n");
        Assert.Equal("raised@1", bench.Read(0, 6, "a/m").Read(1, 6, "b/m").Log);
    }

    [Fact]
    public void SeriesWithoutAUnit_NumbersAreComparedAsTheyAre() =>
        Assert.Equal("raised@0", new RuleBench(RuleBench.One("value > 80 degF")).Read(0, 81).Log);

    private static RuleSet Change(string lines, out SettingsError? error, string metric = "temperature")
    {
        var set = RuleBench.Load($"rules:\n- id: r\n  kind: change\n  match: {{ metric: {metric} }}\n  {lines}\n", out var errors);
        error = errors.All.Count > 0 ? Assert.Single(errors.All) : null;
        return set;
    }
}
