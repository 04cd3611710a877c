using System.Globalization;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>Reads <c>not mon-fri 08:00-12:00, 13:00-17:00, sat 09:00-13:00 except 2026-12-24..2027-01-01 Europe/Berlin</c>, or a part of it.</summary>
/// <remarks>
/// Grammar: <c>["not"] [span {"," span}] ["except" dates {"," dates}] [zone]</c>, with <c>span = [days] [times]</c>. Times without
/// days have the days before them, or all; days without times are whole days. Spaces may stand around <c>-</c> and <c>,</c>.
/// </remarks>
internal sealed class ScheduleParser
{
    /// <summary>The longest text, in characters.</summary>
    public const int CharactersMax = 2000;

    private const string NotWord = "not";
    private const string ExceptWord = "except";

    private readonly string _text;
    private readonly ScheduleText _result = new();
    private int _at;
    private ExpressionProblem? _problem;

    private ScheduleParser(string text) => _text = text;

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>Reads a whole schedule.</summary>
    public static ScheduleText? Parse(string text, out ExpressionProblem? problem) => Run(text, out problem, parser =>
    {
        parser._result.IsNot = parser.TakeWord(NotWord);
        parser.Spaces();
        if (!parser.AtWord(ExceptWord))
        {
            parser.Spans();
        }

        if (parser._problem is null && parser.TakeWord(ExceptWord))
        {
            parser.Dates();
        }

        parser.Zone();
    });

    /// <summary>Reads spans with a zone behind them or none.</summary>
    public static ScheduleText? ParseSpans(string text, out ExpressionProblem? problem) => Run(text, out problem, parser =>
    {
        parser.Spans();
        parser.Spaces();
        if (parser.AtWord(ExceptWord))
        {
            parser.Refuse(parser._at, "'except' belongs to the whole schedule", "write the long form: during or not, except, zone");
        }

        parser.Zone();
    });

    /// <summary>Reads days of the calendar.</summary>
    public static ScheduleText? ParseDates(string text, out ExpressionProblem? problem) => Run(text, out problem, parser =>
    {
        parser.Dates();
        parser.Spaces();
        if (parser._problem is null && parser._at < text.Length)
        {
            parser.Refuse(parser._at, $"'{text[parser._at..]}' is not expected here", "write dates such as 2026-12-24..2027-01-01");
        }
    });

    private static ScheduleText? Run(string text, out ExpressionProblem? problem, Action<ScheduleParser> read)
    {
        var parser = new ScheduleParser(text);
        if (text.Length > CharactersMax)
        {
            parser.Refuse(0, $"The schedule has {text.Length} characters; at most {CharactersMax} are read", "write it as a list");
        }
        else
        {
            read(parser);
        }

        problem = parser._problem;
        return problem is null ? parser._result : null;
    }

    private void Spans()
    {
        var days = Weekdays.All;
        do
        {
            Spaces();
            if (char.IsAsciiDigit(Current))
            {
                Times(days);
            }
            else if (char.IsLetter(Current))
            {
                days = Days();
                Spaces();
                if (char.IsAsciiDigit(Current))
                {
                    Times(days);
                }
                else if (_problem is null)
                {
                    _result.Spans.Add(new DaySpan(days, 0, DaySpan.DaySeconds));
                }
            }
            else
            {
                Refuse(_at, _at < _text.Length ? $"'{Current}' is not expected here" : "Days or times are missing here",
                    "write days and times such as mon-fri 08:00-18:00");
            }
        }
        while (_problem is null && Take(','));
    }

    private Weekdays Days()
    {
        _result.NamesDays = true;
        var days = default(Weekdays);
        do
        {
            var first = Day();
            var last = _problem is null && TakeDash() ? Day() : first;
            if (_problem is not null)
            {
                return Weekdays.All;
            }

            days |= Weekdays.Range(first, last);
        }
        while (Take(','));
        return days;
    }

