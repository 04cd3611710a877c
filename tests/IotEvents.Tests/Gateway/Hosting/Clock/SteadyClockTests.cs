using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Hosting.Clock;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Hosting.Clock;

public class SteadyClockTests
{
    private static readonly ClockHealth Kept = new(IsSynchronised: true, HasBattery: true, TimeSpan.FromDays(1));
    private static readonly ClockHealth JustBooted = new(IsSynchronised: false, HasBattery: false, TimeSpan.FromSeconds(20));

    private readonly SettableClock _system = new(Some.Noon.ToDateTimeOffset());
    private ClockHealth _health = Kept;

    [Theory]
    [InlineData(2 * 3600)]
    [InlineData(-3600)]
    public void Set_ByHours_IsSeenAndShownOnlyOnceAdopted(int seconds)
    {
        var clock = Clock();
        _system.Advance(TimeSpan.FromSeconds(10));
        _system.Set(TimeSpan.FromSeconds(seconds));

        Assert.Equal(Some.Noon + TimeSpan.FromSeconds(10), Timestamp.Now(clock));
        Assert.True(clock.TryGetStep(out var step));
        Assert.Equal((TimeSpan.FromSeconds(seconds), true, true), (step.By, step.WasTrusted, step.IsTrusted));
        Assert.Equal(Some.Noon + TimeSpan.FromSeconds(10), step.From);
        clock.Adopt(step);

        Assert.Equal(Timestamp.From(_system.GetUtcNow()), Timestamp.Now(clock));
        Assert.Equal(Some.Noon + TimeSpan.FromSeconds(10), Timestamp.Now(clock.Steady));
        Assert.False(clock.TryGetStep(out _));
        Assert.Equal((1, step), clock.Steps);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(-99, false)]
    [InlineData(100, true)]
    [InlineData(-100, true)]
    public void Set_ByALittle_IsAStepFromATenthOfASecondOn(int milliseconds, bool isStep)
    {
        var clock = Clock();

        _system.Set(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(isStep, clock.TryGetStep(out _));
    }

    [Fact]
    public void Start_WithoutBatteryAndTimeService_IsUntrustedUntilATimeServiceSetsIt()
    {
        _health = JustBooted;
        var clock = Clock();
        Assert.False(clock.IsTrusted);
        _system.Advance(TimeSpan.FromSeconds(5));
        Assert.False(clock.TryGetStep(out _));

        _system.Set(TimeSpan.FromDays(30));
        _health = JustBooted with { IsSynchronised = true };

        Assert.True(clock.TryGetStep(out var step));
        Assert.Equal((TimeSpan.FromDays(30), false, true), (step.By, step.WasTrusted, step.IsTrusted));
        clock.Adopt(step);
        Assert.True(clock.IsTrusted);
    }

    [Fact]
    public void Start_WithoutTimeService_IsTrustedWhenNoneComes()
    {
        _health = JustBooted;
        var clock = Clock();

        _system.Advance(TimeSpan.FromMinutes(5));
        _health = JustBooted with { Uptime = TimeSpan.FromMinutes(5) };

        Assert.True(clock.TryGetStep(out var step));
        Assert.Equal((TimeSpan.Zero, false, true), (step.By, step.WasTrusted, step.IsTrusted));
        clock.Adopt(step);
        Assert.Equal(0, clock.Steps.Count);
    }

    [Fact]
    public void TryGetStep_Untrusted_AsksTheSystemOnceASecond()
    {
        var asked = 0;
        var clock = new SteadyClock(_system, () => { asked++; return JustBooted; }, new ClockOptions());
        for (var i = 0; i < 100; i++)
        {
            _system.Advance(TimeSpan.FromMilliseconds(100));
            Assert.False(clock.TryGetStep(out _));
        }

        Assert.InRange(asked, 10, 11);
    }

    [Theory]
    [InlineData(false, false, 20, BatteryClock.Auto, false)]
    [InlineData(true, false, 20, BatteryClock.Auto, true)]
    [InlineData(false, true, 20, BatteryClock.Auto, true)]
    [InlineData(false, true, 20, BatteryClock.No, false)]
    [InlineData(false, false, 20, BatteryClock.Yes, true)]
    [InlineData(false, false, 299, BatteryClock.Auto, false)]
    [InlineData(false, false, 300, BatteryClock.Auto, true)]
    public void Trusts_ByWhatTheSystemKnows(bool synchronised, bool battery, int uptime, BatteryClock setting, bool expected) =>
        Assert.Equal(expected, SteadyClock.Trusts(
            Some.Noon, new ClockHealth(synchronised, battery, TimeSpan.FromSeconds(uptime)), new ClockOptions { Battery = setting }));

    [Fact]
    public void Trusts_TimeBeforeTheProgram_Never() =>
        Assert.False(SteadyClock.Trusts(SteadyClock.Earliest - TimeSpan.FromTicks(1), Kept, new ClockOptions()));

    [Fact]
    public void Set_BeforeTheProgram_LosesTrustAndGetsItBack()
    {
        var clock = Clock();
        _system.Set(-TimeSpan.FromDays(20 * 365));
        Assert.True(clock.TryGetStep(out var back));
        Assert.False(back.IsTrusted);
        clock.Adopt(back);
        _system.Set(TimeSpan.FromDays(20 * 365));

        Assert.True(clock.TryGetStep(out var forth));
        Assert.Equal((false, true), (forth.WasTrusted, forth.IsTrusted));
    }

    [Fact]
    public void Ask_ThisComputer_Answers()
    {
        var health = ClockHealth.Ask();

        Assert.True(health.Uptime > TimeSpan.Zero);
    }

    private SteadyClock Clock() => new(_system, () => _health, new ClockOptions());
}
