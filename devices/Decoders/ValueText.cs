using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders;

/// <summary>One value as devices write it in text: <c>21.5</c>, <c>21.5 °C</c>, <c>ON</c>, <c>closed</c>, <c>nan</c>.</summary>
internal static class ValueText
{
    /// <summary>Longer than this no text is a value.</summary>
    internal const int BytesMax = 64;

    private static readonly (string Word, double Value)[] Words =
    [
        ("on", 1), ("off", 0), ("true", 1), ("false", 0), ("open", 1), ("closed", 0), ("online", 1), ("offline", 0),
    ];

    private static readonly string[] NotFinite = ["nan", "inf", "infinity"];

    /// <summary>Reads a text that is a value as a whole; spaces around it are dropped.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="glued">
    /// True when a unit of letters may follow the digits at once, as in <c>21.5C</c>. False where the text may as well be an
    /// identifier such as <c>3F</c>: then a unit stands behind a space, or begins with a sign such as <c>°</c> or <c>%</c>.
    /// </param>
    /// <param name="decimalComma">True when <c>21,5</c> is a number.</param>
    /// <param name="value">A finite number; 1 for on, true, open, online; 0 for off, false, closed, offline; any case.</param>
    /// <param name="unit">The unit behind the number, if any.</param>
    /// <returns><see cref="RejectReason.WrongType"/> for any other text, <see cref="RejectReason.NotFinite"/> for NaN and infinity.</returns>
    internal static RejectReason Read(ReadOnlySpan<byte> text, bool glued, bool decimalComma, out double value, out Unit unit)
    {
        (value, unit) = (0, Unit.None);
        text = Trim(text);
        if (text.Length is 0 or > BytesMax)
        {
            return RejectReason.WrongType;
        }

        Span<byte> pointed = stackalloc byte[BytesMax];
        if (decimalComma && text.IndexOf((byte)',') is >= 0 and var comma)
        {
            text.CopyTo(pointed);
            pointed[comma] = (byte)'.';
            return ReadPointed(pointed[..text.Length], glued, out value, out unit);
        }

        return ReadPointed(text, glued, out value, out unit);
    }

    /// <summary>Without spaces, tabs and line ends at either side.</summary>
    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);

    /// <summary>True for NaN and infinity as programs print them, in any case, with or without a sign.</summary>
    internal static bool IsNotFinite(ReadOnlySpan<byte> text) =>
        IsOneOf(text is [(byte)'-' or (byte)'+', ..] ? text[1..] : text, NotFinite);

    private static RejectReason ReadPointed(ReadOnlySpan<byte> text, bool glued, out double value, out Unit unit)
    {
        unit = Unit.None;
        var length = DecimalNumber.Length(text);
        if (length == 0)
        {
            return ReadWord(text, out value);
        }

        value = DecimalNumber.Parse(text[..length]);
        var rest = text[length..];
        var separated = rest.IsEmpty || glued || !char.IsAsciiLetter((char)rest[0]);
        if (!separated || !Units.TryParse(rest, out unit))
        {
            return RejectReason.WrongType;
        }

        return double.IsFinite(value) ? RejectReason.None : RejectReason.NotFinite;
    }

    private static RejectReason ReadWord(ReadOnlySpan<byte> text, out double value)
    {
        foreach (var (word, number) in Words)
        {
            if (Ascii.EqualsIgnoreCase(text, word))
            {
                value = number;
                return RejectReason.None;
            }
        }

        value = 0;
        return IsNotFinite(text) ? RejectReason.NotFinite : RejectReason.WrongType;
    }

    private static bool IsOneOf(ReadOnlySpan<byte> text, string[] words)
    {
        foreach (var word in words)
        {
            if (Ascii.EqualsIgnoreCase(text, word))
            {
                return true;
            }
        }

        return false;
    }
}
