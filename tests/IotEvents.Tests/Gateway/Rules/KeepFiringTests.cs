using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

public sealed class KeepFiringTests
{
    [Fact]
    public void Keep_GoodReadings_EndsWithTheFirstThatIsLateEnough()
    {
        var bench = new RuleBench(RuleBench.One("value > 5", "keep_firing_for: 25s"));
        bench.Read(0, 9).Read(10, 1).Read(20, 9).Read(30, 1).Read(54, 1).Tick(56);
        Assert.Equal("raised@0", bench.Log);
        bench.Read(57, 1);
        Assert.Equal("raised@0, recovered@57", bench.Log);
    }

    [Fact]
    public void Keep_BadAgainByTimeAlone_BeginsAnew()
    {
        // Absent again from 22 to 38: that is not 25 s of good.
        var bench = new RuleBench(RuleBench.One("absent(10s)", "keep_firing_for: 25s"));
        bench.Read(0, 1).Tick(11).Read(12, 1).Tick(30).Read(38, 1);
        Assert.Equal("raised@10", bench.Log);
        bench.Read(44, 1).Read(50, 1).Read(56, 1).Read(62, 1);
        Assert.Equal("raised@10", bench.Log);
        bench.Read(63, 1);
        Assert.Equal("raised@10, recovered@63", bench.Log);
    }

    [Fact]
    public void Keep_BadAgainByTimeAlone_OutlivesARestart()
    {
        var bench = new RuleBench(RuleBench.One("absent(10s)", "keep_firing_for: 25s"));
        bench.Read(0, 1).Tick(11).Read(12, 1).Tick(30).Restart(31).Read(38, 1);
        Assert.Equal("raised@10", bench.Log);
    }
}
