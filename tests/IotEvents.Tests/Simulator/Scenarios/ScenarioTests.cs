using IotEvents.Simulator.Scenarios;
using IotEvents.Tests.Simulator.TestKit;
using Xunit;

namespace IotEvents.Tests.Simulator.Scenarios;

public sealed class ScenarioTests
{
    [Fact]
    public void Parse_OnlyWhatMustBe_HasTheDocumentedDefaults()
    {
        var scenario = TestScenario.Parse("name: n\ndevices: [ { id: d, metrics: { v: { } } } ]");
        var device = Assert.Single(scenario.Devices);
        Assert.Equal(1UL, scenario.Seed);
        Assert.Empty(scenario.Faults);
        Assert.Equal((TransportKind.Mqtt, PayloadKind.Json, TimeKind.Milliseconds), (device.Transport, device.Payload, device.Time));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.Zero, 1, false, false), (device.Interval, device.Jitter, device.QoS, device.Retain, device.SharesConnection));
        Assert.Equal((0, 2), (device.Metrics[0].Noise, device.Metrics[0].Decimals));
    }

    [Theory]
    [InlineData("freezer-{1..4}", "freezer-1,freezer-2,freezer-3,freezer-4")]
    [InlineData("n{08..11}x", "n08x,n09x,n10x,n11x")]
    [InlineData("plain", "plain")]
    public void Parse_Ranges_StandForTheirDevices(string id, string expected)
    {
        var scenario = TestScenario.Parse($"name: n\ndevices: [ {{ id: \"{id}\", metrics: {{ v: {{ }} }} }} ]");
        Assert.Equal(expected, string.Join(',', scenario.Devices.Select(d => d.Id)));
    }

    [Theory]
    [InlineData("id: d, colour: red", "colour", "known here")]
    [InlineData("id: \"a b\"", "devices[0].id", "cannot be a device's id")]
    [InlineData("id: \"x{5..1}\"", "devices[0].id", "0 devices")]
    [InlineData("id: \"x{1..10001}\"", "devices[0].id", "10001 devices")]
    [InlineData("id: d, interval: 0s", "interval", "out of range")]
    [InlineData("id: d, interval: 1s, jitter: 501ms", "jitter", "out of range")]
    [InlineData("id: d, qos: 3", "qos", "out of range")]
    [InlineData("id: d, payload: xml", "payload", "not known")]
    [InlineData("id: d, topic: a/#", "topic", "without + and #")]
    [InlineData("id: \"d{1..2}\", topic: a", "topic", "share this topic")]
    [InlineData("id: d, payload: number, time: ms", "time", "carries no time")]
    [InlineData("id: d, transport: serial, topic: x", "topic", "no topics")]
    public void Parse_WrongDevice_SaysWhereAndWhat(string device, string key, string what)
    {
        var error = Assert.Single(TestScenario.Errors($"name: n\ndevices:\n  - {{ {device}, metrics: {{ v: {{ }} }} }}"));
        Assert.StartsWith("test.yaml:3:", error, StringComparison.Ordinal);
        Assert.Contains(key, error, StringComparison.Ordinal);
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.Contains("; ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signal: sin", "did you mean 'sine'")]
    [InlineData("signal: sine, amplitude: -1", "out of range")]
    [InlineData("signal: sine, value: 1", "'value' is not known")]
    [InlineData("noise: .nan", "not a number")]
    [InlineData("decimals: 10", "out of range")]
    [InlineData("unit: parsec", "unit 'parsec' is not known")]
    [InlineData("signal: random-walk, min: 5, max: 5", "not above the lower")]
    [InlineData("signal: steps", "0 points")]
    [InlineData("signal: steps, steps: [ { at: 2s, to: 1 }, { at: 2s, to: 2 } ]", "not after the one before")]
    [InlineData("signal: curve, points: [ { at: 2s, value: 1 } ], repeat: 2s", "before the last point")]
    [InlineData("signal: recording, file: none.csv", "cannot be read")]
    public void Parse_WrongMetric_SaysWhat(string metric, string what) =>
        Assert.Contains(TestScenario.Errors($"name: n\ndevices: [ {{ id: d, metrics: {{ v: {{ {metric} }} }} }} ]"),
            e => e.Contains(what, StringComparison.Ordinal));

    [Theory]
    [InlineData("at: 1s", "'kind' is missing")]
    [InlineData("kind: fire, at: 1s", "not known")]
    [InlineData("kind: stuck", "either at a time or by chance")]
    [InlineData("kind: stuck, at: 1s, probability: 0.1", "either at a time or by chance")]
    [InlineData("kind: stuck, probability: 1.1", "out of range")]
    [InlineData("kind: stuck, at: 1s, for: 5s, every: 5s", "needs a beginning and an end")]
    [InlineData("kind: stuck, at: 1s, device: nobody", "No device is called 'nobody'")]
    [InlineData("kind: stuck, at: 1s, metric: w", "no metric 'w'")]
    [InlineData("kind: clock-skew, at: 1s, device: silent", "send no time")]
    public void Parse_WrongFault_SaysWhat(string fault, string what) =>
        Assert.Contains(TestScenario.Errors($$"""
            name: n
            devices: [ { id: d, metrics: { v: { } } }, { id: silent, time: none, metrics: { v: { } } } ]
            faults: [ { {{fault}} } ]
            """), e => e.Contains(what, StringComparison.Ordinal));

    [Theory]
    [InlineData("devices: [ { id: d, metrics: { v: { } } } ]", "'name' is missing")]
    [InlineData("name: n", "0 devices")]
    [InlineData("name: n\ndevices: [ { id: d, metrics: { v: { } } }, { id: d, metrics: { v: { } } } ]", "'d' stands there twice")]
    [InlineData("name: n\nstart: yesterday\ndevices: [ { id: d, metrics: { v: { } } } ]", "'yesterday' is not a time")]
    [InlineData("name: n\ndevices: [ { id: d } ]", "measures nothing")]
    public void Parse_WrongScenario_SaysWhat(string yaml, string what) =>
        Assert.Contains(TestScenario.Errors(yaml), e => e.Contains(what, StringComparison.Ordinal));

    [Fact]
    public void BuiltIn_UnknownName_NamesTheKnown()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => Scenario.BuiltIn("nope"));
        Assert.Contains("demo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BuiltIn_Demo_HasTheTurnsTheDemoShows()
    {
        var scenario = Scenario.BuiltIn("demo");
        var messages = TestScenario.Play(scenario, TimeSpan.FromSeconds(60));
        double[] Of(string device, string metric) => [.. messages.Where(m => m.Device.Scenario.Id == device)
            .Select(m => System.Text.Json.JsonDocument.Parse(m.Payload).RootElement.GetProperty(metric).GetDouble())];

        var freezer = Of("freezer-2", "temperature");
        Assert.True(freezer.Take(8).All(v => v < -17));
        Assert.True(freezer.Skip(14).Take(12).All(v => v > -15));
        Assert.True(freezer.Skip(38).All(v => v < -17));
        var level = Of("tank-1", "level");
        Assert.True(level[0] < 1500 && level.Skip(20).Take(20).All(v => v >= 1600) && level[57] < 1500);
        Assert.Equal(30, Of("pump-1", "power").Length);
        Assert.True(scenario.Devices.Count(d => d.Transport == TransportKind.Mqtt) >= 4);
        Assert.Single(scenario.Devices, d => d.Transport == TransportKind.Serial);
    }
}
