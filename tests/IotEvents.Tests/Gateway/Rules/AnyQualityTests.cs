using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>Rules with <c>quality: any</c> see readings of bad quality, whatever they call their metric.</summary>
public sealed class AnyQualityTests
{
    [Theory]
    [InlineData("value > 5", "raised@10")]
    [InlineData("m > 5", "raised@10")]
    [InlineData("metric(\"m\") > 5", "raised@10")]
    [InlineData("device(\"d\").m > 5", "raised@10")]
    [InlineData("max_over_time(m, 1m) > 5", "raised@10")]
    [InlineData("value > 0 and absent(m, 30s)", "raised@70")]
    public void Rule_ThatNamesItsOwnMetric_SeesWhatItIsJudgedBy(string raise, string log)
    {
        var bench = new RuleBench(RuleBench.One(raise, "quality: any", "m"), options: new RuleEngineOptions { Evidence = true });
        bench.Read(0, 1).Read(10, 9, quality: Quality.Suspect).Read(40, 9, quality: Quality.OutOfRange).Tick(80);
        Assert.Equal(log, bench.Log);
        var verdict = EvidenceVerifier.Verify(bench.Transitions[0].Evidence.Json.Span);
        Assert.True(verdict.IsSame, $"{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
    }

    [Fact]
    public void Rule_ThatNamesAnotherMetric_SeesGoodReadingsOfThat()
    {
        var bench = new RuleBench(RuleBench.One("value > 0 and other > 5", "quality: any", "m"));
        bench.Read(0, 1, "d/other").Read(1, 9, "d/other", quality: Quality.Suspect).Read(2, 1);
        Assert.Equal("", bench.Log);
    }

    [Fact]
    public void Straggler_OfARuleThatNamesItsOwnMetric_KnowsNothingOfWhatCameAfter()
    {
        var bench = new RuleBench(RuleBench.One("m > 5", metric: "m"));
        bench.Read(10_000, 9).Read(10_001, 1).Read(0, 1, delay: 10_002).Read(1, 9, delay: 10_003);
        Assert.Equal("raised@10000, recovered@10001, raised@1", bench.Log);
    }

    [Theory]
    [InlineData("match: { device: q }, raise: m > 5, quality: any")]
    [InlineData("match: { metric: m }, group: all, raise: max of members > 5, quality: any")]
    [InlineData("match: { device: q }, kind: absence, after: 5m, quality: any")]
    [InlineData("match: { metric: m }, group: site, kind: absence, after: 5m, quality: any")]
    [InlineData("match: { device: q }, kind: states, states: { a: { severity: info } }, quality: any")]
    public void Quality_OfARuleAboutADeviceOrAGroup_IsRefused(string rule)
    {
        Assert.Empty(RuleBench.Load($"rules:\n- {{ id: r, {rule} }}\n", out var errors).Rules);
        var error = Assert.Single(errors.All);
        Assert.Equal("rules[0].quality", error.Key);
        Assert.Equal("name the metric in 'match' and no 'group', or leave 'quality' out", error.Mend);
        Assert.Single(RuleBench.Load($"rules:\n- {{ id: r, {rule.Replace("any", "good", StringComparison.Ordinal)} }}\n", out _).Rules);
    }
}
