using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using IotEvents.Tests.Gateway.Rules.Worlds;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>What does not come while the gateway can hear nobody is no silence of a device.</summary>
public sealed class OutageTests
{
    private const string Gone = "rules:\n- { id: r, kind: absence, match: { device: \"*\" }, after: 30s }\n";

    private static readonly string Silent = RuleBench.One("value > 75", "missing: alert\nmissing_after: 30s");
    private static readonly string Absent = RuleBench.One("absent(30s)");

    /// <summary>Heard at 0; off from 10 to 100; 20 s of the silence are left, behind 15 s to come back.</summary>
    public static TheoryData<string, string> Silences => new()
    {
        { Silent, "" }, { Silent, "restart" }, { Silent, "reload" },
        { Gone, "" }, { Gone, "restart" }, { Gone, "reload" },
        { Absent, "" }, { Absent, "restart" }, { Absent, "reload" },
    };

    [Theory]
    [MemberData(nameof(Silences))]
    public void Silence_OverAnOutage_CountsOnlyWhileSomebodyListens(string rules, string then)
    {
        var bench = Again(new RuleBench(rules).Read(0, 20).Tick(10).Missed(10, 100, 15), then, 110, rules);
        Assert.Equal("", bench.Tick(134.9).Log);
        Assert.Equal("raised@135", bench.Tick(135).Log);
    }

    [Theory]
    [MemberData(nameof(Silences))]
    public void Silence_EndedByAReadingAfterAnOutage_WasNone(string rules, string then)
    {
        var bench = Again(new RuleBench(rules).Read(0, 20).Tick(10).Missed(10, 100, 15), then, 110, rules).Read(134, 20);
        Assert.Equal("", bench.Tick(163.9).Log);
        Assert.Equal("raised@164", bench.Tick(164).Log);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Silence_WithoutTheOutage_Fires(int rule) =>
        Assert.Equal("raised@30", new RuleBench(new[] { Silent, Gone, Absent }[rule]).Read(0, 20).Tick(10).Tick(100).Log);

    [Fact]
    public void Ok_AlertOverAnOutage_GoesOnFiring()
    {
        var bench = new RuleBench(RuleBench.One("value > 75", "missing: ok\nmissing_after: 30s")).Read(0, 80).Tick(10).Missed(10, 100, 15).Tick(134);
        Assert.Equal("raised@0", bench.Log);
        Assert.Equal("raised@0, went-silent@135", bench.Tick(136).Log);
    }

    [Fact]
    public void For_OverAnOutage_Elapses() => Assert.Equal(
        "raised@300", new RuleBench(RuleBench.One("value > 75", "for: 5m")).Read(0, 80).Tick(240).Missed(240, 299).Tick(299).Tick(300).Log);

    [Fact]
    public void Learned_OutagesAgainAndAgain_TeachNothing()
    {
        // Three absences are a habit of the device; three outages of the gateway are none.
        var (bench, time) = (new RuleBench(Gone.Replace(", after: 30s", "", StringComparison.Ordinal)), 0.0);
        for (var outage = 0; outage < 6; outage++)
        {
            for (var i = 0; i < 100; i++, time += 10)
            {
                bench.Read(time, 20);
            }

            bench.Missed(time - 5, time + 3600);
            time += 3600;
        }

        bench.Read(time, 20);
        Assert.Equal("", bench.Log);
        var deadline = bench.Engine.CadenceOf(0)!.Value.Deadline;
        Assert.InRange(deadline, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));
        Assert.Equal($"raised@{(time + deadline.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture)}", bench.Tick(time + 600).Log);
    }

    [Fact]
    public void Silence_OfOutagesThatOverlap_CountsNoneTwice()
    {
        // It crashes every 20 s and is back after 2 s: in the 30 s to come back there is nothing to be heard, and later all of it.
        var bench = new RuleBench(Silent).Read(0, 20).Missed(10, 12, 30).Missed(32, 34, 30).Missed(54, 56, 30);
        Assert.Equal("", bench.Tick(105).Log);
        Assert.Equal("raised@116", bench.Tick(117).Log);
    }

    [Fact]
    public void Silence_OfTheParent_StillHidesAfterAnOutage()
    {
        var bench = Site().Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(10).Missed(10, 100).Tick(200);
        Assert.Equal("raised@120, raised@120", bench.Log);
        Assert.Equal(["", "r/gw"], bench.Transitions.Select(it => it.HiddenBy));
    }

