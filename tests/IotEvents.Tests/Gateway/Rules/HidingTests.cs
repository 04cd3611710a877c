using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>What is recorded and not told: sensors behind a silent gateway, rules that flap.</summary>
public sealed class HidingTests
{
    private const string Silence = "rules:\n- id: silent\n  kind: absence\n  match: { device: \"*\" }\n  after: ";

    private const string Flap = "- id: flaps\n  kind: flapping\n  changes: 6\n  within: 2m\n  severity: info\n";

    [Theory]
    [InlineData("60s", "raised@60 silent, raised@60 silent")]
    public void Silence_BehindASilentGateway_IsHidden(string after, string log)
    {
        var bench = Site(after).Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(100);
        Assert.Equal(log, bench.Log);
        Assert.Equal(["", "silent/gw"], bench.Transitions.Select(it => it.HiddenBy));
    }

    [Fact]
    public void Silence_WhileTheGatewayIsHeardOf_IsTold()
    {
        var bench = Site("60s").Read(0, 1, "gw/up").Read(0, 20, "s1/t");
        for (var i = 10; i <= 120; i += 10)
        {
            bench.Tick(i).Read(i, 1, "gw/up");
        }

        var raised = Assert.Single(bench.Transitions);
        Assert.Equal(("s1", ""), (raised.Series.Device, raised.HiddenBy));
    }

