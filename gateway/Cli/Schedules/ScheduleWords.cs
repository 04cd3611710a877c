using System.Globalization;

namespace IotEvents.Gateway.Cli.Schedules;

/// <summary>How instants, wall times and offsets are written.</summary>
internal static class ScheduleWords
{
    /// <summary><c>2026-10-25T00:30:00Z</c>.</summary>
    public static string Instant(long seconds) => Write(seconds, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    /// <summary><c>2026-10-25T02:30:00</c>.</summary>
    public static string Wall(long wall) => Write(wall, "yyyy-MM-dd'T'HH:mm:ss");

    /// <summary><c>Sun 2026-10-25 02:30</c>; with seconds when there are any.</summary>
    public static string WallWithDay(long wall) => Write(wall, "ddd ") + DateAndTime(wall);

    /// <summary><c>2026-10-25 02:30</c>.</summary>
    public static string DateAndTime(long wall) => Write(wall, "yyyy-MM-dd ") + Time(wall);

    /// <summary><c>02:30</c>.</summary>
    public static string Time(long wall) => Write(wall, wall % 60 == 0 ? "HH:mm" : "HH:mm:ss");

    /// <summary>True when both fall on the same day.</summary>
    public static bool IsSameDay(long wall, long other) => Write(wall, "yyyyMMdd") == Write(other, "yyyyMMdd");

    /// <summary><c>+02:00</c>.</summary>
    public static string Offset(int seconds)
    {
        var size = TimeSpan.FromSeconds(Math.Abs((long)seconds));
        return (seconds < 0 ? "-" : "+") + size.ToString(size.Seconds == 0 ? "hh':'mm" : "hh':'mm':'ss", CultureInfo.InvariantCulture);
    }

    private static string Write(long seconds, string format) =>
        DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond).ToString(format, CultureInfo.InvariantCulture);
}
