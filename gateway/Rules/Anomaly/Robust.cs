namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>Medians of a few numbers.</summary>
internal static class Robust
{
    /// <summary>The standard deviation of normal noise by its median absolute deviation: 1 / Φ⁻¹(3/4).</summary>
    public const double SigmasPerDeviation = 1.4826;

    /// <summary>The median; not a number when there is none. Sorts the numbers in place.</summary>
    public static double Median(Span<double> values)
    {
        values.Sort();
        return values.IsEmpty ? double.NaN : Middle(values[(values.Length - 1) / 2], values[values.Length / 2]);
    }

    /// <summary>The median distance from a number; 0 when there is none. Turns the numbers into distances in place.</summary>
    public static double MedianDistance(Span<double> values, double from)
    {
        foreach (ref var value in values)
        {
            value = Math.Abs(value - from);
        }

        return values.IsEmpty ? 0 : Median(values);
    }

    /// <summary>The middle between two numbers; the number itself when they are the same.</summary>
    public static double Middle(double low, double high) => low == high ? low : (low * 0.5) + (high * 0.5);

    /// <summary>Whether a stored number can be one of ours: far from where sums are infinite.</summary>
    public static bool IsPlausible(double value) => Math.Abs(value) <= 1e300;
}
