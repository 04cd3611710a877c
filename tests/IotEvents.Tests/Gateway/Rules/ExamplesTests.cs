using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Kinds;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>What a rule can be, an example shows, and a test of rules proves it. That they pass, RulesTestCommandTests holds.</summary>
public sealed class ExamplesTests
{
    private static readonly string Examples = Path.Combine(Repository.Root, "docs", "examples");

    private readonly IReadOnlyList<Rule> _rules = Load();

    [Fact]
    public void Kinds_EachHasAnExample() =>
        Assert.Equal(RuleKinds.Names.Order(StringComparer.Ordinal), _rules.Select(rule => rule.Kind).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Features_EachHasAnExample()
    {
        Assert.Contains(_rules, rule => rule.Levels.Count > 1);
        Assert.Contains(_rules, rule => rule.GroupBy is not null);
        Assert.Contains(_rules, rule => rule.Schedule is not null);
        Assert.Contains(_rules, rule => rule.Condition.Contains("% of capacity", StringComparison.Ordinal));
        Assert.Contains(_rules, rule => rule.Condition.Contains(" reaches ", StringComparison.Ordinal));
        var errors = new SettingsErrors();
        var devices = DeviceDirectory.Read(
            new SettingsMap(Parse(Path.Combine(Examples, "devices.yaml"), errors), errors), [.. PayloadDecoderList.All.Names]);
        Assert.Contains(devices.Described, device => device.Parent is not null && devices.Described.Any(it => it.Id == device.Parent));
    }

    [Fact]
    public void Rules_EachIsRaisedInATest()
    {
        var tests = string.Concat(Directory.GetFiles(Path.Combine(Examples, "tests"), "*.yaml").Select(File.ReadAllText));
        Assert.All(_rules, rule => Assert.Contains($"raised: {rule.Id}", tests, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_NameTheirSchema()
    {
        foreach (var file in Directory.GetFiles(Examples, "*.yaml", SearchOption.AllDirectories))
        {
            const string start = "# yaml-language-server: $schema=";
            var first = File.ReadLines(file).First();
            Assert.True(first.StartsWith(start, StringComparison.Ordinal), file);
            var schema = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, first[start.Length..]));
            var name = Path.GetFileName(Path.GetDirectoryName(file)) is "rules" or "tests" ? Path.GetFileName(Path.GetDirectoryName(file)) : "devices";
            Assert.Equal(Path.Combine(Repository.Root, "gateway", "Api", "Schema", $"{name}.json"), schema);
            Assert.True(File.Exists(schema), schema);
        }
    }

    private static IReadOnlyList<Rule> Load()
    {
        var errors = new SettingsErrors();
        var rules = RuleSet.Load(Directory.GetFiles(Path.Combine(Examples, "rules"), "*.yaml").Select(file => Parse(file, errors)), errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Empty(rules.Warnings);
        return rules.Rules;
    }

    private static SettingsNode Parse(string file, SettingsErrors errors) => SettingsFile.Parse(file, File.ReadAllText(file), errors);
}
