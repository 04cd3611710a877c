using System.Text;
using System.Text.Json;
using IotEvents.Simulator.Runs;
using IotEvents.Simulator.Scenarios;
using IotEvents.Tests.Simulator.TestKit;
using Xunit;

namespace IotEvents.Tests.Simulator.Truth;

public sealed class TruthTests
{
    private const string Five = "signal: constant, value: 5, decimals: 2";

    [Fact]
    public void ScriptedFault_EveryTurnWithItsTimes()
    {
        Assert.Equal(
            ["drift-1/d/1 drift d v 60-120 True", "drift-1/d/2 drift d v 660-720 True", "drift-1/d/3 drift d v 1260-1300 True"],
            Truth(TestScenario.One(Five, "kind: drift, at: 1m, for: 1m, every: 10m"), 1300));
    }

    [Fact]
    public void FaultWithoutEnd_EndsWithTheRun()
    {
        Assert.Equal(["unplug-1/d/1 unplug d * 60-200 True"], Truth(TestScenario.One(Five, "kind: unplug, at: 1m"), 200));
    }

    [Fact]
    public void FaultBetweenTwoMessages_StruckNothingAndIsNotTold()
    {
        Assert.Empty(Truth(TestScenario.One(Five, "kind: dropout, at: 1500ms, for: 300ms"), 100));
    }

    [Fact]
    public void FaultByChance_IsToldWhereItStruck()
    {
        var scenario = TestScenario.One(Five, "kind: spike, probability: 0.05, by: 100");
        var struck = TestScenario.Values(scenario, 1000).Select((value, i) => (value, i)).Where(it => it.value > 50).Select(it => it.i);
        Assert.Equal(struck.Select((second, i) => $"spike-1/d/{i + 1} spike d v {second}-{second} False"), Truth(scenario, 1000));
    }

    [Theory]
    [InlineData("kind: dropout, at: 10s, for: 2s", false)]
    [InlineData("kind: dropout, at: 10s, for: 3s", true)]
    [InlineData("kind: dropout, at: 10s, for: 2s, alert: yes", true)]
    [InlineData("kind: garbage, at: 10s, for: 30s", true)]
    [InlineData("kind: nan, at: 10s, for: 30s", true)]
    [InlineData("kind: stuck, at: 10s, for: 30s", true)]
    [InlineData("kind: stuck, at: 10s, for: 30s, alert: no", false)]
    [InlineData("kind: spike, at: 10s, for: 30s", false)]
    [InlineData("kind: duplicate, at: 10s, for: 30s", false)]
    [InlineData("kind: reorder, at: 10s, for: 30s", false)]
    [InlineData("kind: clock-skew, at: 10s, for: 30s", false)]
    public void Fault_MustAlertByItsKindAndLengthOrAsTheFileSays(string fault, bool must)
    {
        Assert.EndsWith($" {must}", Assert.Single(Truth(TestScenario.One(Five, fault), 100)), StringComparison.Ordinal);
    }

    [Fact]
    public void Incident_Level_ComesStaysAndGoes()
    {
        var scenario = Incident("name: door-open, kind: level, to: 15, over: 4s, at: 10s, for: 12s");
        Assert.Equal([5, 5, 7.5, 10, 12.5, 15, 15, 15, 15, 15, 12.5, 10, 7.5, 5], TestScenario.Values(scenario, 30)[9..23]);
        Assert.Equal(["incident-1/d/1 door-open d v 10-22 True"], Truth(scenario, 60));
    }

    [Fact]
    public void Incident_Offset_ShiftsAtOnce()
    {
        var scenario = Incident("name: restocked, kind: offset, by: -2, at: 3s, for: 2s, every: 5s, alert: no");
        Assert.Equal([5, 5, 5, 3, 3, 5, 5, 5, 3, 3], TestScenario.Values(scenario, 10));
        Assert.Equal(["incident-1/d/1 restocked d v 3-5 False", "incident-1/d/2 restocked d v 8-10 False"], Truth(scenario, 10));
    }

    [Fact]
    public void Incident_Label_ChangesNothing()
    {
        var scenario = Incident("name: night, at: 3s, for: 2s");
        Assert.All(TestScenario.Values(scenario, 10), value => Assert.Equal(5, value));
        Assert.Equal(["incident-1/d/1 night d v 3-5 True"], Truth(scenario, 10));
    }

