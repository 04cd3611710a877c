using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Reads the times of a test.</summary>
internal static class TestTime
{
    /// <summary>Reads a date with a time of RFC 3339; without an offset it is UTC.</summary>
    /// <returns>False when it is none, or before 1970 or after 2200.</returns>
    public static bool TryParseDate(string text, out Timestamp time)
    {
        time = Timestamp.None;
        if (!text.Contains('-', StringComparison.Ordinal) || !DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            || date.Year is < 1970 or > 2200)
        {
            return false;
        }

        time = Timestamp.From(date);
        return true;
    }

    /// <summary>Reads the key <c>at</c>. Notes an error and gives the start of the test when it is no time of it.</summary>
    public static TimeSpan Read(SettingsMap item, Timestamp start)
    {
        var text = item.RequiredText("at", "8m");
        if (!TryParse(text, start, out var at) && text.Length > 0)
        {
            item.Refuse("at", $"'{text}' is no time of this test",
                $"write the time since its start, such as 8m10s, or a date from {start} on");
        }

        return at;
    }

    /// <summary>Reads a time since the start of the test: <c>8m10s</c>, <c>0</c>, or a date that is not before it.</summary>
    /// <returns>False when it is neither, or later than a test may be.</returns>
    public static bool TryParse(string text, Timestamp start, out TimeSpan at)
    {
        at = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        if (SettingsValues.TryParseDuration(text, out at))
        {
            return at <= RuleTestReader.Longest;
        }

        if (!TryParseDate(text, out var date) || date < start)
        {
            return false;
        }

        at = date - start;
        return at <= RuleTestReader.Longest;
    }
}
