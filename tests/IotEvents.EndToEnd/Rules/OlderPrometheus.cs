using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Windows;

namespace IotEvents.EndToEnd.Rules;

/// <summary>Where Debian's Prometheus (2.42) means something else than Prometheus 3, which we follow.</summary>
/// <remarks>
/// A counter whose first point is far from the left edge of the window began half a step before that point, or where it
/// would have been 0 if that is later. Before Prometheus' pull request 13725 of 2024 it began where it would have been 0
/// even if that is earlier, as long as it is less than 1.1 steps away.
/// </remarks>
internal static class OlderPrometheus
{
    /// <summary>What Debian's <c>increase</c> gives.</summary>
    public static double Increase(PointSpan points, Timestamp start, Timestamp end)
    {
        var increase = RangeFunctions.Increase(points, start, end);
        if (points.Count < 2)
        {
            return increase;
        }

        // All in nanoseconds. A window that ends with its points grows by nothing but what the points grow by.
        var length = points.Times[^1] - points.Times[0];
        var step = length / (points.Count - 1d);
        var grown = RangeFunctions.Increase(points, new Timestamp(points.Times[0]), new Timestamp(points.Times[^1]));
        var toZero = length * points.Values[0] / grown;
        var isFar = points.Times[0] - start.Nanoseconds >= 1.1 * step;
        return isFar && toZero > step / 2 && toZero < 1.1 * step ? increase + (grown * (toZero - (step / 2)) / length) : increase;
    }

    /// <summary>What Debian's <c>rate</c> gives.</summary>
    public static double Rate(PointSpan points, Timestamp start, Timestamp end) =>
        Increase(points, start, end) / (end - start).TotalSeconds;
}