    private int Day()
    {
        Spaces();
        var from = _at;
        while (char.IsLetter(Current))
        {
            _at++;
        }

        var word = _text[from.._at];
        var day = Weekdays.IndexOf(word);
        if (day >= 0)
        {
            return day;
        }

        if (word.Length == 0)
        {
            Refuse(from, "A day is missing here", "write one of mon, tue, wed, thu, fri, sat, sun");
        }
        else if (Current == '/' || word == "UTC")
        {
            Refuse(from, "A zone stands where days or times belong", "write days and times first, such as mon-fri 08:00-18:00");
        }
        else if (word.ToLowerInvariant() is NotWord or ExceptWord)
        {
            Refuse(from, $"'{word}' belongs to the whole schedule", "write the long form: during or not, except, zone");
        }
        else
        {
            Refuse(from, $"'{word}' is no day", Suggest(word.ToLowerInvariant()));
        }

        return 0;
    }

    /// <summary>The day that begins alike, where a short word is at most two letters off.</summary>
    private static string Suggest(string word)
    {
        const int lengthMax = 5, lettersMax = 2;
        var nearest = Weekdays.Names.Where(name => name[0] == word[0]).MinBy(name => SettingsValues.Distance(name, word));
        return nearest is not null && word.Length <= lengthMax && SettingsValues.Distance(nearest, word) <= lettersMax
            ? $"did you mean '{nearest}'?" : "write days such as mon, sat,sun or mon-fri";
    }

    private void Times(Weekdays days)
    {
        Spaces();
        var from = _at;
        var begin = Time();
        if (_problem is null && !TakeDash())
        {
            Refuse(_at, "The end of the span is missing here", "write begin and end, such as 08:00-18:00");
        }

        var end = _problem is null ? Time() : 0;
        if (_problem is not null)
        {
            return;
        }

        if (begin == DaySpan.DaySeconds)
        {
            Refuse(from, "24:00 can only be an end", "begin at 00:00 of the next day");
        }
        else if (begin == end)
        {
            Refuse(from, "The span ends where it begins", "write 00:00-24:00 for the whole day");
        }
        else
        {
            _result.NamesTimes = true;
            _result.Spans.Add(new DaySpan(days, begin, end == 0 ? DaySpan.DaySeconds : end));
        }
    }

    private int Time()
    {
        Spaces();
        var from = _at;
        while (char.IsLetterOrDigit(Current) || Current == ':')
        {
            _at++;
        }

        var word = _text[from.._at];
        if (word.Split(':') is [{ Length: 1 or 2 } hours, { Length: 2 } minutes]
            && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && minute < 60 && (hour < 24 || (hour == 24 && minute == 0)))
        {
            return (hour * 3600) + (minute * 60);
        }

        Refuse(from, word.Length == 0 ? "A time is missing here" : $"'{word}' is no time", "write it from 00:00 to 24:00, such as 08:00 or 18:30");
        return 0;
    }

    private void Dates()
    {
        do
        {
            Spaces();
            var from = _at;
            var first = Date();
            var last = first;
            Spaces();
            if (_problem is null && _text.AsSpan(_at).StartsWith(".."))
            {
                _at += 2;
                last = Date();
            }

            if (_problem is null && last < first)
            {
                Refuse(from, "The dates end before they begin", "write the earlier one first");
            }

            _result.Except.Add(new DateRange(first, last));
        }
        while (_problem is null && Take(','));
    }

    private DateOnly Date()
    {
        Spaces();
        var from = _at;
        while (char.IsLetterOrDigit(Current) || Current == '-')
        {
            _at++;
        }

        var word = _text[from.._at];
        if (!DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            Refuse(from, word.Length == 0 ? "A date is missing here" : $"'{word}' is no date", "write it with its year, such as 2026-12-24");
        }

        return date;
    }

    private void Zone()
    {
        Spaces();
        _result.Zone = _text[_at..].TrimEnd();
        _result.ZonePosition = _at;
    }

    private void Spaces()
    {
        while (char.IsWhiteSpace(Current))
        {
            _at++;
        }
    }

    private bool Take(char c)
    {
        Spaces();
        var isThere = Current == c;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    /// <summary>A hyphen, or the dash that word processors make of it.</summary>
    private bool TakeDash() => Take('-') || Take('–');

    private bool AtWord(string word) =>
        string.Compare(_text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (_at + word.Length == _text.Length || !char.IsLetterOrDigit(_text[_at + word.Length]));

    private bool TakeWord(string word)
    {
        Spaces();
        var isThere = AtWord(word);
        _at += isThere ? word.Length : 0;
        return isThere;
    }

    /// <summary>Notes the first thing that is wrong.</summary>
    private void Refuse(int position, string message, string mend) => _problem ??= new ExpressionProblem(position, message, mend);
}
