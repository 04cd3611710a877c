using System.Buffers;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.Json;

/// <summary>Goes over JSON text (RFC 8259) token by token, in place, without exceptions and without garbage.</summary>
/// <remarks>
/// Not <c>Utf8JsonReader</c>, because that one stops at the bare <c>nan</c> of a broken sensor and takes the whole message
/// with it, and because its way to say "malformed" is an exception, which a hostile device could buy in bulk. What it
/// accepts is held equal to <c>Utf8JsonReader</c> by a differential test, but for the not-finite literals.
/// The text must be valid UTF-8: the caller checks it as a whole, which is faster than by string.
/// </remarks>
internal ref struct JsonScanner(ReadOnlySpan<byte> json)
{
    private static readonly SearchValues<byte> StringStops =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(i => (byte)i)]);

    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;

    /// <summary>True behind the last token.</summary>
    public bool AtEnd
    {
        get
        {
            SkipSpace();
            return _at == _json.Length;
        }
    }

    /// <summary>The first byte of the next token; 0 at the end.</summary>
    public byte Peek()
    {
        SkipSpace();
        return _at < _json.Length ? _json[_at] : (byte)0;
    }

    /// <summary>Steps over one punctuation mark if it comes next.</summary>
    public bool TryTake(byte mark)
    {
        if (Peek() != mark)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Steps over a string.</summary>
    /// <param name="raw">What stands between the quotes.</param>
    /// <param name="escaped">True when <paramref name="raw"/> holds escapes, all of them well-formed.</param>
    public RejectReason ReadString(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        raw = default;
        escaped = false;
        if (!TryTake((byte)'"'))
        {
            return RejectReason.Malformed;
        }

        var start = _at;
        while (true)
        {
            var stop = _json[_at..].IndexOfAny(StringStops);
            if (stop < 0)
            {
                return RejectReason.Malformed;
            }

            _at += stop + 1;
            switch (_json[_at - 1])
            {
                case (byte)'"':
                    raw = _json[start..(_at - 1)];
                    return RejectReason.None;
                case (byte)'\\':
                    escaped = true;
                    if (SkipEscape() is var reason and not RejectReason.None)
                    {
                        return reason;
                    }

                    break;
                default:
                    return RejectReason.Malformed;
            }
        }
    }

    /// <summary>Steps over a number of RFC 8259; empty when there is none.</summary>
    public ReadOnlySpan<byte> ReadNumber()
    {
        SkipSpace();
        var text = _json[_at..];
        var digits = text is [(byte)'-', ..] ? 1 : 0;
        var length = DecimalNumber.Length(text);
        if (length <= digits || text[0] == '+')
        {
            return default;
        }

        var whole = text[digits..length];
        var hasLeadingZero = whole is [(byte)'0', >= (byte)'0' and <= (byte)'9', ..];
        var point = whole.IndexOf((byte)'.');
        var isBare = point == 0 || (point > 0 && (point + 1 == whole.Length || !char.IsAsciiDigit((char)whole[point + 1])));
        if (hasLeadingZero || isBare || ContinuesWord(text[length..]))
        {
            return default;
        }

        _at += length;
        return text[..length];
    }

    /// <summary>Steps over a run of letters, with a sign before it if there is one: <c>true</c>, <c>null</c>, <c>-Infinity</c>.</summary>
    public ReadOnlySpan<byte> ReadWord()
    {
        SkipSpace();
        var start = _at;
        _at += _at < _json.Length && _json[_at] is (byte)'-' or (byte)'+' ? 1 : 0;
        while (_at < _json.Length && char.IsAsciiLetter((char)_json[_at]))
        {
            _at++;
        }

        return _json[start.._at];
    }

    private static bool ContinuesWord(ReadOnlySpan<byte> rest) =>
        rest is [(byte)'.' or (byte)'+' or (byte)'-', ..] || (!rest.IsEmpty && char.IsAsciiLetterOrDigit((char)rest[0]));

    private RejectReason SkipEscape()
    {
        if (_at == _json.Length)
        {
            return RejectReason.Malformed;
        }

        if (_json[_at++] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(_json[_at - 1]) ? RejectReason.None : RejectReason.Malformed;
        }

        if (!TryHex(out var unit))
        {
            return RejectReason.Malformed;
        }

        if (!char.IsSurrogate(unit))
        {
            return RejectReason.None;
        }

        // Half of a pair is no character: there is no UTF-8 for it.
        var hasSecond = _json[_at..] is [(byte)'\\', (byte)'u', ..];
        _at += hasSecond ? 2 : 0;
        return hasSecond && TryHex(out var low) && char.IsSurrogatePair(unit, low) ? RejectReason.None : RejectReason.BadUtf8;
    }

    private bool TryHex(out char unit)
    {
        unit = '\0';
        if (_json.Length - _at < 4)
        {
            return false;
        }

        foreach (var digit in _json.Slice(_at, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            unit = (char)((unit * 16) + HexValue(digit));
        }

        _at += 4;
        return true;
    }

    internal static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private void SkipSpace()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _at++;
        }
    }
}