    [Fact]
    public void Incident_LeavesNoiseAndFaultsAsTheyWere()
    {
        const string Noisy = "signal: constant, value: 5, noise: 1, decimals: 6";
        const string Fault = "kind: spike, probability: 0.1, by: 100";
        var plain = TestScenario.Values(TestScenario.One(Noisy, Fault), 200);
        var shaped = TestScenario.Values(Incident("name: x, kind: level, to: 9, at: 50s, for: 100s", Noisy, Fault), 200);
        Assert.All(plain.Zip(shaped).Select((pair, i) => (pair, i)), it =>
            Assert.Equal(it.pair.First + (it.i is >= 50 and < 150 ? 4 : 0), it.pair.Second, 1e-5));
    }

    [Theory]
    [InlineData("name: x, kind: level, at: 1s, for: 4s", "'to' is missing")]
    [InlineData("name: x, kind: offset, at: 1s, for: 4s, to: 5, by: 1", "The key 'to'")]
    [InlineData("name: x, at: 1s, for: 4s, over: 1s", "The key 'over'")]
    [InlineData("name: x, kind: offset, by: 1, over: 3s, at: 1s, for: 4s", "not be complete")]
    [InlineData("name: Door Open, at: 1s, for: 4s", "cannot be an incident's name")]
    [InlineData("at: 1s, for: 4s", "'name' is missing")]
    [InlineData("name: x, at: 1s, for: 4s, device: e", "No device is called 'e'")]
    [InlineData("name: x, at: 1s, for: 4s, metric: w", "no metric 'w'")]
    [InlineData("name: x, for: 4s", "at a time or by chance")]
    [InlineData("name: x, at: 1s, for: 4s, alert: maybe", "'maybe'")]
    public void Incident_Wrong_IsRefusedWithItsReason(string incident, string says)
    {
        Assert.Contains(TestScenario.Errors(Yaml(incident, Five)), error => error.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Truth_OfSeveralMetrics_NamesThePattern()
    {
        var scenario = TestScenario.Parse("""
            name: n
            devices: [ { id: d, metrics: { a-1: { value: 1 }, a-2: { value: 1 }, b: { value: 2 } } } ]
            faults: [ { kind: stuck, metric: "a-*", at: 1s, for: 9s }, { kind: stuck, metric: "b*", at: 2s, for: 9s } ]
            """);
        Assert.Equal(["stuck-1/d/1 stuck d a-* 1-10 True", "stuck-2/d/1 stuck d b 2-11 True"], Truth(scenario, 30));
    }

    [Fact]
    public void Truth_BeginsWithTheRun()
    {
        using var output = new MemoryStream();
        VirtualRun.Write(TestScenario.One(Five), TimeSpan.FromHours(1), Stream.Null, TestContext.Current.CancellationToken, output);
        Assert.Equal(
            "{\"run\":\"one\",\"seed\":7,\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T01:00:00Z\"}\n",
            Encoding.UTF8.GetString(output.ToArray()));
    }

    private static Scenario Incident(string incident, string metric = Five, string? fault = null) =>
        TestScenario.Parse(Yaml(incident, metric) + (fault is null ? "" : $"\nfaults: [ {{ {fault} }} ]"));

    private static string Yaml(string incident, string metric) => $$"""
        name: one
        seed: 7
        devices: [ { id: d, metrics: { v: { {{metric}} } } } ]
        incidents: [ { {{incident}} } ]
        """;

    /// <summary>ID KIND DEVICE METRIC FROM-TO MUST, times in seconds since the start; without the line of the run.</summary>
    private static List<string> Truth(Scenario scenario, int seconds)
    {
        using var output = new MemoryStream();
        VirtualRun.Write(scenario, TimeSpan.FromSeconds(seconds), Stream.Null, TestContext.Current.CancellationToken, output);
        return [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(text =>
        {
            using var line = JsonDocument.Parse(text);
            var it = line.RootElement;
            var kind = it.TryGetProperty("name", out var name) ? name : it.GetProperty("kind");
            return FormattableString.Invariant(
                $"{it.GetProperty("id")} {kind} {it.GetProperty("device")} {it.GetProperty("metric")} {Second("from")}-{Second("to")} {it.GetProperty("must_alert").GetBoolean()}");

            double Second(string key) => (it.GetProperty(key).GetDateTimeOffset() - scenario.Start.ToDateTimeOffset()).TotalSeconds;
        })];
    }
}
