using System.Globalization;
using System.Text;
using IotEvents.Devices.Settings;
using Parlot;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>The smallest pieces of an expression: numbers, lengths of time, texts, names, units.</summary>
internal static class Tokens
{
    /// <summary>What a number or a length of time may begin with.</summary>
    public const string NumberStart = "0123456789.";

    /// <summary>What a text may begin with.</summary>
    public const string TextStart = "\"'";

    /// <summary>These are never a name or a unit; where a metric is called so, <c>metric("of")</c> means it.</summary>
    public static readonly string[] Reserved = ["and", "between", "not", "of", "or", "where", "within"];

    // The longer ones first.
    private static readonly string[] TimeUnits = ["ms", "us", "s", "m", "h", "d", "w", "y"];

    /// <summary>True for a letter that a name may begin with.</summary>
    public static bool BeginsName(char c) => char.IsLetter(c) || c == '_';

    /// <summary>True for a letter that a name may go on with.</summary>
    public static bool ContinuesName(char c) => char.IsLetterOrDigit(c) || c is '.' or '_';

    /// <summary>True for a letter that a unit may begin with.</summary>
    public static bool BeginsUnit(char c) => c is '%' or '°' or 'µ' or 'μ' or 'Ω' || char.IsLetter(c);

    /// <summary>True for a letter that a unit may go on with.</summary>
    public static bool ContinuesUnit(char c) => c is '%' or '°' or '/' or '^' or '·' or '²' or '³' || char.IsLetterOrDigit(c);

    /// <summary>True when a metric of that name needs no quotes.</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && BeginsName(text[0]) && text.All(ContinuesName) && !IsReserved(text);

    /// <summary>True for a word of the language.</summary>
    public static bool IsReserved(ReadOnlySpan<char> text)
    {
        foreach (var word in Reserved)
        {
            if (text.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As the other overload, for a piece of the text that is read.</summary>
    public static bool IsReserved(TextSpan span) => IsReserved(span.Span);

    /// <summary>The characters of the number that the text begins with: <c>80</c>, <c>0.5</c>, <c>.5</c>, <c>1e-3</c>.</summary>
    /// <remarks>Parlot's own number parser finds its conversion by reflection, which a natively compiled program cannot promise.</remarks>
    public static int NumberLength(ReadOnlySpan<char> text)
    {
        var length = PlainNumberLength(text);
        return length > 0 ? length + ExponentLength(text[length..]) : 0;
    }

    /// <summary>The number.</summary>
    public static double Number(TextSpan text) => double.Parse(text.Span, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The characters of the length of time that the text begins with: <c>5m</c>, <c>1h30m</c>; 0 when a unit goes on.</summary>
    public static int DurationLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (PlainNumberLength(text[length..]) is > 0 and var digits)
        {
            if (TimeUnitLength(text[(length + digits)..]) is not (> 0 and var letters))
            {
                return 0;
            }

            length += digits + letters;
        }

        return length < text.Length && ContinuesUnit(text[length]) ? 0 : length;
    }

    /// <summary>The length of time; the longest there is when it is longer.</summary>
    public static TimeSpan Duration(TextSpan text) =>
        SettingsValues.TryParseDuration(text.ToString()!, out var span) ? span : TimeSpan.MaxValue;

    /// <summary>The characters of the text in quotes that the text begins with; a backslash takes the next character as it is.</summary>
    public static int TextLength(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == text[0])
            {
                return i + 1;
            }
        }

        return 0;
    }

    /// <summary>The text between the quotes.</summary>
    public static string Text(TextSpan quoted)
    {
        var inner = quoted.Span[1..^1];
        var text = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            i += inner[i] == '\\' ? 1 : 0;
            text.Append(inner[i]);
        }

        return text.ToString();
    }

    private static int PlainNumberLength(ReadOnlySpan<char> text)
    {
        var whole = Digits(text);
        if (whole == text.Length || text[whole] != '.')
        {
            return whole;
        }

        var fraction = Digits(text[(whole + 1)..]);
        return whole + fraction == 0 ? 0 : whole + 1 + fraction;
    }

    /// <summary>0 when the letter begins a unit, as in <c>5 eV</c> without the space.</summary>
    private static int ExponentLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('e' or 'E'))
        {
            return 0;
        }

        var sign = text.Length > 1 && text[1] is ('+' or '-') ? 1 : 0;
        var digits = Digits(text[(1 + sign)..]);
        return digits > 0 ? 1 + sign + digits : 0;
    }

    private static int TimeUnitLength(ReadOnlySpan<char> text)
    {
        foreach (var unit in TimeUnits)
        {
            if (text.StartsWith(unit, StringComparison.Ordinal))
            {
                return unit.Length;
            }
        }

        return 0;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var other = text.IndexOfAnyExceptInRange('0', '9');
        return other < 0 ? text.Length : other;
    }
}
