using System.Globalization;

namespace IotEvents.Devices.Decoders;

/// <summary>Numbers as text: <c>-12.5e3</c>.</summary>
internal static class DecimalNumber
{
    /// <summary>Powers of ten a double holds exactly.</summary>
    private static readonly double[] Powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>The length of the number at the start of a text; 0 when none stands there.</summary>
    /// <remarks>A sign, digits with at most one point (digits on at least one side of it), an exponent only with digits.</remarks>
    internal static int Length(ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'+' or (byte)'-', ..] ? 1 : 0;
        var whole = Digits(text[at..]);
        at += whole;
        var fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            fraction = Digits(text[(at + 1)..]);
            at += whole + fraction > 0 ? fraction + 1 : 0;
        }

        if (whole + fraction == 0)
        {
            return 0;
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            var digitsAt = at + 1 < text.Length && text[at + 1] is (byte)'+' or (byte)'-' ? at + 2 : at + 1;
            var exponent = digitsAt <= text.Length ? Digits(text[digitsAt..]) : 0;
            at = exponent > 0 ? digitsAt + exponent : at;
        }

        return at;
    }

    /// <summary>The nearest double to a number whose form was checked; infinite beyond what a double holds; never -0.</summary>
    /// <remarks>
    /// A number whose digits make a whole number below 2^53 and whose point stands at most 22 digits off is one exact division
    /// (W. D. Clinger, "How to read floating point numbers accurately", 1990); what sensors send is of that kind.
    /// </remarks>
    internal static double Parse(ReadOnlySpan<byte> number)
    {
        ulong digits = 0;
        var decimals = -1;
        var at = number[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        for (; at < number.Length && digits < (1UL << 53) / 10; at++)
        {
            if (number[at] == '.')
            {
                decimals = 0;
                continue;
            }

            if (!char.IsAsciiDigit((char)number[at]))
            {
                break;
            }

            digits = (digits * 10) + (uint)(number[at] - '0');
            decimals += decimals >= 0 ? 1 : 0;
        }

        if (at < number.Length || decimals >= Powers.Length)
        {
            return double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture) + 0.0;
        }

        var value = decimals > 0 ? digits / Powers[decimals] : digits;
        return number[0] == '-' ? 0.0 - value : value;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var other = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return other < 0 ? text.Length : other;
    }
}
