using System.Text;

namespace IotEvents.Devices.Decoders.Json;

/// <summary>Takes the escapes out of a JSON string that <see cref="JsonScanner"/> found well-formed.</summary>
internal static class JsonText
{
    /// <summary>Writes the string's characters as UTF-8.</summary>
    /// <returns>How many bytes; -1 when they do not fit.</returns>
    internal static int Unescape(ReadOnlySpan<byte> raw, Span<byte> into)
    {
        var length = 0;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            plain = plain < 0 ? raw.Length : plain;
            if (!raw[..plain].TryCopyTo(into[length..]))
            {
                return -1;
            }

            length += plain;
            raw = raw[plain..];
            if (raw.IsEmpty)
            {
                break;
            }

            var rune = Escape(raw, out var used);
            if (!rune.TryEncodeToUtf8(into[length..], out var written))
            {
                return -1;
            }

            length += written;
            raw = raw[used..];
        }

        return length;
    }

    private static Rune Escape(ReadOnlySpan<byte> text, out int used)
    {
        used = 2;
        switch (text[1])
        {
            case (byte)'b': return new Rune('\b');
            case (byte)'f': return new Rune('\f');
            case (byte)'n': return new Rune('\n');
            case (byte)'r': return new Rune('\r');
            case (byte)'t': return new Rune('\t');
            case (byte)'u': break;
            default: return new Rune((char)text[1]);
        }

        var unit = Hex(text[2..6]);
        used = char.IsSurrogate(unit) ? 12 : 6;
        return char.IsSurrogate(unit) ? new Rune(unit, Hex(text[8..12])) : new Rune(unit);
    }

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        var unit = 0;
        foreach (var digit in digits)
        {
            unit = (unit * 16) + JsonScanner.HexValue(digit);
        }

        return (char)unit;
    }
}
