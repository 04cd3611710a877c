using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary><c>times: 3 of 5</c> counts readings: not time, and not each metric of one message.</summary>
public sealed class TimesTests
{
    private const string Device = "rules:\n- { id: r, match: { device: b }, raise: m > 5 and n > 0 and o > 0, times: 2 of 5 }\n";

    [Fact]
    public void Time_Alone_CountsNothing()
    {
        var bench = new RuleBench(RuleBench.One("count_over_time(5m) < 3", "times: 3 of 3"));
        for (var i = 0; i < 5; i++)
        {
            bench.Read(i * 60, 1);
        }

        Assert.Equal("", bench.Tick(6000).Log);
    }

    [Fact]
    public void BadReadingAfterSilence_IsNoRecovery()
    {
        var bench = new RuleBench(RuleBench.One("value > 5", "times: 3 of 5\nmissing: alert\nmissing_after: 3m"));
        bench.Read(0, 1).Tick(600).Read(700, 9).Read(710, 9).Read(720, 9);
        Assert.Equal("raised@180", bench.Log);
        Assert.Equal("raised@180, recovered@750", bench.Read(730, 1).Read(740, 1).Read(750, 1).Read(760, 1).Log);
    }

    [Fact]
    public void Silence_ThatIsFine_ForgetsWhatWasCounted() => Assert.Equal("", new RuleBench(
        RuleBench.One("value > 5", "times: 2 of 3\nmissing: ok\nmissing_after: 5m")).Read(0, 9).Tick(86000).Read(86400, 9).Log);

    [Fact]
    public void Message_OfSeveralMetrics_CountsOnce()
    {
        var bench = new RuleBench(Device);
        for (var i = 0; i < 10; i++)
        {
            bench.Read(i * 60, i == 4 ? 9 : 1, "b/m").Read(i * 60, 1, "b/n").Read(i * 60, 1, "b/o");
        }

        Assert.Equal("", bench.Log);
        bench.Read(600, 9, "b/m").Read(600, 1, "b/n").Read(600, 1, "b/o").Read(660, 9, "b/m").Read(660, 1, "b/n").Read(660, 1, "b/o");
        Assert.Equal("raised@660", bench.Log);
    }

    [Fact]
    public void Message_OfSeveralMetrics_CountsWhatAllOfItSays()
    {
        // The first metric of each message is judged with the others of the message before.
        var bench = new RuleBench(Device).Read(0, 9, "b/m").Read(0, 1, "b/n").Read(0, 1, "b/o");
        bench.Read(60, 9, "b/m").Read(60, 0, "b/n").Read(60, 1, "b/o").Read(120, 9, "b/m").Read(120, 0, "b/n").Read(120, 1, "b/o");
        Assert.DoesNotContain("@120", bench.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_OfACountedRaise_GivesTheSameDecision()
    {
        var bench = new RuleBench(Device, options: new RuleEngineOptions { Evidence = true });
        foreach (var at in new[] { 0, 60 })
        {
            bench.Read(at, 9, "b/m").Read(at, 1, "b/n").Read(at, 1, "b/o");
        }

        var verdict = EvidenceVerifier.Verify(bench.Transitions[0].Evidence.Json.Span);
        Assert.True(verdict.IsSame, $"{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
    }
}
