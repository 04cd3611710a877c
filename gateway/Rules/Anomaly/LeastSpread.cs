namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>The spread of a series that has never moved, and so has not shown what a step of it is.</summary>
/// <remarks>
/// A hundredth of its value, as fine as most sensors are, but not less than the last of the digits that the value is written
/// with, at most 1: 20.05 may move by 0.01, 20 and 0 may be counted in ones. With 20 known for long, 20.05 is then 0.05 sigmas
/// away, 21 is 1, 2000 is 1980. The first step that is no anomaly says how far the series moves, and ends this guess.
/// </remarks>
internal static class LeastSpread
{
    private const double Part = 0.01;

    /// <summary>What differs by less than this part of itself is a rounding error.</summary>
    private const double RoundingError = 1e-9;

    // Powers of ten are exact, their inverses are not.
    private static readonly double[] Digits = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>The least spread around a value, in its unit; above 0.</summary>
    public static double Of(double value) => Math.Max(Math.Abs(value) * Part, LastDigit(value));

    private static double LastDigit(double value)
    {
        foreach (var digit in Digits)
        {
            var number = value * digit;
            if (Math.Abs(number - Math.Round(number)) <= RoundingError * Math.Abs(number))
            {
                return 1 / digit;
            }
        }

        return 0;
    }
}
