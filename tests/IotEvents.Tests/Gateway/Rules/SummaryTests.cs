using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>What an alert says in one line when it is about more than one series.</summary>
public sealed class SummaryTests
{
    [Theory]
    [InlineData("", "site=kiel temperature: avg of members = 9 °C: 1 of 1: f-1/temperature = 9 °C")]
    [InlineData("  summary: 'cold room {label.site}: {value}'\n", "cold room kiel: avg of members = 9 °C: 1 of 1: f-1/temperature = 9 °C")]
    [InlineData("  summary: '{site} {label.room}'\n", "kiel {label.room}")]
    public void Group_HasTheLabelsItsMembersShareAndWhatTheConditionSaw(string more, string summary)
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { metric: temperature }\n  group: site\n  raise: avg of members > 5 °C\n" + more);
        bench.With(Device("f-1")).Series("f-1/temperature", "Cel");
        bench.Read(0, 9, "f-1/temperature");
        Assert.Equal(summary, Assert.Single(bench.Transitions).Summary);
    }

    [Fact]
    public void Device_WithoutAMetric_SaysWhatTheConditionSaw()
    {
        var bench = new RuleBench("rules:\n- id: r\n  match: { device: \"boiler-*\" }\n  raise: temperature > 80 °C and pressure > 2\n");
        bench.Series("boiler-1/temperature", "Cel");
        bench.Series("boiler-1/pressure");
        bench.Read(0, 3, "boiler-1/pressure").Read(1, 85, "boiler-1/temperature").Read(2, 20, "boiler-1/temperature");
        Assert.Equal(
            ["boiler-1: temperature = 85 °C, pressure = 3", "boiler-1: temperature = 20 °C, pressure = 3"],
            bench.Transitions.Select(it => it.Summary));
    }

    private static DeviceDescription Device(string id) => new()
    {
        Id = id,
        Name = id,
        Labels = new Dictionary<string, string> { ["site"] = "kiel", ["room"] = id },
    };
}
