using System.Globalization;
using System.Text.RegularExpressions;
using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Scenarios;

/// <summary>Device ids as files write them: <c>tank</c>, or <c>freezer-{1..4}</c> for four devices.</summary>
internal static partial class IdRange
{
    public const int CountMax = 10_000;

    public static IReadOnlyList<string> Expand(SettingsMap settings, string key)
    {
        var text = settings.RequiredText(key, "freezer-{1..4}");
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            if (text.Length > 0)
            {
                settings.Refuse(key, $"'{text}' cannot be a device's id", "use letters, digits, _, -, . and /, and one range such as {1..4}");
            }

            return [text];
        }

        if (!match.Groups["first"].Success)
        {
            return [text];
        }

        var first = int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture);
        var last = int.Parse(match.Groups["last"].Value, CultureInfo.InvariantCulture);
        if (last < first || last - first >= CountMax)
        {
            settings.Refuse(key, $"The range has {Math.Max(0L, last - (long)first + 1)} devices", $"choose 1 to {CountMax}");
            return [text];
        }

        // {01..12} keeps its width, so that names sort.
        var width = match.Groups["first"].Length;
        return [.. Enumerable.Range(first, last - first + 1).Select(number =>
            match.Groups["before"].Value + number.ToString("D" + width, CultureInfo.InvariantCulture) + match.Groups["after"].Value)];
    }

    [GeneratedRegex(@"^(?<before>[\w./-]*)(?:\{(?<first>\d{1,9})\.\.(?<last>\d{1,9})\})?(?<after>[\w./-]*)$")]
    private static partial Regex Pattern();
}
