using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>
/// With which readings a rule about a device as a whole is judged: those of the metrics it names; when it names none, all. An
/// attribute is no metric, and a name inside a group is one of the member's.
/// </summary>
public sealed class DeviceRuleTests
{
    private const string States = "kind: states\n  states: { calm: { on: [ { when: device(\"room-1\").t > setpoint, to: hot } ] }, hot: { severity: warning } }";

    [Theory]
    [InlineData("raise: setpoint > 5", "raised@0")]
    [InlineData("raise: device(\"room-1\").t > setpoint", "raised@20")]
    [InlineData("raise: max of device(\"room-*\").t > setpoint", "raised@15")]
    [InlineData("raise: any of device(\"room-*\").t where value > limit", "raised@15")]
    [InlineData("raise: any of device(\"room-*\").t where humidity > 50", "raised@10")]
    [InlineData("raise: uptime > setpoint and max of device(\"room-*\").t > setpoint", "raised@25")]
    [InlineData(States, "raised@20")]
    public void Rule_ThatNamesNothingOfItsDeviceButAttributes_IsJudgedWithAllOfIt(string rule, string log)
    {
        var bench = Hub(rule).Read(0, 1, "hub/uptime").Read(5, 60, "room-1/humidity").Read(10, 18, "room-1/t");
        Assert.Equal(log, bench.Read(15, 21, "room-1/t").Read(20, 2, "hub/uptime").Read(25, 30, "hub/uptime").Log);
    }

    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("reload")]
    public void Silence_OfADeviceWhoseRuleNamesAttributesAlone_IsTold(string then)
    {
        const string Rule = "raise: device(\"room-1\").t > setpoint\n  missing: alert\n  missing_after: 60s";
        var bench = Hub(Rule).Read(0, 1, "hub/uptime").Tick(30);
        bench = then switch { "restart" => bench.Restart(30), "reload" => bench.Reload(30, Text(Rule)), _ => bench };
        Assert.Equal("raised@60", bench.Tick(100).Log);
    }

    [Fact]
    public void Selector_WakesADeviceThatHasSpoken_AndNoOther()
    {
        var bench = Hub("raise: max of device(\"room-*\").t > setpoint");
        bench.Series("hub/uptime");
        bench.Restart(0).Read(1, 21, "room-1/t").Read(2, 1, "hub/uptime", quality: Quality.Suspect).Read(3, 21, "room-1/t");
        Assert.Equal("", bench.Log);
        Assert.Equal("raised@4, recovered@5", bench.Read(4, 1, "hub/uptime").Read(5, 18, "room-1/t").Log);
    }

    [Fact]
    public void Name_OfAnAttributeHereAndAMetricThere_IsDecidedByTheDevice()
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { device: \"*\" }\n  raise: limit > 5\n")
            .With(With("a", ("limit", 9))).Read(0, 1, "a/x").Read(1, 1, "b/x");
        Assert.Equal(["a"], bench.Engine.Instances.Select(it => it.Series.Device));

        bench.Read(2, 9, "b/limit").Read(3, 1, "b/x");
        Assert.Equal(["a", "b"], bench.Transitions.Select(it => it.Series.Device));
        Assert.Equal("raised@0, raised@2", bench.Log);
    }

    [Theory]
    [InlineData("raise: t > 5 and any of device(\"room-*\").t where humidity > 50")]
    [InlineData("raise: t > setpoint")]
    [InlineData("raise: metric(\"setpoint\") > 5")]
    [InlineData("raise: device(\"hub\").t > setpoint")]
    public void Rule_ThatNamesMetricsOfItsDevice_IsNotJudgedWithOthersOfIt(string rule) =>
        Assert.Empty(Hub(rule).Read(0, 60, "hub/humidity").Read(1, 1, "hub/uptime").Engine.Instances);

    [Fact]
    public void Override_OfTheOnlyAttribute_CountsFromTheNextReadingOn()
    {
        var bench = Hub("raise: device(\"room-1\").t > setpoint").Read(0, 21, "room-1/t");
        bench.Engine.SetOverride(
            new AttributeOverride("hub", "setpoint", new Quantity(25, Unit.None), RuleBench.Start, RuleBench.Start + TimeSpan.FromSeconds(50), "test", "me"),
            bench.Outcome);
        Assert.Equal("raised@60", bench.Read(10, 1, "hub/uptime").Read(60, 1, "hub/uptime").Log);
    }

    private static RuleBench Hub(string rule) => new RuleBench(Text(rule)).With(With("hub", ("setpoint", 20))).With(With("room-1", ("limit", 20)));

    private static string Text(string rule) => $"rules:\n- id: r\n  match: {{ device: hub }}\n  {rule}\n";

    private static DeviceDescription With(string id, (string Name, double Value) attribute) => new()
    {
        Id = id,
        Name = id,
        Attributes = new Dictionary<string, Quantity> { [attribute.Name] = new(attribute.Value, Unit.None) },
    };
}
