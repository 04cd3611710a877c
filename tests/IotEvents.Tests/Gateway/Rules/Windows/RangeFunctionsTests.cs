using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Windows;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Windows;

/// <summary>The functions on points by hand: one a minute unless said otherwise, the first a minute after the start.</summary>
public sealed class RangeFunctionsTests
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    private delegate double Function(PointSpan points);

    [Fact]
    public void Functions_NoPoint_HaveNoResult()
    {
        foreach (var function in All())
        {
            Assert.Equal(NaN, function(default));
        }

        Assert.Equal(NaN, RangeFunctions.Quantile(-1, default));
    }

    [Fact]
    public void Functions_OnePoint_HaveAResultWhereOneIsEnough()
    {
        double[] expected = [7, 7, 7, 7, 1, 0, 7, 7, 0, 0, NaN, NaN, NaN, NaN, NaN];
        Assert.Equal(expected, All().Select(it => On(it, 7)));
    }

    [Fact]
    public void Functions_TwoPointsOfOneTime_HaveNoSlope()
    {
        long[] times = [60, 60];
        foreach (var values in new double[][] { [1, 2], [3, 3] })
        {
            double[] found = [.. All().TakeLast(5).Select(it => it(new PointSpan(times, values)))];
            Assert.Equal([NaN, NaN, NaN, NaN, NaN], found);
        }
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 6 }, 3, 1, 6, 9)]
    [InlineData(new double[] { -1, 1 }, 0, -1, 1, 0)]
    [InlineData(new double[] { 1e100, 1, -1e100 }, 1d / 3, -1e100, 1e100, 1)]
    [InlineData(new[] { double.MaxValue, double.MaxValue }, double.MaxValue, double.MaxValue, double.MaxValue, Infinity)]
    [InlineData(new[] { 1, Infinity, 2 }, Infinity, 1, Infinity, Infinity)]
    [InlineData(new[] { Infinity, Infinity, 2 }, Infinity, 2, Infinity, Infinity)]
    [InlineData(new[] { Infinity, -Infinity }, NaN, -Infinity, Infinity, NaN)]
    [InlineData(new[] { NaN, 4, 2 }, NaN, 2, 4, NaN)]
    [InlineData(new[] { NaN, NaN }, NaN, NaN, NaN, NaN)]
    public void AvgMinMaxSum_Values_AsExpected(double[] values, double avg, double min, double max, double sum)
    {
        Assert.Equal(avg, On(RangeFunctions.Avg, values));
        Assert.Equal(min, On(RangeFunctions.Min, values));
        Assert.Equal(max, On(RangeFunctions.Max, values));
        Assert.Equal(sum, On(RangeFunctions.Sum, values));
    }

    [Theory]
    [InlineData(new double[] { 2, 4, 4, 4, 5, 5, 7, 9 }, 2)]
    [InlineData(new double[] { 3, 3, 3 }, 0)]
    [InlineData(new[] { 1e9 + 1, 1e9 + 3 }, 1)]
    [InlineData(new[] { 1, Infinity }, NaN)]
    public void StdDev_Values_IsThatOfAPopulation(double[] values, double expected) =>
        Assert.Equal(expected, On(RangeFunctions.StdDev, values));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, 7.8)]
    [InlineData(1, 9)]
    [InlineData(-0.1, -Infinity)]
    [InlineData(1.1, Infinity)]
    [InlineData(NaN, NaN)]
    public void Quantile_OfFive_LiesBetweenTheNearestRanks(double phi, double expected) =>
        Assert.Equal(expected, On(it => RangeFunctions.Quantile(phi, it), 9, 2, 6, 1, 3), 12);

    [Theory]
    [InlineData(new double[] { 1, 1, 2, 2, 1, 0 }, 3, 2)]
    [InlineData(new[] { NaN, NaN, 1, NaN }, 2, 0)]
    [InlineData(new[] { 0, -0.0 }, 0, 0)]
    public void ChangesResets_Values_AreCounted(double[] values, double changes, double resets)
    {
        Assert.Equal(changes, On(RangeFunctions.Changes, values));
        Assert.Equal(resets, On(RangeFunctions.Resets, values));
    }

    // The window begins and ends a minute outside the points, which is within 1.1 steps: the growth of the points is
    // stretched to the edges.
    [Theory]
    [InlineData(new double[] { 100, 110, 120 }, 40, 40)]
    [InlineData(new double[] { 100, 110, 4 }, 28, -192)]
    [InlineData(new double[] { 5, 15, 25 }, 35, 40)]
    [InlineData(new double[] { 0, 10, 20 }, 30, 40)]
    [InlineData(new double[] { 3, 3, 3 }, 0, 0)]
    [InlineData(new double[] { -5, 5, 15 }, 40, 40)]
    public void IncreaseDelta_PointsNearTheEdges_ReachThem(double[] values, double increase, double delta)
    {
        var end = Minute(values.Length + 1);
        Assert.Equal(increase, On(it => RangeFunctions.Increase(it, Minute(0), end), values), 12);
        Assert.Equal(increase / 240, On(it => RangeFunctions.Rate(it, Minute(0), end), values), 12);
        Assert.Equal(delta, On(it => RangeFunctions.Delta(it, Minute(0), end), values), 12);
    }

    [Fact]
    public void IncreaseDelta_PointsFarFromTheEdges_ReachHalfAStep()
    {
        double[] values = [100, 110, 120];
        Assert.Equal(30, On(it => RangeFunctions.Increase(it, Minute(-9), Minute(9)), values), 12);
        Assert.Equal(30, On(it => RangeFunctions.Delta(it, Minute(-9), Minute(9)), values), 12);

        // A counter that was 0 a quarter of a step before its first point began there.
        Assert.Equal(27.5, On(it => RangeFunctions.Increase(it, Minute(-9), Minute(9)), 2.5, 12.5, 22.5), 12);
        Assert.Equal(30, On(it => RangeFunctions.Delta(it, Minute(-9), Minute(9)), 2.5, 12.5, 22.5), 12);
    }

    [Theory]
    [InlineData(new double[] { 60, 120, 180 }, 1, 300)]
    [InlineData(new double[] { 5, 5, 5 }, 0, 5)]
    [InlineData(new double[] { 0, 60, 0 }, 0, 20)]
    [InlineData(new[] { Infinity, Infinity }, NaN, NaN)]
    public void DerivPredictLinear_Values_LieOnTheLineOfLeastSquares(double[] values, double slope, double inTwoMinutes)
    {
        var end = Minute(values.Length);
        Assert.Equal(slope, On(RangeFunctions.Deriv, values), 12);
        Assert.Equal(inTwoMinutes, On(it => RangeFunctions.PredictLinear(it, end, TimeSpan.FromMinutes(2)), values), 9);
    }

    [Fact]
    public void Functions_ManyPoints_AllocateNothing()
    {
        double[] values = [.. Enumerable.Range(0, 5000).Select(it => it % 97 / 7d)];
        long[] times = [.. Enumerable.Range(0, 5000).Select(it => it * 1_000_000_000L)];
        var functions = All();
        _ = Sum(functions, times, values);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = Sum(functions, times, values);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(double.IsFinite(sum));

        static double Sum(Function[] functions, long[] times, double[] values)
        {
            var sum = 0d;
            foreach (var function in functions)
            {
                sum += function(new PointSpan(times, values));
            }

            return sum;
        }
    }

    private static Function[] All() =>
    [
        RangeFunctions.Avg, RangeFunctions.Min, RangeFunctions.Max, RangeFunctions.Sum, RangeFunctions.Count,
        RangeFunctions.StdDev, it => RangeFunctions.Quantile(0.5, it), RangeFunctions.Last, RangeFunctions.Changes,
        RangeFunctions.Resets, it => RangeFunctions.Rate(it, Minute(0), Minute(9)),
        it => RangeFunctions.Increase(it, Minute(0), Minute(9)), it => RangeFunctions.Delta(it, Minute(0), Minute(9)),
        RangeFunctions.Deriv, it => RangeFunctions.PredictLinear(it, Minute(9), TimeSpan.FromHours(1)),
    ];

    private static Timestamp Minute(int number) => RuleBench.Start + TimeSpan.FromMinutes(number);

    private static double On(Function function, params double[] values) =>
        function(new PointSpan(values.Select((_, i) => Minute(i + 1).Nanoseconds).ToArray(), values));
}
