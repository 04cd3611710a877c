using System.Globalization;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>A span of wall time that begins on some days of the week.</summary>
/// <param name="Days">The days it begins on.</param>
/// <param name="Begin">Seconds from midnight, 0 to 23:59; the first second that belongs to it.</param>
/// <param name="End">
/// Seconds from midnight, 00:01 to 24:00; the first second that does not belong to it. Not behind <paramref name="Begin"/>: on
/// the next day.
/// </param>
internal readonly record struct DaySpan(Weekdays Days, int Begin, int End)
{
    /// <summary>A day's length on the wall.</summary>
    public const int DaySeconds = 24 * 3600;

    /// <summary>True when it goes on after midnight.</summary>
    public bool IsOverMidnight => End <= Begin;

    /// <summary>Its times, as <c>08:00-18:00</c>.</summary>
    public string Times => $"{TimeText(Begin)}-{TimeText(End)}";

    private static string TimeText(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}");
}
