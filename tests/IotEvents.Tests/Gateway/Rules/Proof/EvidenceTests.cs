using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Proof;

/// <summary>What a raise was decided from, and that it decides the same again; and that nothing else does.</summary>
public sealed class EvidenceTests
{
    private static readonly RuleEngineOptions WithEvidence = new() { Evidence = true };

    [Fact]
    public void Raise_OfAThreshold_HoldsRuleReadingAndState()
    {
        var bench = Bench(RuleBench.One("value > 5", "for: 10s"));
        bench.Read(0, 7).Read(10, 8);
        var bundle = Bundle(bench);

        Assert.Equal("r", bundle.Rule.Id);
        Assert.Equal(bench.Rules.Rules[0].Version, bundle.Rule.Version);
        Assert.Contains("raise: \"value > 5\"", bundle.Rule.Text, StringComparison.Ordinal);
        Assert.Equal((Trigger.Reading, 8.0, "d/m", "Good"), (bundle.Trigger.By, bundle.Trigger.Value, bundle.Trigger.Series, bundle.Trigger.Quality));
        Assert.Equal(RuleState.Pending, bundle.Before.Levels[0].State);
        Assert.Equal(RuleBench.Start.Nanoseconds, bundle.Before.Levels[0].Since);
        Assert.Equal(RuleState.Firing, bundle.After.Levels[0].State);
        Assert.Equal((8.0, 7.0), (bundle.Series[0].Latest, bundle.Series[0].Previous));
        AssertSame(bench);
    }

    [Fact]
    public void Raise_ByTimeAlone_SaysSo()
    {
        var bench = Bench(RuleBench.One("value > 5", "for: 10s"));
        bench.Read(0, 7).Tick(60);

        Assert.Equal(Trigger.Time, Bundle(bench).Trigger.By);
        AssertSame(bench);
    }

    [Fact]
    public void Raise_AtSilenceThatWasLearned_IsDecidedAgain()
    {
        var bench = Bench("rules:\n- id: r\n  match: { metric: m }\n  raise: value > 100\n  missing: alert\n");
        for (var i = 0; i < 200; i++)
        {
            bench.Read(i * 10, 1);
        }

        bench.Tick(1_000_000);
        var bundle = Bundle(bench);
        Assert.True(bundle.After.Silent);
        Assert.NotNull(bundle.Series[0].LearnedSilence);
        AssertSame(bench);
    }

    [Fact]
    public void Raise_OverAWindow_HoldsItsReadings()
    {
        var bench = Bench(RuleBench.One("avg_over_time(1m) > 5"));
        bench.Read(0, 1).Read(20, 7).Read(40, 11);
        var series = Bundle(bench).Series[0];

        Assert.Equal([1.0, 7.0, 11.0], series.Values!);
        Assert.Equal(0, series.LeftOut);
        AssertSame(bench);
    }

