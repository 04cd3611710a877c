using System.Globalization;

namespace IotEvents.Gateway.Rules;

/// <summary>Writes numbers for people.</summary>
internal static class Quantities
{
    /// <summary>Such as <c>80.25 °C</c>, at most six digits after the point; <c>unknown</c> when it is not a number.</summary>
    public static string Format(double value, string unit)
    {
        if (double.IsNaN(value))
        {
            return "unknown";
        }

        var number = Math.Abs(value) is >= 1e15 or (< 1e-6 and > 0)
            ? value.ToString("G6", CultureInfo.InvariantCulture)
            : value.ToString("0.######", CultureInfo.InvariantCulture);
        return unit.Length == 0 ? number : $"{number} {unit}";
    }
}
