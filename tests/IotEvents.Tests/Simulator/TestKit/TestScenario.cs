using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Simulator.Fleet;
using IotEvents.Simulator.Scenarios;
using Xunit;

namespace IotEvents.Tests.Simulator.TestKit;

/// <summary>Small scenarios and what they say.</summary>
internal static class TestScenario
{
    public static Scenario Parse(string yaml, string file = "test.yaml")
    {
        var errors = new SettingsErrors();
        var scenario = Scenario.Parse(file, yaml, errors);
        Assert.True(errors.IsEmpty, string.Join("\n", errors.All));
        return scenario;
    }

    public static IReadOnlyList<string> Errors(string yaml)
    {
        var errors = new SettingsErrors();
        _ = Scenario.Parse("test.yaml", yaml, errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    /// <summary>One device <c>d</c> that speaks every second, with one metric <c>v</c>, and faults one per line.</summary>
    public static Scenario One(string metric, params string[] faults) => Parse($$"""
        name: one
        seed: 7
        devices:
          - { id: d, metrics: { v: {{{metric}}} } }
        {{(faults.Length > 0 ? "faults:" : "")}}
        {{string.Join("\n", faults.Select(f => $"  - {{ {f} }}"))}}
        """);

    public static List<SimulatedMessage> Play(Scenario scenario, TimeSpan length)
    {
        var fleet = new VirtualFleet(scenario);
        var messages = new List<SimulatedMessage>();
        while (fleet.DueAt < length)
        {
            var device = fleet.Take();
            device.Next(scenario.Start + device.DueAt, messages);
            fleet.Return(device);
        }

        return messages;
    }

    public static List<string> Texts(Scenario scenario, int seconds) =>
        [.. Play(scenario, TimeSpan.FromSeconds(seconds)).Select(m => Encoding.UTF8.GetString(m.Payload))];

    /// <summary>The numbers behind <c>"v":</c>; NaN where there is a bare NaN.</summary>
    public static List<double> Values(Scenario scenario, int seconds) => [.. Texts(scenario, seconds).Select(text =>
    {
        var start = text.IndexOf("\"v\":", StringComparison.Ordinal) + 4;
        return double.Parse(text[start..^1], System.Globalization.CultureInfo.InvariantCulture);
    })];

    /// <summary>Seconds since the start of the scenario that the payload's own time says.</summary>
    public static double SecondsOf(Scenario scenario, string text)
    {
        var start = text.IndexOf("\"ts\":", StringComparison.Ordinal) + 5;
        var milliseconds = long.Parse(text[start..text.IndexOf(',', start)], System.Globalization.CultureInfo.InvariantCulture);
        return (Timestamp.FromUnixMilliseconds(milliseconds) - scenario.Start).TotalSeconds;
    }
}
