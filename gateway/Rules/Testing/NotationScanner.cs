using System.Globalization;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Takes the words of a series' text one after the other. Spaces between them mean nothing.</summary>
internal sealed class NotationScanner(string text)
{
    private const int ShownMax = 20;

    private int _position;

    /// <summary>Where the next word begins, in characters from 0.</summary>
    public int Position
    {
        get
        {
            while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            {
                _position++;
            }

            return _position;
        }
    }

    /// <summary>True when nothing is left.</summary>
    public bool IsAtEnd => Position == text.Length;

    /// <summary>What comes next, up to the next comma, shortened for an error.</summary>
    public string Rest
    {
        get
        {
            var rest = text.AsSpan(Position);
            var comma = rest.IndexOf(',');
            rest = (comma > 0 ? rest[..comma] : rest).TrimEnd();
            return rest.Length > ShownMax ? $"{rest[..ShownMax]}…" : rest.ToString();
        }
    }

    /// <summary>The first thing that was refused; null when nothing was.</summary>
    public ExpressionProblem? Problem { get; private set; }

    /// <summary>Notes a problem unless there is one already.</summary>
    /// <returns>False, always.</returns>
    public bool Refuse(string message, string mend, int? position = null)
    {
        Problem ??= new ExpressionProblem(position ?? Position, message, mend);
        return false;
    }

    /// <summary>Takes a sign.</summary>
    public bool TryTake(char sign) => TryTake(sign.ToString());

    /// <summary>Takes a sign of several characters.</summary>
    public bool TryTake(string sign)
    {
        if (!text.AsSpan(Position).StartsWith(sign, StringComparison.Ordinal))
        {
            return false;
        }

        _position += sign.Length;
        return true;
    }

    /// <summary>Takes a whole word: no letter, digit or <c>-</c> follows it.</summary>
    public bool TryTakeWord(string word)
    {
        var end = Position + word.Length;
        return (end >= text.Length || !(char.IsLetterOrDigit(text[end]) || text[end] is '-' or '_')) && TryTake(word);
    }

    /// <summary>Takes <c>x30</c>, <c>x 30</c> or <c>×30</c>.</summary>
    public bool TryTakeTimes(out ReadOnlySpan<char> digits)
    {
        digits = [];
        var start = Position;
        if (!TryTake('x') && !TryTake('×'))
        {
            return false;
        }

        digits = TakeWhile(char.IsAsciiDigit);
        _position = digits.IsEmpty ? start : _position;
        return !digits.IsEmpty;
    }

    /// <summary>Takes a length of time such as <c>5m</c> or <c>1h30m</c>.</summary>
    public bool TryTakeTime(out TimeSpan time)
    {
        var start = Position;
        var word = TakeWhile(it => char.IsAsciiLetterOrDigit(it) || it == '.').ToString();
        if (SettingsValues.TryParseDuration(word, out time) && time < TimeSpan.MaxValue)
        {
            return true;
        }

        (_position, time) = (start, TimeSpan.Zero);
        return false;
    }

    /// <summary>Takes a number such as <c>-18</c>, <c>0.5</c> or <c>1.5e3</c>; two points after it belong to a ramp.</summary>
    public bool TryTakeNumber(out double value)
    {
        var start = Position;
        var end = start;
        end += end < text.Length && text[end] is '-' or '+' ? 1 : 0;
        end = SkipDigits(end);
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            end = SkipDigits(end + 1);
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var sign = end + 1 < text.Length && text[end + 1] is '-' or '+' ? 1 : 0;
            var exponent = SkipDigits(end + 1 + sign);
            end = exponent > end + 1 + sign ? exponent : end;
        }

        _position = end;
        if (double.TryParse(text.AsSpan(start, end - start), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value))
        {
            return true;
        }

        _position = start;
        return false;
    }

    private int SkipDigits(int from)
    {
        while (from < text.Length && char.IsAsciiDigit(text[from]))
        {
            from++;
        }

        return from;
    }

    private ReadOnlySpan<char> TakeWhile(Func<char, bool> fits)
    {
        var start = Position;
        while (_position < text.Length && fits(text[_position]))
        {
            _position++;
        }

        return text.AsSpan(start, _position - start);
    }
}
