using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public class OverrideTests
{
    private const string TooWarm = "value > max";

    [Fact]
    public void Override_WhileInForce_IsTheLimitAndTheExplanationSaysSo()
    {
        var bench = Freezer(RuleBench.One(TooWarm)).Read(0, -20, "f/t");

        Assert.NotNull(Set(bench, 1, "max", -10, "Cel", seconds: 100).Change);
        bench.Read(2, -15, "f/t").Read(3, -9, "f/t");

        Assert.Equal("raised@3", bench.Log);
        Assert.Contains("max = -10 °C (override until 2026-03-01T12:01:41", bench.Transitions[0].Explanation, StringComparison.Ordinal);
        Assert.Contains(", because defrost)", bench.Transitions[0].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Override_WhileInForce_IsWhatTheSummaryNames()
    {
        var bench = Freezer(RuleBench.One(TooWarm, "summary: \"above {max}\"")).Read(0, -20, "f/t");

        Set(bench, 1, "max", -10, "Cel", seconds: 100);
        bench.Read(2, -9, "f/t").Read(101, -9, "f/t").Read(102, -20, "f/t");

        Assert.Equal(["above -10 °C", "above -18 °C"], bench.Transitions.Select(it => it.Summary));
    }

    [Fact]
    public void Override_Expired_HoldsForNoReadingReceivedFromThenOn()
    {
        var bench = Freezer(RuleBench.One(TooWarm)).Read(0, -20, "f/t");
        Set(bench, 1, "max", -10, "Cel", seconds: 100);

        bench.Read(100, -15, "f/t").Read(101, -15, "f/t");

        Assert.Equal("raised@101", bench.Log);
        Assert.DoesNotContain("override", bench.Transitions[0].Explanation, StringComparison.Ordinal);
        Assert.Empty(bench.Engine.Overrides);
    }

    [Fact]
    public void Override_MeasuredBeforeItsEndButReceivedAfter_HoldsNoMore()
    {
        var bench = Freezer(RuleBench.One(TooWarm)).Read(0, -20, "f/t");
        Set(bench, 1, "max", -10, "Cel", seconds: 100);

        bench.Read(50, -15, "f/t", delay: 60);

        Assert.Equal("raised@50", bench.Log);
    }

    [Fact]
    public void Override_ItsTimePassesInSilence_EndsWithTheTickAndSaysFromWhatToWhat()
    {
        var bench = Freezer(RuleBench.One(TooWarm)).Read(0, -20, "f/t");
        Set(bench, 1, "max", -10, "Cel", seconds: 100);

        Assert.Equal(At(101), bench.Engine.NextDeadline);
        bench.Engine.Tick(At(100), bench.Outcome);
        Assert.False(bench.Outcome.HasElapsed);
        bench.Engine.Tick(At(500), bench.Outcome);

        var change = Assert.Single(bench.Outcome.Overrides);
        Assert.True(bench.Outcome.HasElapsed, "the batch must be recorded with that time");
        Assert.Equal((OverrideVerb.Expired, At(101)), (change.Verb, change.Time));
        Assert.Equal((-10.0, -18.0), (change.Before!.Value.Value, change.After!.Value.Value));
    }

    [Fact]
    public void Override_SetWhilePending_WhatHoldsNoMoreDoesNotFireInSilence()
    {
        var bench = Freezer(RuleBench.One(TooWarm, "for: 10s")).Read(0, -15, "f/t");

        Set(bench, 1, "max", -10, "Cel", seconds: 100);
        bench.Tick(50);

        Assert.Equal("", bench.Log);
    }

    [Fact]
    public void Override_SetWhilePending_WhatStillHoldsFiresAtItsTime()
    {
        var bench = Freezer(RuleBench.One(TooWarm, "for: 10s")).Read(0, -5, "f/t");

        Set(bench, 1, "max", -10, "Cel", seconds: 100);
        bench.Tick(50);

        Assert.Equal("raised@10", bench.Log);
    }

    [Fact]
    public void Override_SetWhileFiring_EndsAsRuleChangedAndCanFireAgainAfterIt()
    {
        var bench = Freezer(RuleBench.One(TooWarm)).Read(0, -15, "f/t");

        Set(bench, 1, "max", -10, "Cel", seconds: 100);
        Clear(bench, 20);
        bench.Read(21, -15, "f/t");

        Assert.Equal("raised@0, rule-changed@1, raised@21", bench.Log);
    }

    [Fact]
    public void Override_OfAnAttributeTheDeviceDoesNotHave_GivesItOneForAWhile()
    {
        var bench = new RuleBench(RuleBench.One("value > limit"));
        bench.Series("f/t", "Cel");
        bench.Read(0, 50, "f/t");
        Assert.Equal("", bench.Log);

        Assert.Equal("", Set(bench, 1, "limit", 40, "Cel", seconds: 100).Problem);
        bench.Read(2, 50, "f/t").Tick(200).Read(201, 50, "f/t");

        Assert.Equal("raised@2, rule-changed@101", bench.Log);
    }

    [Theory]
    [InlineData("f", "max", 5, "%", "'max' of 'f' is -18 °C, and 5 % is another kind of quantity", "°C")]
    [InlineData("f", "max", 5, "", "'max' of 'f' is -18 °C, and 5 is another kind of quantity", "°C")]
    [InlineData("g", "max", 5, "Cel", "No device 'g' is known", "/api/devices")]
    [InlineData("f", "limit", 5, "%", "The rule 's' could not be judged with it", "unit")]
    public void Override_ThatCannotBeMeant_IsRefusedAndChangesNothing(
        string device, string attribute, double value, string unit, string problem, string mend)
    {
        var bench = Freezer(
            $"{RuleBench.One(TooWarm)}- id: s\n  match: {{ metric: \"*\" }}\n  raise: value > limit\n").Read(0, -15, "f/t");

        var answer = Set(bench, 1, attribute, value, unit, seconds: 100, device);
        bench.Read(2, -30, "f/t").Read(3, -15, "f/t");

        Assert.StartsWith(problem, answer.Problem, StringComparison.Ordinal);
        Assert.Contains(mend, answer.Mend, StringComparison.Ordinal);
        Assert.Null(answer.Change);
        Assert.Empty(bench.Engine.Overrides);
        Assert.Equal("raised@0, recovered@2, raised@3", bench.Log);
    }

    [Fact]
    public void Override_InAnotherUnitOfTheKind_IsConverted()
    {
        var bench = Freezer(RuleBench.One(TooWarm)).Read(0, -20, "f/t");

        Set(bench, 1, "max", 14, "degF", seconds: 100); // -10 °C
        bench.Read(2, -10.5, "f/t").Read(3, -9.5, "f/t");

        Assert.Equal("raised@3", bench.Log);
    }

    [Fact]
    public void Override_Restarted_GoesOnAndEndsAtItsTime()
    {
        var bench = Freezer(RuleBench.One(TooWarm)).Read(0, -20, "f/t");
        Set(bench, 1, "max", -10, "Cel", seconds: 100);

        bench.Restart(5).Read(6, -15, "f/t").Reload(7, RuleBench.One(TooWarm, "severity: critical")).Read(8, -15, "f/t");
        Assert.Equal("", bench.Log);
        Assert.Equal("defrost", Assert.Single(bench.Engine.Overrides).Reason);
        bench.Tick(101).Restart(102).Read(103, -15, "f/t");

        Assert.Equal("raised@103", bench.Log);
        Assert.Empty(bench.Engine.Overrides);
    }

    [Fact]
    public void Override_SetAgain_IsAnotherOneAndOnlyThatEnds()
    {
        var bench = Freezer(RuleBench.One(TooWarm)).Read(0, -20, "f/t");
        Set(bench, 1, "max", -10, "Cel", seconds: 10);

        var again = Set(bench, 2, "max", -5, "Cel", seconds: 100).Change!;
        bench.Read(50, -7, "f/t");

        Assert.Equal(-10, again.Before!.Value.Value);
        Assert.Equal(-5, Assert.Single(bench.Engine.Overrides).Value.Value);
        Assert.Equal("", bench.Log);
    }

    [Fact]
    public void Override_ThatChangesNoVerdict_LeavesKeepFiringForAlone()
    {
        var bench = Freezer(RuleBench.One(TooWarm, "keep_firing_for: 60s")).Read(0, -15, "f/t").Read(10, -20, "f/t");

        Set(bench, 11, "max", -17, "Cel", seconds: 1000);
        bench.Read(60, -20, "f/t").Read(71, -20, "f/t");

        Assert.Equal("raised@0, recovered@71", bench.Log);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Override_ReplayFromACheckpoint_SaysTheSame(int seed)
    {
        var random = new Random(seed);
        var live = Freezer(RuleBench.One(TooWarm, "for: 3s")).Read(0, -20, "f/t");
        Set(live, 1, "max", -10, "Cel", seconds: 40);
        var stored = new Dictionary<string, byte[]>(live.Stored);
        var log = Enumerable.Range(2, 100).Select(second => (Second: (double)second, Value: random.Next(-20, 0), Delay: random.Next(0, 3) * 0.4)).ToList();

        log.ForEach(it => live.Read(it.Second, it.Value, "f/t", it.Delay).Tick(it.Second + it.Delay));
        var replayed = Freezer(RuleBench.One(TooWarm, "for: 3s"));
        foreach (var (key, value) in stored)
        {
            replayed.Stored[key] = value;
        }

        replayed.Restart(1);
        log.ForEach(it => replayed.Read(it.Second, it.Value, "f/t", it.Delay).Tick(it.Second + it.Delay));

        Assert.True(live.Transitions.Count > 4, $"seed {seed}: {live.Log}");
        Assert.Equal(live.Log, replayed.Log);
        Assert.True(live.Transitions.Select(it => it.Explanation).SequenceEqual(replayed.Transitions.Select(it => it.Explanation)), $"seed {seed}");
    }

    private static RuleBench Freezer(string rules)
    {
        var bench = new RuleBench(rules).With(new DeviceDescription
        {
            Id = "f",
            Name = "Freezer",
            Attributes = new Dictionary<string, Quantity> { ["max"] = new(-18, Units.Get("Cel")) },
        });
        bench.Series("f/t", "Cel");
        return bench;
    }

    private static Timestamp At(double seconds) => RuleBench.Start + TimeSpan.FromSeconds(seconds);

    private static OverrideAnswer Set(
        RuleBench bench, double at, string attribute, double value, string unit, double seconds, string device = "f")
    {
        var wanted = new AttributeOverride(
            device, attribute, new Quantity(value, unit.Length == 0 ? Unit.None : Units.TryParse(unit, out var known) ? known : Unit.None),
            At(at), At(at + seconds), "defrost", "local");
        var answer = bench.Engine.SetOverride(wanted, bench.Outcome);
        bench.Commit();
        return answer;
    }

    private static void Clear(RuleBench bench, double at)
    {
        Assert.NotNull(bench.Engine.ClearOverride("f", "max", "local", At(at), bench.Outcome).Change);
        bench.Commit();
    }
}
