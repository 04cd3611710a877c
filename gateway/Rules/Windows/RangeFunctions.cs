using System.Buffers;

namespace IotEvents.Gateway.Rules.Windows;

/// <summary>What PromQL's <c>*_over_time</c> functions say of the points of a window.</summary>
/// <remarks>
/// Every function gives not a number when there are too few points for a result; where a value is itself not a number or
/// infinite, they do as Prometheus does. Sums are compensated (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur
/// Summation endlicher Summen", 1974) and made in the order of time, so the same points give the same bits on every machine.
/// </remarks>
internal static partial class RangeFunctions
{
    private const int StackMax = 256;

    /// <summary>The arithmetic mean, in the unit of the values; needs one point.</summary>
    public static double Avg(PointSpan points)
    {
        if (points.IsEmpty)
        {
            return double.NaN;
        }

        var sum = new Compensated();
        foreach (var value in points.Values)
        {
            sum.Add(value);
        }

        return double.IsFinite(sum.Total) ? sum.Total / points.Count : AvgOfLarge(points.Values);
    }

    /// <summary>The smallest value; needs one point.</summary>
    public static double Min(PointSpan points)
    {
        var min = double.NaN;
        foreach (var value in points.Values)
        {
            min = value < min || double.IsNaN(min) ? value : min;
        }

        return min;
    }

    /// <summary>The largest value; needs one point.</summary>
    public static double Max(PointSpan points)
    {
        var max = double.NaN;
        foreach (var value in points.Values)
        {
            max = value > max || double.IsNaN(max) ? value : max;
        }

        return max;
    }

    /// <summary>The sum, in the unit of the values; needs one point.</summary>
    public static double Sum(PointSpan points)
    {
        var sum = new Compensated();
        foreach (var value in points.Values)
        {
            sum.Add(value);
        }

        return points.IsEmpty ? double.NaN : sum.Total;
    }

    /// <summary>The number of points; not a number instead of 0, as Prometheus gives no result then.</summary>
    public static double Count(PointSpan points) => points.IsEmpty ? double.NaN : points.Count;

    /// <summary>The newest value; needs one point.</summary>
    public static double Last(PointSpan points) => points.IsEmpty ? double.NaN : points.Values[^1];

    /// <summary>The standard deviation of the points as a whole population, in their unit; needs one point.</summary>
    /// <remarks>Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", 1962.</remarks>
    public static double StdDev(PointSpan points)
    {
        var (mean, squares, count) = (new Compensated(), new Compensated(), 0);
        foreach (var value in points.Values)
        {
            var before = value - mean.Total;
            mean.Add(before / ++count);
            squares.Add(before * (value - mean.Total));
        }

        return points.IsEmpty ? double.NaN : Math.Sqrt(squares.Total / count);
    }

    /// <summary>A quantile, linear between the two nearest ranks, in the unit of the values; needs one point.</summary>
    /// <param name="phi">The part of the points that lies below, 0 to 1; below 0 the result is −∞, above 1 it is +∞.</param>
    /// <param name="points">The points; more than 256 are sorted in a buffer lent by the array pool.</param>
    public static double Quantile(double phi, PointSpan points)
    {
        if (points.IsEmpty || double.IsNaN(phi))
        {
            return double.NaN;
        }

        if (phi is < 0 or > 1)
        {
            return phi < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        if (points.Count <= StackMax)
        {
            Span<double> buffer = stackalloc double[StackMax];
            return QuantileOf(phi, points.Values, buffer[..points.Count]);
        }

        var lent = ArrayPool<double>.Shared.Rent(points.Count);
        var quantile = QuantileOf(phi, points.Values, lent.AsSpan(0, points.Count));
        ArrayPool<double>.Shared.Return(lent);
        return quantile;
    }

    /// <summary>How often a value differs from the one before it; needs one point.</summary>
    public static double Changes(PointSpan points)
    {
        var changes = 0;
        for (var i = 1; i < points.Count; i++)
        {
            var (before, value) = (points.Values[i - 1], points.Values[i]);
            changes += value != before && !(double.IsNaN(value) && double.IsNaN(before)) ? 1 : 0;
        }

        return points.IsEmpty ? double.NaN : changes;
    }

    /// <summary>How often a value is smaller than the one before it; needs one point.</summary>
    /// <remarks>A counter falls only when it begins anew.</remarks>
    public static double Resets(PointSpan points)
    {
        var resets = 0;
        for (var i = 1; i < points.Count; i++)
        {
            resets += points.Values[i] < points.Values[i - 1] ? 1 : 0;
        }

        return points.IsEmpty ? double.NaN : resets;
    }

    // The sum is too large for a double (or a value is no finite number): the mean is carried instead.
    private static double AvgOfLarge(ReadOnlySpan<double> values)
    {
        var (mean, count) = (new Compensated(), 0d);
        foreach (var value in values)
        {
            count++;
            var stays = double.IsInfinity(mean.Sum) && (double.IsFinite(value) || value == mean.Sum);
            if (!stays)
            {
                mean.Add((value / count) - (mean.Sum / count));
            }
        }

        return mean.Total;
    }

    private static double QuantileOf(double phi, ReadOnlySpan<double> values, Span<double> sorted)
    {
        values.CopyTo(sorted);
        sorted.Sort();
        var rank = phi * (sorted.Length - 1);
        var lower = (int)Math.Floor(rank);
        var upper = Math.Min(sorted.Length - 1, lower + 1);
        var weight = rank - lower;
        return (sorted[lower] * (1 - weight)) + (sorted[upper] * weight);
    }

    /// <summary>A sum that carries what rounding took from it.</summary>
    private struct Compensated
    {
        private double _lost;

        /// <summary>The sum as rounded.</summary>
        public double Sum { get; private set; }

        /// <summary>The sum with what rounding took from it.</summary>
        public readonly double Total => double.IsInfinity(Sum) ? Sum : Sum + _lost;

        /// <summary>Adds a number.</summary>
        public void Add(double number)
        {
            var sum = Sum + number;
            _lost = double.IsInfinity(sum) ? 0
                : Math.Abs(Sum) >= Math.Abs(number) ? _lost + (Sum - sum + number)
                : _lost + (number - sum + Sum);
            Sum = sum;
        }
    }
}
