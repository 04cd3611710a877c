namespace IotEvents.Devices.Settings.Zones;

/// <summary>Reads the last line of a zone's file, such as <c>CET-1CEST,M3.5.0,M10.5.0/3</c>.</summary>
internal ref struct PosixZoneParser
{
    private const int HoursMax = 167;

    private ReadOnlySpan<char> _rest;

    /// <summary>The rule; null when the text is none.</summary>
    public static PosixZone? Parse(string text)
    {
        var parser = new PosixZoneParser { _rest = text };
        return parser.TryZone(out var zone) && parser._rest.IsEmpty ? zone : null;
    }

    private bool TryZone(out PosixZone? zone)
    {
        zone = null;
        if (!TryName() || !TryTime(out var west))
        {
            return false;
        }

        var standard = -west;
        if (_rest.IsEmpty)
        {
            zone = new PosixZone(standard, standard, default, default);
            return true;
        }

        if (!TryName())
        {
            return false;
        }

        var daylight = standard + 3600;
        if (_rest.Length > 0 && _rest[0] != ',')
        {
            if (!TryTime(out west))
            {
                return false;
            }

            daylight = -west;
        }

        if (!TryDay(out var begin) || !TryDay(out var end))
        {
            return false;
        }

        zone = new PosixZone(standard, daylight, begin, end);
        return true;
    }

    /// <summary>An abbreviation: letters, or anything in angle brackets. Nobody asks for it.</summary>
    private bool TryName()
    {
        var length = 0;
        if (_rest.StartsWith('<'))
        {
            length = _rest.IndexOf('>') + 1;
        }
        else
        {
            while (length < _rest.Length && char.IsAsciiLetter(_rest[length]))
            {
                length++;
            }
        }

        _rest = _rest[length..];
        return length >= 3;
    }

    /// <summary><c>[+-]h[:mm[:ss]]</c>, in seconds.</summary>
    private bool TryTime(out int seconds)
    {
        var sign = Take('-') ? -1 : 1;
        if (sign > 0)
        {
            _ = Take('+');
        }

        if (!TryNumber(HoursMax, out seconds))
        {
            return false;
        }

        seconds *= 3600;
        foreach (var unit in (ReadOnlySpan<int>)[60, 1])
        {
            if (!Take(':'))
            {
                break;
            }

            if (!TryNumber(59, out var part))
            {
                return false;
            }

            seconds += part * unit;
        }

        seconds *= sign;
        return true;
    }

    /// <summary><c>,Mm.w.d</c>, <c>,Jn</c> or <c>,n</c>, then <c>/time</c>; without one it is 02:00.</summary>
    private bool TryDay(out YearDay day)
    {
        day = default;
        if (!Take(','))
        {
            return false;
        }

        int number, week = 0, month = 0;
        var kind = Take('M') ? YearDayKind.WeekOfMonth : Take('J') ? YearDayKind.Julian : YearDayKind.ZeroBased;
        var isRead = kind == YearDayKind.WeekOfMonth
            ? TryNumber(12, out month) & Take('.') & TryNumber(5, out week) & Take('.') & TryNumber(6, out number)
                && month > 0 && week > 0
            : TryNumber(365, out number) && (kind == YearDayKind.ZeroBased || number > 0);
        var time = 2 * 3600;
        if (!isRead || (Take('/') && !TryTime(out time)))
        {
            return false;
        }

        day = new YearDay(kind, number, week, month, time);
        return true;
    }

    private bool TryNumber(int max, out int number)
    {
        var length = 0;
        number = 0;
        while (length < _rest.Length && char.IsAsciiDigit(_rest[length]) && number <= max)
        {
            number = (number * 10) + (_rest[length++] - '0');
        }

        _rest = _rest[length..];
        return length > 0 && number <= max;
    }

    private bool Take(char c)
    {
        var isThere = _rest.StartsWith(c);
        _rest = isThere ? _rest[1..] : _rest;
        return isThere;
    }
}
