using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders;

/// <summary>The time a device gives: RFC 3339 text, or a count since the Unix epoch whose magnitude tells its unit.</summary>
/// <remarks>
/// A count from 1e8 on is seconds, from 1e11 milliseconds, from 1e14 microseconds, from 1e17 nanoseconds: each of these
/// begins at 1973-03-03, before which no sensor was connected to anything, so none overlaps. A smaller count is a time of
/// day or an uptime, not a date, and is not read.
/// </remarks>
public static class DeviceTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>True for a member or column that holds the record's time: <c>ts</c>, <c>time</c>, <c>timestamp</c>, in any case.</summary>
    /// <remarks><c>t</c> is not among them: it is a temperature more often than a time.</remarks>
    public static bool IsName(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "ts") || Ascii.EqualsIgnoreCase(name, "time") || Ascii.EqualsIgnoreCase(name, "timestamp");

    /// <summary>Reads either form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Timestamp time)
    {
        text = ValueText.Trim(text);
        return TryReadCount(text, out time) || TryReadText(text, out time);
    }

    /// <summary>Reads a count such as <c>1700000000</c> or <c>1700000000.25</c> or <c>1.7e12</c>; digits beyond nanoseconds are dropped.</summary>
    public static bool TryReadCount(ReadOnlySpan<byte> text, out Timestamp time)
    {
        time = Timestamp.None;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) ||
            count is < 1e8m or > long.MaxValue)
        {
            return false;
        }

        var nanoseconds = count * (count switch { < 1e11m => 1_000_000_000m, < 1e14m => 1_000_000m, < 1e17m => 1_000m, _ => 1m });
        if (nanoseconds > long.MaxValue)
        {
            return false;
        }

        time = new Timestamp((long)nanoseconds);
        return true;
    }

    /// <summary>
    /// Reads <c>2023-11-14T22:13:20.123456789+01:00</c>: seconds and decimals may be missing, a space may stand for <c>T</c>,
    /// the zone may be <c>Z</c>, <c>+01:00</c>, <c>+0100</c> or <c>+01</c>; without one it is UTC. Second 60 is the next minute's first.
    /// </summary>
    public static bool TryReadText(ReadOnlySpan<byte> text, out Timestamp time)
    {
        time = Timestamp.None;
        if (!TryFields(text, out var date, out var used) || !TryTimeOfDay(text[used..], out var ofDay, out var usedByTime))
        {
            return false;
        }

        if (!TryZone(text[(used + usedByTime)..], out var offsetSeconds))
        {
            return false;
        }

        var days = (date - DateTime.UnixEpoch).Days;
        var seconds = (days * 86_400L) - offsetSeconds;
        var nanoseconds = ((Int128)seconds * NanosecondsPerSecond) + ofDay;
        if (nanoseconds > long.MaxValue || nanoseconds <= long.MinValue)
        {
            return false;
        }

        time = new Timestamp((long)nanoseconds);
        return true;
    }

    private static bool TryFields(ReadOnlySpan<byte> text, out DateTime date, out int used)
    {
        (date, used) = (default, 11);
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') ||
            !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day) ||
            year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        return true;
    }

    private static bool TryTimeOfDay(ReadOnlySpan<byte> text, out long nanoseconds, out int used)
    {
        (nanoseconds, used) = (0, 5);
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute) ||
            hour > 23 || minute > 59)
        {
            return false;
        }

        nanoseconds = ((hour * 60L) + minute) * 60 * NanosecondsPerSecond;
        if (text.Length < 8 || text[5] != ':')
        {
            return true;
        }

        if (!TryDigits(text[6..8], out var second) || second > 60)
        {
            return false;
        }

        nanoseconds += second * NanosecondsPerSecond;
        used = 8;
        return text.Length == 8 || text[8] is not ((byte)'.' or (byte)',') || TryFraction(text, ref nanoseconds, ref used);
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, ref long nanoseconds, ref int used)
    {
        var weight = NanosecondsPerSecond / 10;
        for (used++; used < text.Length && char.IsAsciiDigit((char)text[used]); used++, weight /= 10)
        {
            nanoseconds += (text[used] - '0') * weight;
        }

        return used > 9;
    }

    private static bool TryZone(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text is [] or [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length is not (3 or 5 or 6) || !TryDigits(text[1..3], out var hours))
        {
            return false;
        }

        var minutes = 0;
        if (text.Length > 3 && (!TryDigits(text[^2..], out minutes) || (text.Length == 6 && text[3] != ':')))
        {
            return false;
        }

        seconds = ((hours * 60) + minutes) * 60 * (text[0] == '-' ? -1 : 1);
        return hours < 24 && minutes < 60;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return true;
    }
}
