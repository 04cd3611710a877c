using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>Writes numbers and times for people.</summary>
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

    /// <summary>RFC 3339 in UTC, to the millisecond: nobody reads more digits.</summary>
    public static string Format(Timestamp time) =>
        time.HasValue ? Timestamp.FromUnixMilliseconds(time.UnixMilliseconds).ToString() : time.ToString();
}
