using IotEvents.Simulator.Load;
using Xunit;

namespace IotEvents.Tests.Simulator.Load;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantile_NothingCounted_IsZero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Quantile(0.5));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(12_345)]
    [InlineData(60_000_000)]
    [InlineData(40_000_000_000)]
    public void Quantile_OneLengthAmongLonger_IsWithinItsError(long microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(microseconds));
        histogram.Add(TimeSpan.FromMicroseconds(microseconds * 4));
        Assert.InRange(histogram.Quantile(0.5).TotalMicroseconds, microseconds, microseconds * 1.016);
        Assert.Equal(microseconds * 4, histogram.Max.TotalMicroseconds);
    }

    [Fact]
    public void Quantile_EvenSpread_EachPartIsWhereItBelongs()
    {
        var (left, right) = (new LatencyHistogram(), new LatencyHistogram());
        for (var i = 1; i <= 10_000; i++)
        {
            (i % 2 == 0 ? left : right).Add(TimeSpan.FromMicroseconds(i));
        }

        left.Add(right);
        Assert.Equal(10_000, left.Count);
        Assert.InRange(left.Quantile(0.5).TotalMicroseconds, 5000, 5080);
        Assert.InRange(left.Quantile(0.99).TotalMicroseconds, 9900, 10_000);
        Assert.Equal(left.Max, left.Quantile(1));
    }

    [Fact]
    public void Add_NegativeOrEndless_StaysInsideTheTable()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromSeconds(-1));
        histogram.Add(TimeSpan.MaxValue);
        Assert.Equal(TimeSpan.Zero, histogram.Quantile(0.5));
        Assert.Equal(TimeSpan.MaxValue, histogram.Max);
    }
}
