using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public sealed class RuleSetTests
{
    [Fact]
    public void Load_OnlyRequiredKeys_HasDefaults()
    {
        var rule = Assert.Single(RuleBench.Load(RuleBench.One("value > 1"), out var errors).Rules);
        Assert.True(errors.IsEmpty);
        Assert.Equal(("r", "threshold", TimeSpan.Zero, Severity.Warning, MissingPolicy.Hold, null, 0),
            (rule.Id, rule.Kind, rule.For, rule.Severity, rule.Missing, rule.MissingAfter, rule.Notify.Count));
        Assert.Equal(["*"], rule.Match.Devices);
    }

    [Theory]
    [InlineData("for: 367d", "rules[0].for", "out of range")]
    [InlineData("for: -1s", "rules[0].for", "is not")]
    [InlineData("missing_after: 999ms", "rules[0].missing_after", "out of range")]
    [InlineData("severity: fatal", "rules[0].severity", "not known")]
    [InlineData("missing: maybe", "rules[0].missing", "not known")]
    [InlineData("kind: magic", "rules[0].kind", "not known")]
    [InlineData("sevrity: info", "rules[0].sevrity", "not known")]
    [InlineData("clear: value <", "rules[0].clear", "ends")]
    [InlineData("summary: \"{a b}\"", "rules[0].summary", "no place")]
    public void Load_WrongKey_IsRefusedWithPlaceAndMend(string line, string key, string message)
    {
        Assert.Empty(RuleBench.Load(RuleBench.One("value > 1", line), out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.Equal(("rules/test.yaml", 5, key), (error.File, error.Line, error.Key));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Mend);
    }

    [Theory]
    [InlineData("for: 366d")]
    [InlineData("missing_after: 1s")]
    [InlineData("missing_after: 366d")]
    public void Load_AtTheLimit_IsTaken(string line) =>
        Assert.Single(RuleBench.Load(RuleBench.One("value > 1", line), out _).Rules);

    [Fact]
    public void Load_ManyErrors_AllAreNoted()
    {
        var set = RuleBench.Load("rules:\n- id: A b\n  match: { device: d, metrik: m }\n  raise: value >\n  for: x\n- {}\nrulez: 1", out var errors);
        Assert.Empty(set.Rules);
        Assert.Equal(
            ["rules[0].id", "rules[0].match.metrik", "rules[0].for", "rules[0].raise",
                "rules[1]", "rules[1]", "rules[1]", "rulez"],
            errors.All.Select(error => error.Key));
    }

    [Fact]
    public void Load_SameIdTwice_NamesTheFirst()
    {
        var errors = new SettingsErrors();
        var one = SettingsFile.Parse("a.yaml", RuleBench.One("value > 1"), errors);
        var two = SettingsFile.Parse("b.yaml", RuleBench.One("value > 2"), errors);
        Assert.Single(RuleSet.Load([one, two], errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.Equal("b.yaml", error.File);
        Assert.Contains("a.yaml:2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("value > 5 and value < 3", "", "never fires")]
    [InlineData("value > 5 or value <= 5", "", "never ends")]
    [InlineData("value > 80", "clear: value > 75", "fire again")]
    [InlineData("value > 80", "clear: value < 5 and value > 6", "never ends")]
    [InlineData("value > 80 °C", "clear: value < 200 °F", "fire again")]
    public void Load_CannotBeMeant_Warns(string raise, string more, string warning)
    {
        var set = RuleBench.Load(RuleBench.One(raise, more), out var errors);
        Assert.True(errors.IsEmpty);
        Assert.Contains(warning, Assert.Single(set.Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("value >= 80", "clear: value < 80")]
    [InlineData("value > 80 °C", "clear: value < 170 °F")]
    [InlineData("value > 5 and change > 3", "clear: value > 6")]
    public void Load_CanBeMeant_DoesNotWarn(string raise, string more) =>
        Assert.Empty(RuleBench.Load(RuleBench.One(raise, more), out _).Warnings);

    [Fact]
    public void Load_HostileConditions_AreRefusedAndNeverThrow()
    {
        var random = new Random(20260301);
        string[] pieces = ["value", "(", ")", "not ", "-", "5", "1e", ".", "°C", "%", "of", "and", "<", "=", "\"", "device(", "é", "\u0007", "  ", ","];
        for (var i = 0; i < 3000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)]));
            _ = IotEvents.Gateway.Rules.Expressions.ExpressionParser.Parse(text, out var problem);
            Assert.True(problem is null || problem.Position <= text.Length, text);
        }

        foreach (var text in new[] { new string('(', 900), new string('-', 999), string.Concat(Enumerable.Repeat("not ", 240)), new string('9', 1001) })
        {
            Assert.Null(IotEvents.Gateway.Rules.Expressions.ExpressionParser.Parse(text, out var problem));
            Assert.NotNull(problem);
        }
    }

    [Theory]
    [InlineData("tank-*", "tank-12", true)]
    [InlineData("tank-?", "tank-12", false)]
    [InlineData("*", "", true)]
    [InlineData("a*b*c", "aXbXbc", true)]
    [InlineData("a*b*c", "aXbX", false)]
    [InlineData("Tank", "tank", false)]
    public void Glob_Pattern_Fits(string pattern, string text, bool expected) => Assert.Equal(expected, Glob.Matches(pattern, text));

    [Fact]
    public void Match_ListsAndLabels_AllPartsMustFit()
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { device: [a, b*], metric: [x, y], labels: { site: ham* } }\n  raise: value > 1");
        foreach (var (id, site) in new[] { ("a", "hamburg"), ("b1", "hamm"), ("c", "hamburg"), ("b2", "kiel") })
        {
            bench.With(new DeviceDescription { Id = id, Name = id, Labels = new Dictionary<string, string> { ["site"] = site } });
            bench.Read(0, 5, $"{id}/x").Read(0, 5, $"{id}/z");
        }

        Assert.Equal(["a/x", "b1/x"], bench.Transitions.Select(it => it.Series.Name));
    }

    [Fact]
    public void Options_Defaults_AndLimits()
    {
        Assert.Equal(TimeSpan.FromMinutes(10), Read("", out _).HistoricalAfter);
        Assert.Equal(TimeSpan.FromSeconds(1), Read("historical_after: 1s", out var good).HistoricalAfter);
        Assert.True(good.IsEmpty);
        _ = Read("historical_after: 999ms", out var bad);
        Assert.False(bad.IsEmpty);
    }

    [Fact]
    public void Options_Reconnect_IsWithinItsRange()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), Read("", out _).Reconnect);
        Assert.Equal(TimeSpan.Zero, Read("reconnect: 0s", out var none).Reconnect);
        Assert.Equal(TimeSpan.FromMinutes(10), Read("reconnect: 10m", out var most).Reconnect);
        Assert.True(none.IsEmpty && most.IsEmpty);
        _ = Read("reconnect: 601s", out var bad);
        Assert.Equal("reconnect", Assert.Single(bad.All).Key);
    }

    private static RuleEngineOptions Read(string text, out SettingsErrors errors)
    {
        errors = new SettingsErrors();
        return RuleEngineOptions.Read(new SettingsMap(SettingsFile.Parse("gateway.yaml", text, errors), errors));
    }
}
