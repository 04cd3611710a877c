using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>Writes numbers with the unit they count in, for people.</summary>
internal static class MeasureText
{
    private static readonly (string Text, double Seconds)[] Times = [("/s", 1), ("/min", 60), ("/h", 3600)];

    /// <summary>Such as <c>80.25 °C</c> or <c>2 °C/min</c>; a rate stands in the time in which at least one unit passes.</summary>
    public static string Format(double value, Measure measure)
    {
        if (!measure.HasScale)
        {
            return Quantities.Format(value, "");
        }

        if (UnitOf(measure) is { } unit)
        {
            return Quantities.Format(value, unit.Display);
        }

        var perSecond = measure.Scale with { Dimension = measure.Scale.Dimension * Dimension.Time };
        if (UnitOf(measure with { Scale = perSecond }) is { } rated)
        {
            var (text, seconds) = Array.Find(Times, time => Math.Abs(value * time.Seconds) >= 1) is { Text: not null } found
                ? found : Times[^1];
            return Quantities.Format(value * seconds, rated.Display + text);
        }

        var (factor, dimension) = (measure.Scale.Factor, measure.Scale.Dimension);
        return Quantities.Format(value, string.Create(CultureInfo.InvariantCulture, $"× {factor:R} {dimension}"));
    }

    private static Unit? UnitOf(Measure measure)
    {
        // Differences of temperatures are called by °C or °F: few people think in K.
        var isDifference = measure.Scale.Dimension == Dimension.Temperature && measure.Kind != MeasureKind.Point;
        foreach (var unit in Units.All)
        {
            var scale = Scale.Of(unit);
            if (isDifference ? scale.Offset != 0 && measure.Scale.WithoutOffset == scale.WithoutOffset : measure.Scale == scale)
            {
                return unit;
            }
        }

        return null;
    }
}
