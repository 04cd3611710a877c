using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>What a rule with <c>group</c> can say outside <c>members</c>: the labels that make the group, and other devices by name.</summary>
public sealed class GroupRuleTests
{
    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("reload")]
    public void Label_ThatMakesTheGroup_IsThatOfItsMembers(string then)
    {
        var rules = RuleBench.One("label.site == \"kiel\" and max of members > 5", "group: site", "m");
        var bench = Sites(rules).Read(0, 1, "a/m").Read(1, 1, "b/m");
        bench = then switch { "restart" => bench.Restart(2), "reload" => bench.Reload(2, rules), _ => bench };
        bench.Read(3, 9, "a/m").Read(4, 9, "b/m");
        Assert.Equal(("site=kiel", "raised@4"), (bench.Transitions.Single().Series.Device, bench.Log));
        Assert.Contains("label.site = \"kiel\"", bench.Transitions[0].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Label_ThatMakesTheGroup_ChoosesOtherDevicesToo()
    {
        var bench = Sites(RuleBench.One("max of members > avg of device(\"*\", site = label.site).out", "group: site", "m"));
        bench.Read(0, 5, "a/out").Read(1, 50, "b/out").Read(2, 9, "a/m").Read(3, 9, "b/m");
        Assert.Equal(("site=hamburg", "raised@2"), (bench.Transitions.Single().Series.Device, bench.Log));
    }

    [Fact]
    public void Label_ThatIsNotSet_EqualsNothing()
    {
        var bench = new RuleBench(RuleBench.One("label.site != \"kiel\" and max of members > 5", "group: site", "m"));
        Assert.Equal("raised@0", bench.Read(0, 9, "a/m").Log);
        Assert.Contains("label.site is not set", bench.Transitions[0].Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group: all", "max of members > 0 and outside > 5", 24, "A group has no 'outside' of its own", "device(\"ID\").outside")]
    [InlineData("group: site", "limit > 5 and max of members > 0", 1, "A group has no 'limit' of its own", "where value > limit")]
    [InlineData("group: site", "max of members > metric(\"out-side\")", 18, "A group has no 'out-side' of its own", "where value > out-side")]
    [InlineData("group: site", "max of members > avg_over_time(limit, 5m)", 32, "A group has no 'limit' of its own", "")]
    [InlineData("group: all", "label.site == \"h\" and max of members > 0", 1, "The members of this group may differ in the label 'site'", "'group'")]
    [InlineData("group: [room, floor]", "max of members > 0 and label.site in (\"h\", \"k\")", 24, "The members of this group may differ in the label 'site'", "")]
    [InlineData("group: room", "max of members > avg of device(\"*\", site = label.site).m", 25, "The members of this group may differ in the label 'site'", "")]
    public void Name_ThatAGroupCanNeverKnow_IsRefused(string group, string raise, int character, string message, string mend)
    {
        const int firstColumn = 11;
        Assert.Empty(RuleBench.Load(RuleBench.One($"'{raise}'", group, "m"), out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.Equal((message, "rules[0].raise", firstColumn + character - 1), (error.Message, error.Key, error.Column));
        Assert.Contains(mend, error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("levels: [ { severity: info, raise: max of members > limit } ]", "rules[0].levels[0].raise")]
    [InlineData("kind: states\nstates: { a: { on: [ { when: max of members > limit, to: b } ] }, b: { severity: info } }", "rules[0].states.a.on[0].when")]
    [InlineData("raise: max of members > 5\nclear: max of members < limit", "rules[0].clear")]
    public void Name_ThatAGroupCanNeverKnow_IsRefusedWhereverItStands(string rule, string key)
    {
        _ = RuleBench.Load($"rules:\n- id: r\n  match: {{ metric: m }}\n  group: all\n  {rule.Replace("\n", "\n  ", StringComparison.Ordinal)}\n", out var errors);
        Assert.Equal((key, "A group has no 'limit' of its own"), (errors.All[0].Key, errors.All[0].Message));
    }

    [Theory]
    [InlineData("group: all", "any of members where value > limit and label.site == \"h\"")]
    [InlineData("group: all", "max of members > device(\"outside\").t")]
    [InlineData("group: [room, site]", "label.site == \"h\" and max of members > avg of device(\"*\", at = label.room).m")]
    [InlineData("group: all", "max of members > avg of device(\"*\", site = \"h*\").m where value > limit")]
    public void Name_ThatCanBeKnown_IsTaken(string group, string raise)
    {
        Assert.Single(RuleBench.Load(RuleBench.One($"'{raise}'", group, "m"), out var errors).Rules);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
    }

    [Fact]
    public void Group_OfOneDevice_HasTheAttributesAndLabelsOfThat()
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { device: a, metric: \"t*\" }\n  group: all\n  raise: label.site == \"kiel\" and max of members > limit\n")
            .With(Device("a", "kiel") with { Attributes = new Dictionary<string, Quantity> { ["limit"] = new(5, Unit.None) } });
        Assert.Equal("raised@1", bench.Read(0, 1, "a/t1").Read(1, 9, "a/t2").Log);
    }

    private static RuleBench Sites(string rules) => new RuleBench(rules).With(Device("a", "hamburg")).With(Device("b", "kiel"));

    private static DeviceDescription Device(string id, string site) =>
        new() { Id = id, Name = id, Labels = new Dictionary<string, string> { ["site"] = site } };
}
