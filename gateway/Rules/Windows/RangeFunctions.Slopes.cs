using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Windows;

/// <content>How values change over the time of a window.</content>
internal static partial class RangeFunctions
{
    private const double NanosecondsPerSecond = 1e9;

    // Where the edge is further away than this many mean steps, the series began or ended inside the window.
    private const double StepsToEdgeMax = 1.1;

    /// <summary>How fast a counter grows, per second; a falling value counts as a new start from 0.</summary>
    /// <remarks>Needs two points of different times.</remarks>
    /// <param name="points">The points of the window.</param>
    /// <param name="start">Where the window begins; before its end.</param>
    /// <param name="end">Where the window ends.</param>
    public static double Rate(PointSpan points, Timestamp start, Timestamp end) =>
        Increase(points, start, end) / Seconds(start.Nanoseconds, end.Nanoseconds);

    /// <summary>How much a counter grows over the whole window; a falling value counts as a new start from 0.</summary>
    /// <remarks>Needs two points of different times.</remarks>
    /// <param name="points">The points of the window.</param>
    /// <param name="start">Where the window begins.</param>
    /// <param name="end">Where the window ends.</param>
    public static double Increase(PointSpan points, Timestamp start, Timestamp end)
    {
        if (points.Count < 2)
        {
            return double.NaN;
        }

        var growth = points.Values[^1] - points.Values[0];
        for (var i = 1; i < points.Count; i++)
        {
            growth += points.Values[i] < points.Values[i - 1] ? points.Values[i - 1] : 0;
        }

        // Growing at this pace, the counter was 0 so long before the first point; it cannot have grown before that.
        var zero = growth > 0 && points.Values[0] >= 0
            ? Seconds(points.Times[0], points.Times[^1]) * (points.Values[0] / growth)
            : double.PositiveInfinity;
        return Extrapolate(points, start, end, growth, zero);
    }

    /// <summary>How much a value that may rise and fall changes over the whole window, in its unit.</summary>
    /// <remarks>Needs two points of different times.</remarks>
    /// <param name="points">The points of the window.</param>
    /// <param name="start">Where the window begins.</param>
    /// <param name="end">Where the window ends.</param>
    public static double Delta(PointSpan points, Timestamp start, Timestamp end) =>
        points.Count < 2
            ? double.NaN
            : Extrapolate(points, start, end, points.Values[^1] - points.Values[0], double.PositiveInfinity);

    /// <summary>The slope of the line of least squares, per second; needs two points of different times.</summary>
    public static double Deriv(PointSpan points) => points.Count < 2 ? double.NaN : Line(points, points.Times[0]).Slope;

    /// <summary>The value on the line of least squares at a later time, in the unit of the values.</summary>
    /// <remarks>Needs two points of different times.</remarks>
    /// <param name="points">The points of the window.</param>
    /// <param name="at">Where the window ends.</param>
    /// <param name="ahead">How long after that.</param>
    public static double PredictLinear(PointSpan points, Timestamp at, TimeSpan ahead)
    {
        if (points.Count < 2)
        {
            return double.NaN;
        }

        var (slope, value) = Line(points, at.Nanoseconds);
        return (slope * ahead.TotalSeconds) + value;
    }

    // The change between the first and the last point, stretched to the edges of the window when the points reach close
    // to them, and by half a mean step where they do not (Prometheus, "rate()": the series began or ended there).
    private static double Extrapolate(PointSpan points, Timestamp start, Timestamp end, double change, double zero)
    {
        var sampled = Seconds(points.Times[0], points.Times[^1]);
        if (sampled == 0)
        {
            return double.NaN;
        }

        var step = sampled / (points.Count - 1);
        var before = Math.Min(ToEdge(Seconds(start.Nanoseconds, points.Times[0]), step), zero);
        var after = ToEdge(Seconds(points.Times[^1], end.Nanoseconds), step);
        return change * ((sampled + before + after) / sampled);

        static double ToEdge(double distance, double step) => distance < step * StepsToEdgeMax ? distance : step / 2;
    }

    // Least squares in the order of operations Prometheus has, so that a condition such as `deriv > 0` decides alike.
    private static (double Slope, double Intercept) Line(PointSpan points, long origin)
    {
        var times = points.Times;
        var values = points.Values;
        if (values.IndexOfAnyExcept(values[0]) < 0)
        {
            return double.IsInfinity(values[0]) || times[^1] == times[0] ? (double.NaN, double.NaN) : (0, values[0]);
        }

        var (sumX, sumY, sumXY, sumXX) = (new Compensated(), new Compensated(), new Compensated(), new Compensated());
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = (Seconds(origin, times[i]), values[i]);
            sumX.Add(x);
            sumY.Add(y);
            sumXY.Add(x * y);
            sumXX.Add(x * x);
        }

        double n = points.Count;
        var covariance = sumXY.Total - (sumX.Total * sumY.Total / n);
        var variance = sumXX.Total - (sumX.Total * sumX.Total / n);
        var slope = times[^1] == times[0] ? double.NaN : covariance / variance;
        return (slope, (sumY.Total / n) - (slope * sumX.Total / n));
    }

    private static double Seconds(long from, long to) => (to - from) / NanosecondsPerSecond;
}
