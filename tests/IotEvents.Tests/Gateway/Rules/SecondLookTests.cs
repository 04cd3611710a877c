using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public sealed class SecondLookTests
{
    private const Quality PowerOn = Quality.Suspect | Quality.SuspectPowerOn;
    private const string Hot = "rules:\n- { id: r, match: { metric: temperature }, raise: value > 60 degC }\n";
    private const string Series = "d/temperature";

    private static readonly RuleEngineOptions Looking = new() { SecondLook = SecondLook.New };

    [Fact]
    public void Judge_MarkOfTheOrderOfComing_IsReplacedByThatOfMeasuring()
    {
        var bench = Bench(30);
        bench.Read(10, 85, Series, quality: PowerOn).Read(0, 84, Series, delay: 11).Tick(100);

        Assert.Equal(("raised@0", 0), (bench.Log, bench.Engine.UnusableReadings));
    }

    [Fact]
    public void Judge_MarkThatOnlyTheOrderOfMeasuringGives_KeepsTheRuleQuiet()
    {
        var bench = Bench(30);
        bench.Read(10, 85, Series).Read(0, 20, Series, delay: 11).Tick(100);

        Assert.Equal(("", 1), (bench.Log, bench.Engine.UnusableReadings));
    }

    [Fact]
    public void Judge_RepeatThatCameTooLongAfterItsFirst_IsNotJudgedAgain()
    {
        var bench = Bench(30).Read(0, 20, Series).Read(0, 20, Series, delay: 20).Tick(100);

        Assert.Equal(1, bench.Engine.RepeatedReadings);
    }

    [Fact]
    public void Judge_WithoutLateness_LooksAtNothing()
    {
        var bench = new RuleBench(Hot, options: new RuleEngineOptions { SecondLook = (_, _) => throw new InvalidOperationException("asked") });
        bench.Series(Series, "Cel");
        bench.Read(0, 85, Series, quality: PowerOn).Read(1, 85, Series);

        Assert.Equal(("raised@1", 1), (bench.Log, bench.Engine.UnusableReadings));
        Assert.DoesNotContain(bench.Stored.Keys, key => key[0] == 'l');
    }

    [Fact]
    public void Reload_OtherDevices_AreAskedWhatIsIgnored()
    {
        var bench = Bench(30).Read(0, 20, Series).Tick(40);
        bench.With(new DeviceDescription { Id = "d", Name = "d", IgnoredSignatures = ["power-on-85"] }).Reload(41, Hot);
        bench.Read(50, 85, Series, quality: PowerOn).Tick(100);

        Assert.Equal("raised@50", bench.Log);
    }

    [Fact]
    public void Restore_SeriesThatNobodyLookedAtTwice_HasItsLastValue()
    {
        // As after an upgrade, or when the lateness is set for the first time: 85 °C is not the first value of a boiler.
        var before = new RuleBench(Hot, lateness: 30);
        before.Series(Series, "Cel");
        before.Read(0, 84.5, Series).Tick(40);
        var bench = Bench(30);
        foreach (var (key, value) in before.Stored)
        {
            bench.Stored[key] = value;
        }

        bench.Restart(41).Read(50, 85, Series, quality: PowerOn).Tick(100);
        Assert.Equal(0, bench.Engine.UnusableReadings);
        Assert.Contains(bench.Stored.Keys, key => key[0] == 'l');
    }

    [Fact]
    public void Restore_WithoutLateness_ForgetsWhatWasLookedAt()
    {
        var before = Bench(30).Read(0, 84.5, Series).Tick(40);
        var bench = Bench(0);
        foreach (var (key, value) in before.Stored)
        {
            bench.Stored[key] = value;
        }

        Assert.Contains(bench.Stored.Keys, key => key[0] == 'l');
        bench.Restart(41);
        Assert.DoesNotContain(bench.Stored.Keys, key => key[0] == 'l');
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(100)]
    public void Restore_BrokenBytes_AreForgotten(int length)
    {
        var bench = Bench(30).Read(0, 84.5, Series).Tick(40);
        var key = Assert.Single(bench.Stored.Keys, key => key[0] == 'l');
        bench.Stored[key] = bench.Stored[key][..length];
        bench.Restart(41).Read(50, 85, Series, quality: PowerOn).Tick(100);

        Assert.Equal(0, bench.Engine.UnusableReadings);
    }

    [Fact]
    public void ClockStepped_SeriesOnTheGatewaysClock_HasNoGap()
    {
        var bench = Bench(30);
        foreach (var (at, value) in new[] { (0, 83.0), (10, 84), (20, 84.5) })
        {
            bench.Read(at, value, Series, quality: Quality.TimeReceived);
        }

        bench.Tick(60);
        var now = RuleBench.Start + TimeSpan.FromSeconds(60);
        bench.Engine.ClockStepped(new ClockStep(now, now + TimeSpan.FromDays(300), true, true), bench.Outcome);
        var later = TimeSpan.FromDays(300).TotalSeconds;
        bench.Restart(later + 61).Read(later + 70, 85, Series, quality: Quality.TimeReceived).Tick(later + 200);

        Assert.Equal(0, bench.Engine.UnusableReadings);
    }

    private static RuleBench Bench(double lateness)
    {
        var bench = new RuleBench(Hot, lateness: lateness, options: Looking);
        bench.Series(Series, "Cel");
        return bench;
    }
}
