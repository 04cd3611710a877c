using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Windows;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Windows;

public sealed class PointRingTests
{
    [Theory]
    [InlineData(0, 10, "1=1 2=2 2=3 5=4 10=5")]
    [InlineData(1, 10, "2=2 2=3 5=4 10=5")]
    [InlineData(1, 2, "2=2 2=3")]
    [InlineData(2, 9, "5=4")]
    [InlineData(5, 9, "")]
    [InlineData(5, 5, "")]
    [InlineData(9, 3, "")]
    [InlineData(-5, 0, "")]
    [InlineData(10, 20, "")]
    public void Between_TwoInstants_LeavesOutTheLeftEndOnly(long after, long upTo, string expected)
    {
        var ring = Ring((1, 1), (2, 2), (2, 3), (5, 4), (10, 5));
        Assert.Equal(expected, Text(ring.Between(new Timestamp(after), new Timestamp(upTo))));
    }

    [Fact]
    public void Between_NoPoints_IsEmpty()
    {
        var ring = new PointRing();
        Assert.True(ring.Between(Timestamp.None, new Timestamp(long.MaxValue)).IsEmpty);
        Assert.True(ring.All.IsEmpty);
        Assert.Equal(0, ring.Count);
    }

    [Theory]
    [InlineData(1, "1=1 2=2 2=3 5=4")]
    [InlineData(2, "2=2 2=3 5=4")]
    [InlineData(3, "5=4")]
    [InlineData(6, "")]
    [InlineData(long.MinValue, "1=1 2=2 2=3 5=4")]
    [InlineData(long.MaxValue, "")]
    public void TrimBefore_AnInstant_KeepsThePointsFromItOn(long time, string expected)
    {
        var ring = Ring((1, 1), (2, 2), (2, 3), (5, 4));
        ring.TrimBefore(new Timestamp(time));
        Assert.Equal(expected, Text(ring.All));
        Assert.Equal(0, ring.Dropped);
    }

    [Fact]
    public void Add_MoreThanTheMost_DropsTheOldestAndCountsThem()
    {
        var ring = new PointRing(3);
        for (var i = 1; i <= 5; i++)
        {
            ring.Add(new Timestamp(i), i);
        }

        Assert.Equal("3=3 4=4 5=5", Text(ring.All));
        Assert.Equal(2, ring.Dropped);
    }

    [Fact]
    public void Add_BeforeTheLast_IsRefusedAndChangesNothing()
    {
        var ring = Ring((1, 1), (5, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Add(new Timestamp(4), 3));
        Assert.Equal("1=1 5=2", Text(ring.All));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PointRing(0));
    }

    [Fact]
    public void Add_SlidingWindow_AllocatesNothing()
    {
        var ring = new PointRing();
        Slide(ring, 0, 1000, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Slide(ring, 1000, 5000, 100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100, ring.Count);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 600)]
    [InlineData(60, 2_600)]
    public void Memory_AWindow_StaysSmall(int points, long bytesMax)
    {
        Slide(new PointRing(), 0, 2 * points, points);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var ring = new PointRing();
        Slide(ring, 0, points, points);
        var first = GC.GetAllocatedBytesForCurrentThread() - before;
        Slide(ring, points, 10_000, points);
        var all = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(first <= bytesMax, $"{first} bytes for {points} points");
        Assert.True(all <= 2 * bytesMax, $"{all} bytes while {points} points slide");
    }

    [Fact]
    public void Memory_AfterABurst_IsGivenBack()
    {
        var ring = new PointRing();
        Slide(ring, 0, 20_000, 20_000);
        Slide(ring, 20_000, 200_000, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Slide(ring, 200_000, 400_000, 10);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        // Growing from what is left allocates again, which it would not if the burst's arrays were still there.
        Slide(ring, 400_000, 410_000, 10_000);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() > before);
    }

    private static void Slide(PointRing ring, int from, int to, int width)
    {
        for (var i = from; i < to; i++)
        {
            ring.Add(new Timestamp(i), i);
            ring.TrimBefore(new Timestamp(i - width + 1));
        }
    }

    private static PointRing Ring(params ReadOnlySpan<(long Time, double Value)> points)
    {
        var ring = new PointRing();
        foreach (var (time, value) in points)
        {
            ring.Add(new Timestamp(time), value);
        }

        return ring;
    }

    private static string Text(PointSpan points)
    {
        var text = new List<string>();
        for (var i = 0; i < points.Count; i++)
        {
            text.Add($"{points.Times[i]}={points.Values[i]}");
        }

        return string.Join(' ', text);
    }
}
