using System.Text;
using IotEvents.Simulator.Runs;
using IotEvents.Simulator.Scenarios;
using IotEvents.Tests.Simulator.TestKit;
using Xunit;

namespace IotEvents.Tests.Simulator.Fleet;

public sealed class VirtualDeviceTests
{
    public static TheoryData<string> BuiltIn => [.. BuiltInScenarios.Names];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Next_SameSeed_SameBytes(string name)
    {
        var scenario = Scenario.BuiltIn(name);
        var first = Written(scenario);
        Assert.NotEmpty(first);
        Assert.Equal(first, Written(Scenario.BuiltIn(name)));
        Assert.NotEqual(first, Written(scenario with { Seed = scenario.Seed + 1 }));
    }

    [Fact]
    public void Next_AnotherDeviceAdded_LeavesTheFirstAsItWas()
    {
        const string First = "{ id: a, jitter: 100ms, metrics: { v: { signal: random-walk, noise: 1 } } }";
        var alone = TestScenario.Parse($"name: n\ndevices: [ {First} ]");
        var both = TestScenario.Parse($"name: n\ndevices: [ {{ id: b, metrics: {{ v: {{ noise: 1 }} }} }}, {First} ]");
        Assert.Equal(Of(alone), Of(both));

        static List<string> Of(Scenario scenario) => [.. TestScenario.Play(scenario, TimeSpan.FromMinutes(1))
            .Where(m => m.Device.Scenario.Id == "a").Select(m => Encoding.UTF8.GetString(m.Payload))];
    }

    [Fact]
    public void Next_Jitter_StaysWithinItAndKeepsTheRate()
    {
        var scenario = TestScenario.Parse("name: n\ndevices: [ { id: d, interval: 1s, jitter: 200ms, metrics: { v: { value: 1 } } } ]");
        var times = TestScenario.Texts(scenario, 1000).ConvertAll(t => TestScenario.SecondsOf(scenario, t));
        Assert.InRange(times.Count, 999, 1001);
        var offsets = times.Skip(1).Select((t, i) => t - (i + 1)).ToList();
        Assert.All(offsets, o => Assert.InRange(o, -0.201, 0.2));
        Assert.InRange(offsets.Min(), -0.201, -0.18);
        Assert.InRange(offsets.Max(), 0.18, 0.2);
    }

    [Theory]
    [InlineData("payload: json, time: none", "d/telemetry", "{\"a\":1.50,\"b\":2}")]
    [InlineData("payload: json, time: none, units: true", "d/telemetry", "{\"a\":{\"value\":1.50,\"unit\":\"Cel\"},\"b\":2}")]
    [InlineData("payload: json, time: rfc3339", "d/telemetry", "{\"ts\":\"2026-01-01T00:00:00Z\",\"a\":1.50,\"b\":2}")]
    [InlineData("payload: csv", "d/telemetry", "1.50,2")]
    [InlineData("payload: csv, time: ms", "d/telemetry", "1767225600000,1.50,2")]
    [InlineData("payload: kv, units: true, topic: \"x/{device}\"", "x/d", "a=1.50Cel b=2")]
    public void Next_EachPayload_IsWrittenSo(string settings, string address, string payload)
    {
        var scenario = TestScenario.Parse(
            $"name: n\ndevices: [ {{ id: d, {settings}, metrics: {{ a: {{ value: 1.5, unit: Cel }}, b: {{ value: 2, decimals: 0 }} }} }} ]");
        var message = TestScenario.Play(scenario, TimeSpan.FromMilliseconds(1)).Single();
        Assert.Equal((address, payload), (message.Address, Encoding.UTF8.GetString(message.Payload)));
    }

    [Fact]
    public void Next_BareNumbers_EachMetricUnderItsTopic()
    {
        var scenario = TestScenario.Parse("name: n\ndevices: [ { id: d, payload: number, metrics: { a: { value: -0.001 }, b: { value: 2 } } } ]");
        var messages = TestScenario.Play(scenario, TimeSpan.FromMilliseconds(1));
        Assert.Equal([("d/a", "0.00"), ("d/b", "2.00")], messages.Select(m => (m.Address, Encoding.UTF8.GetString(m.Payload))));
    }

    private static byte[] Written(Scenario scenario)
    {
        using var output = new MemoryStream();
        VirtualRun.Write(scenario, TimeSpan.FromSeconds(40), output, CancellationToken.None);
        return output.ToArray();
    }
}
