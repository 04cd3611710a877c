using System.Text;
using System.Text.Json.Nodes;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Proof;

/// <summary>Evidence of alerts that are no verdict about values: a rule failed, a rule flaps; and of overrides.</summary>
public sealed class OtherEvidenceTests
{
    private static readonly RuleEngineOptions WithEvidence = new() { Evidence = true };

    [Fact]
    public void Failure_FromItsEvidence_FailsAgain()
    {
        var bench = new RuleBench(RuleBench.One("quantile_over_time(0.5, 1h) > 50"), stepsMax: 20, options: WithEvidence);
        for (var i = 0; i < 40; i++)
        {
            bench.Read(i, 1);
        }

        var failed = Assert.Single(bench.Transitions);
        Assert.Equal("r.failed", failed.Rule);
        AssertSame(failed);
        var roomy = Edited(failed, bundle => bundle["steps_max"] = 2000);
        Assert.Equal("decision", Assert.Single(roomy.Differences).What);
    }

    [Fact]
    public void Flapping_FromItsEvidence_IsNoticedAgain()
    {
        var bench = new RuleBench(RuleBench.One("value > 5") + "- id: flaps\n  kind: flapping\n  changes: 6\n  within: 2m\n", options: WithEvidence);
        for (var i = 0; i < 10; i++)
        {
            bench.Read(i * 5, i % 2 == 0 ? 9 : 1);
        }

        var notice = Assert.Single(bench.Transitions, it => it.Rule == "flaps");
        AssertSame(notice);
        var fewer = Edited(notice, bundle => bundle["flapping"]!["changes"]!.AsArray().RemoveAt(0));
        Assert.Equal("decision", Assert.Single(fewer.Differences).What);
    }

    [Fact]
    public void Raise_UnderAnOverride_IsDecidedWithItAgain()
    {
        var bench = new RuleBench(RuleBench.One("value > max", metric: "m"), options: WithEvidence).Read(0, 1);
        var now = RuleBench.Start + TimeSpan.FromSeconds(1);
        bench.Engine.SetOverride(
            new AttributeOverride("d", "max", new Quantity(5, Unit.None), now, now + TimeSpan.FromHours(1), "defrost", "me"), bench.Outcome);
        var raised = Assert.Single(bench.Read(2, 7).Transitions);
        AssertSame(raised);
        Assert.False(Edited(raised, bundle => bundle["devices"]![0]!.AsObject().Remove("overrides")).IsSame);
    }

    private static void AssertSame(Transition raised)
    {
        var verdict = EvidenceVerifier.Verify(raised.Evidence.Json.Span);
        Assert.True(verdict.IsSame, $"{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
    }

    private static EvidenceVerdict Edited(Transition raised, Action<JsonNode> edit)
    {
        var bundle = JsonNode.Parse(raised.Evidence.Json.Span)!;
        edit(bundle);
        return EvidenceVerifier.Verify(Encoding.UTF8.GetBytes(bundle.ToJsonString()));
    }
}
