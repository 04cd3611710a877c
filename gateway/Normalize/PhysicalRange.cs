using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Normalize;

/// <summary>What physics does not allow: below absolute zero, relative humidity beyond what a sensor can mean.</summary>
internal static class PhysicalRange
{
    private static readonly Unit RelativeHumidity = Units.Get("%RH");

    /// <summary>True when no thing could have this value in this unit. A few per cent over 100 %RH are a sensor's tolerance.</summary>
    public static bool IsOutside(double value, Unit unit)
    {
        if (unit.Dimension == Dimension.Temperature)
        {
            // Tenths of a kelvin are rounding, not physics.
            return (value * unit.Factor) + unit.Offset < -0.05;
        }

        return unit == RelativeHumidity && (value is < -5 or > 110);
    }
}
