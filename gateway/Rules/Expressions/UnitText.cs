using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>Reads a unit as it stands behind a number: one of <see cref="Units"/>, or such units joined by <c>/</c>, <c>·</c> and powers.</summary>
internal static class UnitText
{
    /// <summary>Reads <c>degF</c>, <c>°C/min</c>, <c>L/min</c>, <c>m^2</c>, <c>m²</c>.</summary>
    /// <returns>False when a part of it is no known unit.</returns>
    public static bool TryParse(string text, out Scale scale)
    {
        if (Units.TryParse(text, out var unit) && unit.IsKnown)
        {
            scale = Scale.Of(unit);
            return true;
        }

        scale = new Scale(Dimension.One, 1, 0);
        var exponentSign = 1;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is not ('/' or '·'))
            {
                continue;
            }

            if (!TryParsePower(text[start..i], out var part, out var power))
            {
                return false;
            }

            power *= exponentSign;
            scale = new Scale(scale.Dimension * part.Dimension.Power(power), scale.Factor * Math.Pow(part.Factor, power), 0);
            exponentSign = i < text.Length && text[i] == '/' ? -1 : 1;
            start = i + 1;
        }

        return true;
    }

    private static bool TryParsePower(string text, out Unit unit, out int power)
    {
        power = 1;
        if (text.EndsWith('²') || text.EndsWith('³'))
        {
            power = text.EndsWith('²') ? 2 : 3;
            text = text[..^1];
        }
        else if (text.IndexOf('^') is >= 0 and var hat)
        {
            if (!int.TryParse(text[(hat + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out power) || power is < 1 or > 4)
            {
                unit = Unit.None;
                return false;
            }

            text = text[..hat];
        }

        return Units.TryParse(text, out unit) && unit.IsKnown;
    }
}
