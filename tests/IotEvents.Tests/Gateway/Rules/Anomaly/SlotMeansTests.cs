using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Anomaly;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

public sealed class SlotMeansTests
{
    private const int Slots = 168;

    [Fact]
    public void Number_OfAnySize_KeepsSixteenBits()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var value = Signals.Noise(random) * Math.Pow(10, random.Next(-30, 31));
            var kept = new Float24(value);
            Assert.True(Math.Abs(kept.Value - value) <= Math.Abs(value) / 65_536, $"{value:R} became {kept.Value:R}");
            Assert.Equal(-kept.Value, new Float24(-value).Value);
            Assert.Equal(kept.Value, new Float24(kept.Value).Value);
        }
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(65_535.0, 65_535.0)]
    [InlineData(-0.1875, -0.1875)]
    [InlineData(1e300, 3.3e38)]
    [InlineData(double.NegativeInfinity, -3.3e38)]
    [InlineData(double.NaN, double.NaN)]
    public void Number_AtItsEnds_StaysOne(double value, double kept)
    {
        var writer = new StateWriter();
        new Float24(value).Write(writer);
        var reader = new StateReader(writer.ToArray());
        var read = Float24.Read(ref reader);
        Assert.True(reader.IsComplete);
        Assert.Equal(!double.IsNaN(value), read.IsNumber);
        Assert.InRange(read.Value, kept - (Math.Abs(kept) / 100_000), kept + (Math.Abs(kept) / 100_000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-273.15)]
    [InlineData(1e6)]
    [InlineData(-1e9)]
    public void Means_WhereverTheSeriesHasItsZero_AreExactToAPartOfTheSeason(double zero)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var means = new SlotMeans(Slots, 3);
            double Value(int slot) => zero + (10 * Math.Sin(slot * 2 * Math.PI / 24));

            // Five weeks: the middle moves each week, and costs digits each time.
            for (var i = 0; i < Slots * 5; i++)
            {
                means.Add(i % Slots, Value(i % Slots) + (i < Slots * 2 ? Signals.Noise(random) : 0));
                if (i % Slots == Slots - 1)
                {
                    means.FindMiddle();
                }
            }

            Assert.All(Enumerable.Range(0, Slots), slot => Assert.Equal(3, means.CountOf(slot)));
            for (var slot = 0; slot < Slots; slot++)
            {
                Assert.True(Math.Abs(means.LevelOf(slot) - Value(slot)) < 2e-4, $"seed {seed}, {slot}: {means.LevelOf(slot):R}");
                Assert.True(means.SpreadOf(slot) < 2e-4, $"seed {seed}, {slot}: {means.SpreadOf(slot):R}");
            }
        }
    }

    [Theory]
    [InlineData(1e9)]
    [InlineData(-1e12)]
    public void Means_FirstOfAllIsStrange_SpoilsNoLevel(double first)
    {
        var means = new SlotMeans(Slots, 3);
        for (var i = 0; i < Slots * 3; i++)
        {
            means.Add(i % Slots, i == 0 ? first : 20 + (i % 24));
        }

        Assert.All(Enumerable.Range(0, Slots), slot => Assert.Equal(20 + (slot % 24), means.LevelOf(slot), 3));
    }

    [Fact]
    public void Shift_AllButTheNewestOfASlot_MovesTheOthers()
    {
        var means = new SlotMeans(2, 3);
        foreach (var (slot, mean) in new[] { (0, 1.0), (1, 2), (0, 3), (1, 102) })
        {
            means.Add(slot, mean);
        }

        means.Shift(100);
        means.ShiftNewest(1, -100);
        Assert.Equal((102.0, 1.0), (means.LevelOf(0), means.SpreadOf(0)));
        Assert.Equal((102.0, 0.0), (means.LevelOf(1), means.SpreadOf(1)));
        Assert.Equal((2, 2), (means.CountOf(0), means.CountOf(1)));
    }
}