    [Fact]
    public void Silence_HiddenUntilTheParentIsBack_HasItsTimeAfterAnOutageToo()
    {
        var bench = Site().Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(40).Read(50, 1, "gw/up").Tick(55).Missed(55, 200);
        bench.Read(201, 1, "gw/up").Tick(224);
        Assert.DoesNotContain(bench.Transitions, it => it is { Kind: TransitionKind.Raised, HiddenBy: "", Series.Device: "s1" });
        bench.Tick(226);
        Assert.Contains(bench.Transitions, it => it is { Kind: TransitionKind.Raised, HiddenBy: "", Series.Device: "s1" });
    }

    [Theory]
    [InlineData(-7200)]
    [InlineData(0)]
    [InlineData(7200)]
    public void Silence_WithAClockThatWasLostOverTheOutage_CountsWhatWasListened(double shown)
    {
        // Heard at 0, off from 10 on. It starts again at 3600, and shows another time until the clock is set 5 s later.
        var bench = new RuleBench(Silent).Read(0, 20).Tick(10).Missed(10, 3600 + shown, 15);
        Assert.Equal("", bench.Tick(3605 + shown).Log);
        bench.Engine.ClockStepped(new ClockStep(At(3605 + shown), At(3605), WasTrusted: false, IsTrusted: true), bench.Outcome);
        bench.Commit();
        Assert.Equal("", bench.Tick(3634.9).Log);
        Assert.Equal("raised@3635", bench.Tick(3636).Log);
    }

    [Fact]
    public void Silence_BehindAReadingThatWaitedOverTheOutage_CountsFromItsEnd()
    {
        foreach (var restarts in new[] { false, true })
        {
            var bench = new RuleBench(Silent, lateness: 10).Read(0, 20).Tick(11).Read(12, 21).Tick(15).Missed(15, 100, 15);
            _ = restarts ? bench.Restart(100) : bench;

            // Of its 30 s it had 3 until the outage began: 27 are left behind 115, and what comes until then is waited for.
            Assert.Equal("", bench.Tick(151.9).Log);
            Assert.Equal("raised@142", bench.Tick(153).Log);
        }
    }

    [Fact]
    public void Explain_AfterAnOutage_SaysWhatDoesNotCount()
    {
        var bench = new RuleBench(Silent).Read(0, 20).Tick(10).Missed(10, 100, 15);
        Assert.Contains("Silence counts from 2026-03-01T12:02:15Z on", bench.Explain(), StringComparison.Ordinal);
        Assert.Contains("105s do not count", bench.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_OfASilenceOverAnOutage_GivesTheSameDecision()
    {
        foreach (var rules in new[] { Silent, Gone, Absent })
        {
            var bench = new RuleBench(rules, options: new RuleEngineOptions { Evidence = true }).Read(0, 20).Tick(10).Missed(10, 100, 15).Tick(200);
            var verdict = EvidenceVerifier.Verify(Assert.Single(bench.Transitions).Evidence.Json.Span);
            Assert.True(verdict.IsSame, $"{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
        }
    }

    [Fact]
    public void Worlds_HaveOutagesThatMatter()
    {
        // The property tests go over outages too; forgotten, they would not give the same.
        var differs = 0;
        for (var seed = 1; seed < 40; seed += 3)
        {
            var log = RandomWorld.Log(seed);
            Assert.Contains(log, step => step.Outage is not null);
            var rules = Gone + "- { id: s, match: { metric: m }, raise: value > 8, missing: alert, missing_after: 20s }\n";
            differs += new WorldRun(rules).Judge(log) != new WorldRun(rules).Judge([.. log.Select(step => step with { Outage = null })]) ? 1 : 0;
        }

        Assert.InRange(differs, 10, 13);
    }

    private static RuleBench Site() => new RuleBench(Gone)
        .With(new DeviceDescription { Id = "gw", Name = "gw" }).With(new DeviceDescription { Id = "s1", Name = "s1", Parent = "gw" });

    private static Timestamp At(double seconds) => RuleBench.Start + TimeSpan.FromSeconds(seconds);

    private static RuleBench Again(RuleBench bench, string what, double seconds, string rules) =>
        what switch { "restart" => bench.Restart(seconds), "reload" => bench.Reload(seconds, rules), _ => bench };
}