    [Fact]
    public void Raise_WithMoreReadingsThanFit_SaysHowManyAreMissingAndIsNotJudged()
    {
        var bench = Bench(RuleBench.One("sum_over_time(2h) > 1500", metric: "m"));
        for (var i = 0; i <= 1501; i++)
        {
            bench.Read(i, 1);
        }

        var series = Bundle(bench).Series[0];
        Assert.Equal((EvidenceWriter.ReadingsMax, 501), (series.Values!.Length, series.LeftOut));
        var verdict = EvidenceVerifier.Verify(Json(bench));
        Assert.False(verdict.IsSame);
        Assert.Contains("501 readings of d/m were left out", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Raise_WhereOnlyAnotherRuleLooksFurtherBack_IsJudgedAgainInSpiteOfTheCut()
    {
        var bench = Bench("rules:\n- id: far\n  match: { metric: m }\n  raise: sum_over_time(2h) > 1e9\n"
            + "- id: r\n  match: { metric: m }\n  raise: avg_over_time(10s) > 5\n");
        for (var i = 0; i <= 1500; i++)
        {
            bench.Read(i, 1);
        }

        bench.Read(1501, 100);
        Assert.True(Bundle(bench).Series[0].LeftOut > 0);
        AssertSame(bench);
    }

    [Fact]
    public void Raise_OfADevice_HoldsItsSeriesLabelsAndAttributes()
    {
        var bench = Bench("rules:\n- id: r\n  match: { device: \"*\", labels: { site: \"ham*\" } }\n  raise: level > 80 % of capacity and m < 3\n")
            .With(new DeviceDescription
            {
                Id = "d",
                Name = "Tank 1",
                Labels = new Dictionary<string, string> { ["site"] = "hamburg" },
                Attributes = new Dictionary<string, Quantity> { ["capacity"] = new(2000, Units.Get("L")) },
            });
        bench.Series("d/level", "L");
        bench.Read(0, 1).Read(1, 1700, "d/level");
        var bundle = Bundle(bench);

        Assert.Equal(["d/level", "d/m"], bundle.Series.Select(it => $"{it.Device}/{it.Metric}").Order(StringComparer.Ordinal));
        var device = Assert.Single(bundle.Devices);
        Assert.Equal(("Tank 1", "hamburg", 2000.0), (device.Name, device.Labels["site"], device.Attributes["capacity"].Value));
        Assert.Equal("d/level", bundle.Trigger.Series);
        AssertSame(bench);
    }

    [Theory]
    [InlineData("max of device(\"room-*\").m > limit")]
    [InlineData("max of device(\"room-*\").m > 5")]
    [InlineData("device(\"room-1\").m > limit")]
    public void Raise_OfADeviceWhoseMetricsAreNotNamed_IsDecidedAgain(string raise)
    {
        var bench = Bench($"rules:\n- id: r\n  match: {{ device: hub }}\n  raise: '{raise}'\n").With(new DeviceDescription
        {
            Id = "hub",
            Name = "hub",
            Attributes = new Dictionary<string, Quantity> { ["limit"] = new(5, Unit.None) },
        });
        bench.Read(0, 1, "hub/uptime").Read(1, 9, "room-1/m").Read(2, 1, "hub/uptime");
        AssertSame(bench);
    }

    [Theory]
    [InlineData("group: all\n  raise: count of members where value > 5 >= 2")]
    [InlineData("group: all\n  raise: avg of members > 5")]
    [InlineData("raise: 'count of device(\"*\").m where value > 5 >= 2'")]
    public void Raise_OfAGroup_HoldsItsMembers(string rule)
    {
        var bench = Bench($"rules:\n- id: r\n  match: {{ metric: m }}\n  {rule}\n");
        bench.Read(0, 9, "b/m").Read(1, 8, "a/m").Read(2, 7, "c/m");

        Assert.Contains("b/m", Bundle(bench).Series.Select(it => $"{it.Device}/{it.Metric}"));
        AssertSame(bench);
    }

    [Theory]
    [InlineData("kind: change\n  by: 2\n  within: 1m")]
    [InlineData("kind: stuck\n  after: 20s\n  readings: 2")]
    [InlineData("kind: absence\n  after: 20s")]
    [InlineData("kind: states\n  states: { idle: { on: [ { when: value > 5, to: hot } ] }, hot: { severity: warning, on: [ { when: value < 3, to: idle } ] } }")]
    [InlineData("levels:\n  - { severity: info, raise: value > 2 }\n  - { severity: critical, raise: value > 5 }")]
    [InlineData("raise: value > 2\n  times: 2 of 3\n  quality: any")]
    public void Raise_OfAnyKind_IsDecidedAgain(string rule)
    {
        var rules = $"rules:\n- id: r\n  match: {{ metric: m }}\n  {rule}\n";
        var bench = Bench(rules);
        bench.Read(0, 1).Read(10, 4).Read(20, 4, quality: Quality.Suspect).Read(30, 9).Read(40, 9).Read(50, 9).Tick(3600);
        AssertSame(bench);
    }

    [Fact]
    public void Raise_AsAWorseLevel_RemembersTheMilderOne()
    {
        var bench = Bench("rules:\n- id: r\n  match: { metric: m }\n  levels:\n  - { severity: info, raise: value > 2 }\n  - { severity: critical, raise: value > 5 }\n");
        bench.Read(0, 3).Read(10, 9);

        Assert.Equal("info", Bundle(bench).Before.Raised!.Severity);
        AssertSame(bench);
    }

    [Fact]
    public void Raise_OfHistory_IsDecidedAgain()
    {
        var bench = Bench(RuleBench.One("value > 5"));
        bench.Read(10_000, 1).Read(0, 9, delay: 10_001);

        Assert.True(Bundle(bench).Decision.Historical);
        AssertSame(bench);
    }

    [Fact]
    public void End_HasNoEvidence_AndEvidenceIsNoPartOfWhatATransitionSays()
    {
        var bench = Bench(RuleBench.One("value > 5"));
        bench.Read(0, 9).Read(1, 1);

        Assert.True(bench.Transitions[1].Evidence.Json.IsEmpty);
        Assert.Equal(bench.Transitions[0], bench.Transitions[0] with { Evidence = default });
        Assert.Equal(bench.Transitions[0].ToString(), (bench.Transitions[0] with { Evidence = default }).ToString());
    }

    [Fact]
    public void Raise_WithoutTheOption_HasNoEvidence()
    {
        var bench = new RuleBench(RuleBench.One("value > 5"));
        bench.Read(0, 9);
        Assert.True(bench.Transitions[0].Evidence.Json.IsEmpty);
    }

    [Fact]
    public void Evidence_OfTheSameDecision_IsTheSameBytes()
    {
        var (first, second) = (Bench(RuleBench.One("avg_over_time(1m) > 5")), Bench(RuleBench.One("avg_over_time(1m) > 5")));
        first.Read(0, 1).Read(20, 7).Read(40, 11);
        second.Read(0, 1).Read(20, 7).Read(40, 11);
        Assert.Equal(Json(first), Json(second));
    }

    [Theory]
    [InlineData("the reading", "series.0.latest", 8.5)]
    [InlineData("a reading of the window", "series.0.values.1", 7.5)]
    [InlineData("the value", "decision.value", 11.5)]
    [InlineData("the trigger", "trigger.value", 11.5)]
    [InlineData("the severity", "decision.severity", "critical")]
    [InlineData("the time", "decision.time", 1)]
    [InlineData("the explanation", "decision.explanation", "because")]
    [InlineData("the version", "rule.version", "00000000")]
    public void Verify_AfterAChange_DoesNotVerify(string what, string path, object value)
    {
        var bench = Bench(RuleBench.One("avg_over_time(1m) > 5"));
        bench.Read(0, 1).Read(20, 7).Read(40, 11);
        AssertSame(bench);

        var verdict = EvidenceVerifier.Verify(Changed(Json(bench), path, value));
        Assert.False(verdict.IsSame, what);
        Assert.NotEmpty(verdict.Differences);
    }

    [Fact]
    public void Verify_AfterAnEditOfTheThreshold_SaysWhatDiffers()
    {
        var bench = Bench(RuleBench.One("value > 5"));
        bench.Read(0, 9);
        var text = Encoding.UTF8.GetString(Json(bench)).Replace("value > 5", "value > 50", StringComparison.Ordinal);

        var verdict = EvidenceVerifier.Verify(Encoding.UTF8.GetBytes(text));
        Assert.Equal(["rule", "decision"], verdict.Differences.Select(it => it.What));
        Assert.Equal("not raised", verdict.Differences[1].Now);
    }

    [Theory]
    [InlineData("{}", "this is no evidence")]
    [InlineData("[]", "this is no evidence")]
    [InlineData("no json", "cannot be read")]
    [InlineData("{\"format\":\"iotevents-evidence\",\"version\":3}", "format version 3; this program reads up to 2")]
    [InlineData("{\"format\":\"iotevents-evidence\",\"version\":1}", "cannot be read")]
    public void Verify_OfWhatIsNoEvidence_IsRefused(string json, string problem)
    {
        var verdict = EvidenceVerifier.Verify(Encoding.UTF8.GetBytes(json));
        Assert.False(verdict.IsSame);
        Assert.Contains(problem, verdict.Problem, StringComparison.Ordinal);
        Assert.NotEmpty(verdict.Mend);
    }

    [Fact]
    public void Verify_OfEvidenceWithAnyByteChanged_NeverThrows()
    {
        var bench = Bench(RuleBench.One("avg_over_time(1m) > 5"));
        bench.Read(0, 1).Read(20, 7).Read(40, 11);
        var random = new Random(5);
        for (var i = 0; i < 500; i++)
        {
            var json = Json(bench).ToArray();
            json[random.Next(json.Length)] = (byte)random.Next(32, 127);
            Assert.NotNull(EvidenceVerifier.Verify(json));
        }
    }

    [Fact]
    public void Raise_WithAnEnormousGroup_StaysWithinTheLimit()
    {
        var bench = Bench("rules:\n- id: r\n  match: { metric: m }\n  group: all\n  raise: avg_over_time(1h) > 1000\n".Replace(
            "avg_over_time(1h) > 1000", "any of members where avg_over_time(1h) > 1000", StringComparison.Ordinal));
        for (var i = 0; i < 400; i++)
        {
            bench.Read(i, i / 7.0, $"device-{i}/m").Read(1000 + i, i / 3.0, $"device-{i}/m");
        }

        bench.Read(2000, 1e9, "device-7/m");
        Assert.InRange(Json(bench).Length, 1, EvidenceWriter.BytesMax);
        Assert.True(Bundle(bench).SeriesLeftOut > 0);
        Assert.Contains("series were left out", EvidenceVerifier.Verify(Json(bench)).Problem, StringComparison.Ordinal);
    }

    private static RuleBench Bench(string rules) => new(rules, options: WithEvidence);

    private static byte[] Json(RuleBench bench) =>
        bench.Transitions.Last(it => it.Kind == TransitionKind.Raised && it.Rule == "r").Evidence.Json.ToArray();

    private static EvidenceBundle Bundle(RuleBench bench) => JsonSerializer.Deserialize(Json(bench), EvidenceFormat.Json.EvidenceBundle)!;

    private static void AssertSame(RuleBench bench)
    {
        var raises = bench.Transitions.Where(it => it.Kind == TransitionKind.Raised).ToList();
        Assert.NotEmpty(raises);
        foreach (var raise in raises)
        {
            var verdict = EvidenceVerifier.Verify(raise.Evidence.Json.Span);
            Assert.True(verdict.IsSame, $"{raise}\n{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
        }
    }

    private static byte[] Changed(byte[] json, string path, object value)
    {
        var root = JsonNode.Parse(json)!;
        var steps = path.Split('.');
        var node = root;
        foreach (var step in steps[..^1])
        {
            node = int.TryParse(step, out var at) ? node![at] : node![step];
        }

        JsonNode changed = value switch { string text => JsonValue.Create(text), int number => JsonValue.Create(number), _ => JsonValue.Create((double)value) };
        if (int.TryParse(steps[^1], out var last))
        {
            node![last] = changed;
        }
        else
        {
            node![steps[^1]] = changed;
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }
}
