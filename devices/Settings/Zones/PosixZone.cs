namespace IotEvents.Devices.Settings.Zones;

/// <summary>A rule that holds for all years: standard time, and daylight time between two days of each year.</summary>
/// <remarks>Source of the form: POSIX.1-2017 section 8.3 (TZ), with the wider hours of RFC 9636 section 3.3.</remarks>
/// <param name="Standard">The offset of standard time, in seconds east of Greenwich.</param>
/// <param name="Daylight">The offset of daylight time; the same as standard when there is none.</param>
/// <param name="Begin">When daylight time begins, read on the clocks of standard time.</param>
/// <param name="End">When it ends, read on the clocks of daylight time.</param>
internal sealed record PosixZone(int Standard, int Daylight, YearDay Begin, YearDay End)
{
    /// <summary>The offset at an instant.</summary>
    public int Offset(long instant)
    {
        if (Standard == Daylight)
        {
            return Standard;
        }

        // The latest change that lies not behind the instant. Where an end and the next begin fall together, it is always
        // daylight time.
        var (latest, offset) = (long.MinValue, Standard);
        var year = YearOf(instant);
        for (var of = year - 1; of <= year + 1; of++)
        {
            var (begin, end) = (BeginIn(of), EndIn(of));
            if (end <= instant && end > latest)
            {
                (latest, offset) = (end, Standard);
            }

            if (begin <= instant && begin >= latest)
            {
                (latest, offset) = (begin, Daylight);
            }
        }

        return offset;
    }

    /// <summary>The first instant after the given one at which the offset changes; <see cref="long.MaxValue"/> when it never does.</summary>
    public long NextShift(long after)
    {
        if (Standard == Daylight)
        {
            return long.MaxValue;
        }

        var next = long.MaxValue;
        var year = YearOf(after);
        for (var of = year - 1; of <= year + 2; of++)
        {
            next = Earlier(next, BeginIn(of), after);
            next = Earlier(next, EndIn(of), after);
        }

        return next;
    }

    private long Earlier(long next, long candidate, long after) =>
        candidate > after && candidate < next && Offset(candidate - 1) != Offset(candidate) ? candidate : next;

    private long BeginIn(int year) => Begin.In(year) - Standard;

    private long EndIn(int year) => End.In(year) - Daylight;

    private static int YearOf(long instant) => DateTime.UnixEpoch.AddSeconds(instant).Year;
}

/// <summary>How a rule names a day of the year.</summary>
internal enum YearDayKind
{
    /// <summary>Day 1 to 365; 29 February is never counted.</summary>
    Julian,

    /// <summary>Day 0 to 365; 29 February is counted.</summary>
    ZeroBased,

    /// <summary>A weekday of a week of a month; week 5 is the last.</summary>
    WeekOfMonth,
}

/// <summary>A time on a day of each year.</summary>
/// <param name="Kind">How the day is named.</param>
/// <param name="Day">The day of the year, or the weekday from 0 = Sunday.</param>
/// <param name="Week">1 to 5, of <see cref="YearDayKind.WeekOfMonth"/>.</param>
/// <param name="Month">1 to 12, of <see cref="YearDayKind.WeekOfMonth"/>.</param>
/// <param name="Time">Seconds from that day's midnight, −167 h to 167 h.</param>
internal readonly record struct YearDay(YearDayKind Kind, int Day, int Week, int Month, int Time)
{
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Its wall time in a year, in seconds since 1970-01-01 00:00.</summary>
    public long In(int year) => ((long)(DayNumber(year) - Epoch) * 86_400) + Time;

    private int DayNumber(int year)
    {
        const int February28 = 59;
        switch (Kind)
        {
            case YearDayKind.Julian:
                return new DateOnly(year, 1, 1).DayNumber + Day - (Day > February28 && DateTime.IsLeapYear(year) ? 0 : 1);
            case YearDayKind.ZeroBased:
                return new DateOnly(year, 1, 1).DayNumber + Day;
            default:
                var first = new DateOnly(year, Month, 1);
                var day = ((Day - (int)first.DayOfWeek + 7) % 7) + (7 * (Week - 1));
                return first.DayNumber + (day < DateTime.DaysInMonth(year, Month) ? day : day - 7);
        }
    }
}
