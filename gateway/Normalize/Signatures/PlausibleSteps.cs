using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Normalize.Signatures;

/// <summary>How fast and how far quantities move, and between which ends their sensors measure. Numbers in the unit given.</summary>
/// <param name="Near">A step so large is always one of the same course.</param>
/// <param name="PerSecond">By how much that grows with each second between two values.</param>
/// <param name="NearMax">To how much it grows.</param>
/// <param name="Floor">No step up to this is impossible, however short the time.</param>
/// <param name="FloorPerSecond">By how much that grows with each second.</param>
internal sealed record PlausibleSteps(double Near, double PerSecond, double NearMax, double Floor, double FloorPerSecond)
{
    private static readonly Unit RelativeHumidity = Units.Get("%RH");
    private static readonly Unit Celsius = Units.Get("Cel");

    // A boiler heats by 0.1 K/s, a sensor dropped into boiling water by a few kelvin a second.
    private static readonly PlausibleSteps OfTemperature = new(5, 0.1, 20, 10, 5);

    // Breath takes a humidity sensor from 40 to 90 % within a few seconds.
    private static readonly PlausibleSteps OfHumidity = new(10, 0.2, 30, 30, 20);

    private static readonly Dimension[] NeverNegative =
        [Units.Get("mg/m3").Dimension, Units.Get("lx").Dimension, Units.Get("Ohm").Dimension, Units.Get("m3").Dimension, Dimension.Mass];

    private static readonly Unit[] NeverNegativeUnits = [Units.Get("ppm"), Units.Get("ppb"), Units.Get("pH"), Units.Get("NTU")];

    /// <summary>The steps of temperatures (in K) and relative humidities (in %RH); null for everything else, which may jump.</summary>
    public static PlausibleSteps? Of(Unit unit) =>
        unit.Dimension == Dimension.Temperature ? OfTemperature : unit == RelativeHumidity ? OfHumidity : null;

    /// <summary>What turns a difference in the unit of a series into the numbers here: 5/9 for °F.</summary>
    public static double Scale(Unit unit) => unit.Dimension == Dimension.Temperature ? unit.Factor : 1;

    /// <summary>True when sensors of such quantities do not measure there: below nothing of a substance, beyond -90 to 300 °C.</summary>
    public static bool IsUnusual(double value, Unit unit)
    {
        if (unit.Dimension == Dimension.Temperature)
        {
            return unit.Convert(value, Celsius) is < -90 or > 300;
        }

        return unit == RelativeHumidity
            ? value is < 0 or > 100
            : value < 0 && unit.IsKnown && (NeverNegative.Contains(unit.Dimension) || NeverNegativeUnits.Contains(unit));
    }

    /// <summary>True when a step is of the same course as the value before.</summary>
    public bool IsNear(double step, double seconds, bool afterGap) =>
        Math.Abs(step) <= (afterGap ? Near : Math.Min(Near + (PerSecond * seconds), NearMax));

    /// <summary>True when nothing moves so far in this time. Less than a second is taken as one: stamps are not finer than links are late.</summary>
    public bool IsImpossible(double step, double seconds) =>
        Math.Abs(step) > Floor + (FloorPerSecond * Math.Max(1, seconds));
}
