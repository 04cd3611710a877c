using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>
/// Reads <c>not mon-fri 08:00-12:00, 13:00-17:00, sat 09:00-13:00 except 2026-12-24..2027-01-01 Europe/Berlin</c>, or a part of it.
/// </summary>
/// <remarks>
/// Grammar: <c>["not"] [span {"," span}] ["except" dates {"," dates}] [zone]</c>, with <c>span = [days] [times]</c>. Times without
/// days have the days before them, or all; days without times are whole days. Spaces may stand around <c>-</c> and <c>,</c>.
/// </remarks>
internal sealed class ScheduleParser
{
    /// <summary>The longest text, in characters.</summary>
    public const int CharactersMax = 2000;

    private readonly ScheduleScanner _scanner;
    private readonly ScheduleText _result = new();

    private ScheduleParser(string text) => _scanner = new ScheduleScanner(text);

    private bool IsFine => _scanner.Problem is null;

    /// <summary>Reads a whole schedule.</summary>
    public static ScheduleText? Parse(string text, out ExpressionProblem? problem) => Run(text, out problem, parser =>
    {
        parser._result.IsNot = parser._scanner.TakeWord(ScheduleScanner.Not);
        if (!parser._scanner.AtWord(ScheduleScanner.Except))
        {
            parser.Spans();
        }

        if (parser.IsFine && parser._scanner.TakeWord(ScheduleScanner.Except))
        {
            parser.Dates();
        }

        parser.Zone();
    });

    /// <summary>Reads spans with a zone behind them or none.</summary>
    public static ScheduleText? ParseSpans(string text, out ExpressionProblem? problem) => Run(text, out problem, parser =>
    {
        parser.Spans();
        if (parser._scanner.AtWord(ScheduleScanner.Except))
        {
            parser._scanner.Refuse(parser._scanner.Position, "'except' belongs to the whole schedule",
                "write the long form: during or not, except, zone");
        }

        parser.Zone();
    });

    /// <summary>Reads days of the calendar.</summary>
    public static ScheduleText? ParseDates(string text, out ExpressionProblem? problem) => Run(text, out problem, parser =>
    {
        parser.Dates();
        parser._scanner.Spaces();
        if (parser._scanner.Rest is { Length: > 0 } rest)
        {
            parser._scanner.Refuse(parser._scanner.Position, $"'{rest}' is not expected here",
                "write dates such as 2026-12-24..2027-01-01");
        }
    });

    private static ScheduleText? Run(string text, out ExpressionProblem? problem, Action<ScheduleParser> read)
    {
        var parser = new ScheduleParser(text);
        if (text.Length > CharactersMax)
        {
            parser._scanner.Refuse(0, $"The schedule has {text.Length} characters; at most {CharactersMax} are read",
                "write it as a list");
        }
        else
        {
            read(parser);
        }

        problem = parser._scanner.Problem;
        return problem is null ? parser._result : null;
    }

    private void Spans()
    {
        var days = Weekdays.All;
        do
        {
            _scanner.Spaces();
            if (char.IsAsciiDigit(_scanner.Current))
            {
                Times(days);
            }
            else if (char.IsLetter(_scanner.Current))
            {
                days = Days();
                _scanner.Spaces();
                if (char.IsAsciiDigit(_scanner.Current))
                {
                    Times(days);
                }
                else if (IsFine)
                {
                    _result.Spans.Add(new DaySpan(days, 0, DaySpan.DaySeconds));
                }
            }
            else
            {
                _scanner.Refuse(_scanner.Position,
                    _scanner.Rest.Length > 0 ? $"'{_scanner.Current}' is not expected here" : "Days or times are missing here",
                    "write days and times such as mon-fri 08:00-18:00");
            }
        }
        while (IsFine && _scanner.Take(','));
    }

    private Weekdays Days()
    {
        _result.NamesDays = true;
        var days = default(Weekdays);
        do
        {
            var first = _scanner.Day();
            var last = IsFine && _scanner.TakeDash() ? _scanner.Day() : first;
            days |= Weekdays.Range(first, last);
        }
        while (IsFine && _scanner.Take(','));
        return days;
    }

    private void Times(Weekdays days)
    {
        var from = _scanner.Position;
        var begin = _scanner.Time();
        if (IsFine && !_scanner.TakeDash())
        {
            _scanner.Refuse(_scanner.Position, "The end of the span is missing here", "write begin and end, such as 08:00-18:00");
        }

        var end = IsFine ? _scanner.Time() : 0;
        if (begin == DaySpan.DaySeconds)
        {
            _scanner.Refuse(from, "24:00 can only be an end", "begin at 00:00 of the next day");
        }
        else if (begin == end)
        {
            _scanner.Refuse(from, "The span ends where it begins", "write 00:00-24:00 for the whole day");
        }

        _result.NamesTimes = true;
        _result.Spans.Add(new DaySpan(days, begin, end == 0 ? DaySpan.DaySeconds : end));
    }

    private void Dates()
    {
        do
        {
            _scanner.Spaces();
            var from = _scanner.Position;
            var first = _scanner.Date();
            var last = IsFine && _scanner.Take('.') && _scanner.Take('.') ? _scanner.Date() : first;
            if (last < first)
            {
                _scanner.Refuse(from, "The dates end before they begin", "write the earlier one first");
            }

            _result.Except.Add(new DateRange(first, last));
        }
        while (IsFine && _scanner.Take(','));
    }

    private void Zone()
    {
        _scanner.Spaces();
        if (IsFine && _result.NamesTimes && _scanner.AtDay())
        {
            _scanner.Refuse(_scanner.Position, "Here stands a day behind a time", "days stand before times, such as mon-fri 08:00-18:00");
        }

        _result.Zone = _scanner.Rest.TrimEnd();
        _result.ZonePosition = _scanner.Position;
    }
}
