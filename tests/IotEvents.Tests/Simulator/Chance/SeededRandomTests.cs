using IotEvents.Simulator.Chance;
using Xunit;

namespace IotEvents.Tests.Simulator.Chance;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextBits_SeedZero_GivesThePublishedSequence()
    {
        // The first numbers of SplitMix64 with seed 0, as published with the reference implementation.
        var random = new SeededRandom(0);
        Assert.Equal(0xE220A8397B1DCDAFUL, random.NextBits());
        Assert.Equal(0x6E789E6AA1B965F4UL, random.NextBits());
        Assert.Equal(0x06C45D188009454FUL, random.NextBits());
    }

    [Fact]
    public void Fork_SameName_SameSequenceWhateverWasDrawn()
    {
        var fresh = new SeededRandom(5);
        var used = new SeededRandom(5);
        _ = used.NextBits();
        Assert.Equal(fresh.Fork("a").NextBits(), used.Fork("a").NextBits());
        Assert.NotEqual(fresh.Fork("a").NextBits(), fresh.Fork("b").NextBits());
        Assert.NotEqual(fresh.Fork("a").NextBits(), new SeededRandom(6).Fork("a").NextBits());
    }

    [Fact]
    public void NextDouble_ManyDraws_UniformFromZeroToBelowOne()
    {
        var random = new SeededRandom(1);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToList();
        Assert.All(draws, d => Assert.InRange(d, 0, 0.9999999999999999));
        Assert.InRange(draws.Average(), 0.495, 0.505);
        Assert.InRange(draws.Count(d => d < 0.1), 9_600, 10_400);
    }

    [Fact]
    public void NextGaussian_ManyDraws_MeanZeroDeviationOne()
    {
        var random = new SeededRandom(2);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian()).ToList();
        Assert.InRange(draws.Average(), -0.015, 0.015);
        Assert.InRange(Math.Sqrt(draws.Average(d => d * d)), 0.985, 1.015);
        Assert.InRange(draws.Count(d => Math.Abs(d) > 2), 4_200, 4_900);
    }

    [Fact]
    public void NextInt_Limit_ReachesBothEndsAndNoFurther()
    {
        var random = new SeededRandom(3);
        var draws = Enumerable.Range(0, 10_000).Select(_ => random.NextInt(6)).ToHashSet();
        Assert.Equal([0, 1, 2, 3, 4, 5], draws.Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt(0));
    }
}
