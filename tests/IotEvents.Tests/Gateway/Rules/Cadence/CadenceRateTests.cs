using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Cadence;

/// <summary>The stated rate of false absences on fleets that never fail, and what it costs: how late a death is noticed.</summary>
public sealed class CadenceRateTests
{
    private const ulong Seed = 20260301;
    private const double Days = 60;

    [Theory]
    [InlineData("beat 10 s", 5, 40)]
    [InlineData("beat 10 s, 1 % lost", 5, 70)]
    [InlineData("beat 10 s, 5 % lost", 5, 110)]
    [InlineData("beat 5 min, 5 % lost", 20, 40 * 60)]
    [InlineData("beat 1 h", 20, 4 * 3600)]
    [InlineData("on change, mean 1 min", 8, 30 * 60)]
    [InlineData("on change, mean 20 min", 20, 8 * 3600)]
    [InlineData("bursts, then hours of quiet", 30, 24 * 3600)]
    [InlineData("bursts, log-normal quiet", 30, 15 * 3600)]
    [InlineData("on change, rarer at night", 20, 8 * 3600)]
    [InlineData("beat 10 s, at night 5 min", 5, 15 * 60)]
    [InlineData("beat that drifts from 10 s to 60 s", 5, 7 * 60)]
    public void Fleet_ThatNeverFails_IsCalledAbsentNoMoreOftenThanStated(string kind, int devices, double noticedWithin)
    {
        var trial = CadenceTrial.Play(kind, Seed, devices, Days, () => new LearnedRule());

        Assert.True(trial.Upper <= trial.Stated, $"{kind}, seed {Seed}: {trial}, stated {trial.Stated:0.0}, upper limit {trial.Upper:0.0}");
        Assert.True(trial.FalseBefore <= 3 * devices, $"{kind}, seed {Seed}: {trial}");
        Assert.True(trial.DeadlineAtTheEnd <= noticedWithin, $"{kind}, seed {Seed}: {trial}");
    }

    [Theory]
    [InlineData("beat 10 s", false)]
    [InlineData("beat 10 s, 5 % lost", true)]
    [InlineData("on change, mean 20 min", true)]
    [InlineData("bursts, then hours of quiet", true)]
    [InlineData("on change, rarer at night", true)]
    public void ThreeMedians_OnTheSameFleets_BreakTheStatedRate(string kind, bool breaks)
    {
        // The control: a trial that saw no false absence anywhere would let every rule pass.
        var trial = CadenceTrial.Play(kind, Seed, devices: 2, Days, () => new ThreeMedians());

        Assert.True(breaks ? trial.FalseAbsences > 10 * trial.Stated : trial.FalseAbsences == 0, $"{kind}, seed {Seed}: {trial}");
    }
}
