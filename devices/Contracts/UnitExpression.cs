using System.Globalization;

namespace IotEvents.Devices.Contracts;

/// <summary>Reads compounds of units.</summary>
internal static class UnitExpression
{
    /// <summary>The highest power a part may carry, either way.</summary>
    private const int PowerMax = 4;

    /// <summary>The longest expression, in parts: more is no unit anybody writes, and exponents must not overflow.</summary>
    private const int PartsMax = 8;

    internal static bool TryParse(ReadOnlySpan<char> text, out double factor, out double offset, out Dimension dimension)
    {
        text = text.Trim();
        (factor, offset, dimension) = (1, 0, Dimension.One);
        if (text.IsEmpty)
        {
            return false;
        }

        if (Units.TryParse(text, out var whole))
        {
            (factor, offset, dimension) = (whole.Factor, whole.Offset, whole.Dimension);
            return true;
        }

        var sign = 1;
        for (var parts = 0; parts < PartsMax; parts++)
        {
            var end = text.IndexOfAny('/', '·', '*');
            if (!TryPart(end < 0 ? text : text[..end], out var unit, out var power))
            {
                return false;
            }

            factor *= Math.Pow(unit.Factor, sign * power);
            dimension *= unit.Dimension.Power(sign * power);
            if (end < 0)
            {
                return true;
            }

            sign = text[end] == '/' ? -1 : 1;
            text = text[(end + 1)..];
        }

        return false;
    }

    private static bool TryPart(ReadOnlySpan<char> part, out Unit unit, out int power)
    {
        part = part.Trim();
        power = 1;
        if (!part.IsEmpty && Units.TryParse(part, out unit))
        {
            return true;
        }

        unit = Unit.None;
        var letters = part.TrimEnd("0123456789-²³");
        if (letters.IsEmpty)
        {
            return false;
        }

        return TryPower(part[letters.Length..], out power) && Units.TryParse(letters.TrimEnd('^'), out unit) && unit.IsKnown;
    }

    private static bool TryPower(ReadOnlySpan<char> text, out int power)
    {
        power = text is "²" ? 2 : text is "³" ? 3 : 0;
        return power != 0 ||
            (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power) &&
                power != 0 && Math.Abs(power) <= PowerMax);
    }
}
