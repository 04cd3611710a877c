using IotEvents.Gateway.Rules.Anomaly;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

public sealed class RankedValuesTests
{
    [Theory]
    [InlineData(new double[] { 5 }, 5, 0)]
    [InlineData(new double[] { 1, 3 }, 2, 1)]
    [InlineData(new double[] { 1, 1, 1, 9 }, 1, 0)]
    [InlineData(new double[] { 1, 2, 3, 4, 100 }, 3, 1)]
    [InlineData(new double[] { 1, 1, 2, 2, 4, 6, 9 }, 2, 1)]
    [InlineData(new double[] { 4, 8, 15, 16, 23, 42 }, 15.5, 7.5)]
    public void Median_AndDeviation_AreAsByHand(double[] values, double median, double deviation)
    {
        var ranked = new RankedValues(values);
        for (var i = values.Length - 1; i >= 0; i--)
        {
            ranked.Add(i);
        }

        Assert.Equal((median, deviation), (ranked.Median, ranked.MedianDeviation()));
    }

    [Fact]
    public void Median_OfNothing_IsNotANumber()
    {
        var ranked = new RankedValues(new double[3]);
        Assert.Equal((double.NaN, double.NaN), (ranked.Median, ranked.MedianDeviation()));
    }

    [Fact]
    public void AnyOrderOfComingAndGoing_IsAsSortedAnew()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var values = new double[random.Next(1, 73)];
            var ranked = new RankedValues(values);
            var present = new HashSet<int>();
            for (var step = 0; step < 300; step++)
            {
                var place = random.Next(values.Length);
                if (present.Remove(place))
                {
                    ranked.Remove(place);
                }
                else
                {
                    values[place] = seed % 2 == 0 ? random.Next(5) : Signals.Noise(random);
                    ranked.Add(place);
                    present.Add(place);
                }

                var expected = present.Select(at => values[at]).ToArray();
                var median = Robust.Median([.. expected]);
                var deviation = expected.Length == 0 ? double.NaN : Robust.MedianDistance([.. expected], median);
                Assert.True(ranked.Count == expected.Length && ranked.Median.Equals(median) && ranked.MedianDeviation().Equals(deviation),
                    $"seed {seed}, step {step}: {ranked.Median} and {ranked.MedianDeviation()} instead of {median} and {deviation}");
            }
        }
    }

    [Fact]
    public void OneMoreValue_OfAnySize_MovesTheMedianByOneRankAtMost()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var values = Enumerable.Range(0, 24).Select(_ => Signals.Noise(random)).Append(random.Next(2) == 0 ? 1e100 : -1e100).ToArray();
            var ranked = new RankedValues(values);
            for (var i = 0; i < 24; i++)
            {
                ranked.Add(i);
            }

            var (median, deviation) = (ranked.Median, ranked.MedianDeviation());
            var distances = values.Take(24).Select(value => Math.Abs(value - median)).Order().ToList();
            var (low, high) = (ranked.At(11), ranked.At(12));
            ranked.Add(24);
            var moved = Math.Abs(ranked.Median - median);
            Assert.True(ranked.Median >= low && ranked.Median <= high, $"seed {seed}: the median moved to {ranked.Median}");
            Assert.True(Math.Abs(ranked.MedianDeviation() - deviation) <= distances[12] - distances[11] + moved + 1e-12,
                $"seed {seed}: the deviation moved from {deviation} to {ranked.MedianDeviation()}");
        }
    }
}
