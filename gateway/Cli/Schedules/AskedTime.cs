using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Cli.Schedules;

/// <summary>A time that a user asks about: one on the wall, or an instant.</summary>
/// <param name="Seconds">Since 1970-01-01 00:00, on the wall or in UTC.</param>
/// <param name="IsInstant">True when it says which offset it means, so that it cannot be two.</param>
internal readonly record struct AskedTime(long Seconds, bool IsInstant)
{
    // A year within the limits of Timestamp, so that what comes next has room.
    private const int YearMin = 1678, YearMax = 2261;

    private static readonly string[] WallFormats =
        ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"];

    private static readonly string[] InstantFormats =
        ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK"];

    /// <summary>What the clock shows, to the second.</summary>
    public static AskedTime Now(TimeProvider clock) => new(Timestamp.Now(clock).UnixMilliseconds / 1000, true);

    /// <summary>
    /// Reads <c>2026-10-25T02:30</c>, with seconds, with a space for the T, as a date alone, or with <c>Z</c> or an offset behind it.
    /// </summary>
    public static bool TryParse(string text, out AskedTime time)
    {
        if (DateTime.TryParseExact(text, WallFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
        {
            time = new AskedTime((wall.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond, false);
            return wall.Year is >= YearMin and <= YearMax;
        }

        var isInstant = DateTimeOffset.TryParseExact(
            text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant);
        time = new AskedTime(instant.ToUnixTimeSeconds(), true);
        return isInstant && instant.Year is >= YearMin and <= YearMax;
    }
}