    [Fact]
    public void Silence_ThatGoesOnWhenTheGatewayIsBack_IsToldThen()
    {
        var bench = Site("60s").Read(0, 1, "gw/up").Read(0, 20, "s1/t").Read(0, 20, "s2/t").Tick(100);
        bench.Read(200, 1, "gw/up").Read(201, 20, "s2/t");
        for (var i = 210; i <= 300; i += 10)
        {
            bench.Read(i, 1, "gw/up").Read(i, 20, "s2/t").Tick(i);
        }

        var s1 = bench.Transitions.Where(it => it.Series.Device == "s1").ToList();
        Assert.Equal([TransitionKind.Raised, TransitionKind.Ended, TransitionKind.Raised], s1.Select(it => it.Kind));
        Assert.Equal(EndReason.Superseded, s1[1].Reason);
        Assert.Equal("", s1[2].HiddenBy);
        Assert.DoesNotContain(bench.Transitions, it => it is { Series.Device: "s2", HiddenBy: "", Kind: TransitionKind.Raised });
    }

    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("reload")]
    public void Silence_HeldUntilThatOfTheGatewayIsDecided_IsHeldOverARestartAndAReload(string what)
    {
        // Due at 60; until 70 the gateway may turn out to be silent too. It speaks at 66; forgotten, the silence were of 60.
        var bench = Site("60s").Read(0, 20, "s1/t").Read(10, 1, "gw/up").Tick(65);
        Assert.Equal("raised@66 silent", Again(bench, what, 65).Read(66, 1, "gw/up").Tick(80).Log);
    }

    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("reload")]
    public void Silence_HiddenByTheGateway_IsToldAfterARestartAndAReloadToo(string what)
    {
        var bench = Again(Site("60s").Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(100), what, 150);
        Assert.Equal("raised@60 silent, raised@60 silent", bench.Log);
        for (var i = 200; i <= 300; i += 10)
        {
            bench.Read(i, 1, "gw/up").Tick(i);
        }

        Assert.Equal("raised@60 silent, raised@60 silent, recovered@200 silent, superseded@260 silent, raised@260 silent", bench.Log);
        Assert.Equal(["", "silent/gw", "", "silent/gw", ""], bench.Transitions.Select(it => it.HiddenBy));
    }

    [Fact]
    public void Reload_ThatGivesADeviceAParent_HidesItsNextSilence()
    {
        var rules = Silence + "60s\n";
        var bench = new RuleBench(rules).Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(100);
        bench.With(new DeviceDescription { Id = "s1", Name = "s1", Parent = "gw" }).Reload(110, rules);
        bench.Read(120, 1, "gw/up").Read(120, 20, "s1/t").Tick(200);
        var ofSensor = bench.Transitions.Where(it => it is { Series.Device: "s1", Kind: TransitionKind.Raised });
        Assert.Equal(["", "silent/gw"], ofSensor.Select(it => it.HiddenBy));
    }

    [Fact]
    public void Silence_WaitingForAGatewayThatIsHeardOf_IsToldAtOnce()
    {
        // It would be told 41 s later were it to wait for what the silence of the gateway would have been.
        var bench = Site("60s").Read(0, 20, "s1/t").Read(40, 1, "gw/up").Tick(61).Read(70, 1, "gw/up").Tick(75);
        Assert.Equal(("s1", 70.0), (bench.Transitions.Single().Series.Device, (bench.Transitions[0].Time - RuleBench.Start).TotalSeconds));
        Assert.Equal(60.0, (bench.Transitions[0].Since - RuleBench.Start).TotalSeconds + 60);
    }

    [Fact]
    public void Silence_WaitingForAGatewayOverARestart_GoesOnWaiting()
    {
        var bench = Site("60s").Read(0, 20, "s1/t").Read(40, 1, "gw/up").Tick(61).Restart(62).Tick(99).Restart(99.5);
        Assert.Empty(bench.Transitions);
        bench.Tick(110);
        Assert.Equal(["gw", "s1"], bench.Transitions.Select(it => it.Series.Device));
        Assert.Equal(["", "silent/gw"], bench.Transitions.Select(it => it.HiddenBy));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Silence_OfDevicesThatAreParentsOfEachOther_IsToldInTime(int count)
    {
        // Settings refuse such; an engine that meets it all the same puts nothing off and has an end.
        var bench = new RuleBench(Silence + "60s\n").With(new DeviceDescription { Id = "d", Name = "d", Parent = "p0" });
        for (var i = 0; i < count; i++)
        {
            bench.With(new DeviceDescription { Id = $"p{i}", Name = $"p{i}", Parent = $"p{(i + 1) % count}" }).Read(0, 1, $"p{i}/up");
        }

        var before = bench.Read(0, 1, "d/t").Engine.Judgings;
        bench.Tick(1000);
        Assert.Equal(["", .. Enumerable.Repeat("silent/p", count)], bench.Transitions.Select(it => it.HiddenBy[..Math.Min(8, it.HiddenBy.Length)]));
        Assert.All(bench.Transitions, it => Assert.InRange((it.Time - RuleBench.Start).TotalSeconds, 60, 60.1));
        Assert.InRange(bench.Engine.Judgings - before, count, 4 * count);
    }

    [Fact]
    public void Silence_OfADeviceThatIsItsOwnParent_IsTold()
    {
        var bench = new RuleBench(Silence + "60s\n").With(new DeviceDescription { Id = "d", Name = "d", Parent = "d" });
        Assert.Equal("raised@60 silent", bench.Read(0, 1, "d/t").Tick(200).Log);
        Assert.Equal("", bench.Transitions[0].HiddenBy);
    }

    [Theory]
    [InlineData("90s", "2h", "raised@90 first, raised@90.001 silent")]
    [InlineData("2h", "90s", "raised@90 later, raised@90.001 silent")]
    [InlineData("30s", "2h", "raised@30 first, raised@60 silent")]
    public void Silence_BehindAGatewayWithSeveralRules_WaitsForTheFirstOfThem(string first, string later, string log)
    {
        var bench = Gateway($"- {{ id: first, kind: absence, match: {{ device: gw }}, after: {first} }}\n- {{ id: later, kind: absence, match: {{ device: gw }}, after: {later} }}\n");
        bench.Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(3600);
        Assert.Equal(log, bench.Log);
        Assert.NotEmpty(bench.Transitions[1].HiddenBy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("reload")]
    public void Silence_BehindAGatewayThatIsGivenMuchLonger_WaitsAsLongAsItsOwnOnceMore(string what)
    {
        const string Slow = "- { id: slow, kind: absence, match: { device: gw }, after: 2h }\n";
        var bench = Gateway(Slow).Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(100);
        bench = what switch { "restart" => bench.Restart(100), "reload" => bench.Reload(100, Watched(Slow)), _ => bench };
        Assert.Equal("raised@120 silent, raised@7200 slow", bench.Tick(8000).Log);
        Assert.All(bench.Transitions, it => Assert.Equal("", it.HiddenBy));
    }

    [Fact]
    public void Silence_BehindAGatewayThatIsGivenMuchLonger_WaitsForItsOwnForToo()
    {
        var bench = new RuleBench("""
            rules:
            - { id: gw, kind: absence, match: { device: gw }, after: 2h }
            - { id: sensor, kind: absence, match: { device: s1 }, after: 60s, for: 30s }
            """).With(new DeviceDescription { Id = "s1", Name = "s1", Parent = "gw" });
        Assert.Equal("raised@180 sensor", bench.Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(1000).Log);
    }

    [Fact]
    public void Silence_BehindAGatewayThatIsGivenMuchLonger_IsToldAtOnceWhenThatIsHeardOf()
    {
        var bench = Gateway("- { id: slow, kind: absence, match: { device: gw }, after: 2h }\n");
        Assert.Equal("raised@70 silent", bench.Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(65).Read(70, 1, "gw/up").Tick(100).Log);
    }

    [Fact]
    public void Silence_BehindAGatewayThatNobodyWatchesNow_IsTold()
    {
        // 12:00 on a Sunday: the gateway's silence would not be told before Monday.
        var bench = new RuleBench("""
            rules:
            - { id: gateway, kind: absence, match: { device: gw }, after: 90s, schedule: mon-fri 08:00-18:00 UTC }
            - { id: sensor, kind: absence, match: { device: s1 }, after: 60s }
            """).With(new DeviceDescription { Id = "s1", Name = "s1", Parent = "gw" });
        bench.Read(0, 1, "gw/up").Read(0, 20, "s1/t").Tick(200);
        Assert.Equal(("sensor", ""), (bench.Transitions.Single().Rule, bench.Transitions[0].HiddenBy));
    }

    [Fact]
    public void Flapping_TooManyChanges_IsOneNoticeAndTheRestIsHidden()
    {
        var bench = new RuleBench(RuleBench.One("value > 5") + Flap);
        for (var i = 0; i < 40; i++)
        {
            bench.Read(i * 5, i % 2 == 0 ? 9 : 1);
        }

        var notices = bench.Transitions.Where(it => it.Rule == "flaps").ToList();
        Assert.Single(notices);
        Assert.Equal(RuleBench.Start + TimeSpan.FromSeconds(25), notices[0].Time);
        Assert.All(bench.Transitions.Where(it => it.Rule == "r" && it.Kind == TransitionKind.Raised).Skip(3), it => Assert.Equal("flaps/d/m", it.HiddenBy));

        // Silence calms nothing; a reading after the calm does.
        bench.Tick(10_000);
        Assert.Single(bench.Transitions, it => it.Rule == "flaps");
        bench.Read(10_001, 1);
        Assert.Equal(EndReason.Recovered, bench.Transitions[^1].Reason);
    }

    [Fact]
    public void Flapping_StillBadWhenItIsCalm_IsToldThen()
    {
        var bench = new RuleBench(RuleBench.One("value > 5") + Flap);
        for (var i = 0; i < 21; i++)
        {
            bench.Read(i * 5, i % 2 == 0 ? 9 : 1);
        }

        bench.Read(110, 9).Read(200, 9).Read(230, 9);
        var last = bench.Transitions[^1];
        Assert.Equal(("r", TransitionKind.Raised, ""), (last.Rule, last.Kind, last.HiddenBy));
    }

    [Fact]
    public void Flapping_OverARestart_GoesOn()
    {
        var rules = RuleBench.One("value > 5") + Flap;
        var bench = new RuleBench(rules);
        for (var i = 0; i < 12; i++)
        {
            bench.Read(i * 5, i % 2 == 0 ? 9 : 1).Restart(i * 5);
        }

        Assert.Single(bench.Transitions, it => it.Rule == "flaps");
        Assert.Contains(bench.Transitions, it => it.HiddenBy == "flaps/d/m");
    }

    private static RuleBench Again(RuleBench bench, string what, double seconds) =>
        what == "restart" ? bench.Restart(seconds) : what == "reload" ? bench.Reload(seconds, Silence + "60s\n") : bench;

    // The sensor's rule, and those of its gateway.
    private static RuleBench Gateway(string rules) =>
        new RuleBench(Watched(rules)).With(new DeviceDescription { Id = "s1", Name = "s1", Parent = "gw" });

    private static string Watched(string rules) => $"{Silence.Replace("\"*\"", "s1", StringComparison.Ordinal)}60s\n{rules}";

    private static RuleBench Site(string after)
    {
        var bench = new RuleBench(Silence + after + "\n");
        foreach (var sensor in new[] { "s1", "s2" })
        {
            bench.With(new DeviceDescription { Id = sensor, Name = sensor, Parent = "gw" });
        }

        return bench;
    }
}
