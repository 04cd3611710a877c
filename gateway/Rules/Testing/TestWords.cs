using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>How times and names are written in the outcome of a test.</summary>
internal static partial class TestWords
{
    private const long TicksPerMillisecond = TimeSpan.TicksPerMillisecond;

    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TicksPerMillisecond),
    ];

    /// <summary>A length of time as people write it in a test, <c>8m10s</c>; below a millisecond in <c>us</c>.</summary>
    public static string Time(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            return $"-{Time(-time)}";
        }

        if (time == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder();
        var rest = time.Ticks;
        foreach (var (suffix, ticks) in Units)
        {
            if (rest >= ticks)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{suffix}");
                rest %= ticks;
            }
        }

        return rest == 0 ? text.ToString()
            : text.Append(CultureInfo.InvariantCulture, $"{rest / (double)TimeSpan.TicksPerMicrosecond}us").ToString();
    }

    /// <summary>Writes each instant in a text as the time since the start of the test.</summary>
    public static string SinceStart(string text, Timestamp start) => Instants().Replace(text, instant =>
        DateTimeOffset.TryParse(instant.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Time(Timestamp.From(time) - start)
            : instant.Value);

    /// <summary>What to write instead of a name that is not known.</summary>
    public static string Mend(string wrong, IEnumerable<string> known)
    {
        var names = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? "remove it"
            : SettingsValues.Nearest(wrong, names, Math.Max(2, wrong.Length / 4)) is { } nearest ? $"did you mean '{nearest}'?"
            : $"known are: {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}";
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Instants();
}
