using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using IotEvents.Devices.Settings.Zones;
using Xunit;

namespace IotEvents.Tests.Devices.Settings.Zones;

/// <summary>The C library's own reading of the same zones, as its program <c>zdump</c> prints it.</summary>
internal static partial class Zdump
{
    /// <summary>Asks for the second before and the second of every transition.</summary>
    /// <returns>By zone: instant and offset, in seconds.</returns>
    public static Dictionary<string, List<(long Instant, int Offset)>> Ask(int fromYear, int untilYear, IEnumerable<string> zones)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zdump"), "/usr/bin/zdump is missing (Debian package libc-bin)");
        using var process = Process.Start(new ProcessStartInfo(
            "/usr/bin/zdump", ["-v", "-c", string.Create(CultureInfo.InvariantCulture, $"{fromYear},{untilYear}"), .. zones])
        {
            RedirectStandardOutput = true,
        })!;
        var known = new Dictionary<string, List<(long, int)>>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            // Beside the transitions it prints the ends of its own range, where it knows no wall time ("= NULL").
            if (Line().Match(line) is { Success: true } match)
            {
                var instant = DateTime.ParseExact(
                    Spaces().Replace(match.Groups[2].Value, " "), "MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None);
                known.TryAdd(match.Groups[1].Value, []);
                known[match.Groups[1].Value].Add((
                    (instant.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond,
                    int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture)));
            }
        }

        process.WaitForExit();
        return known;
    }

    /// <summary>Compares a zone with what was asked: every offset, and every instant at which it changes.</summary>
    public static void AssertSame(ZoneRules zone, List<(long Instant, int Offset)> known)
    {
        Assert.All(known, it => Assert.True(it.Offset == zone.Offset(it.Instant),
            $"{zone.Name} at {DateTime.UnixEpoch.AddSeconds(it.Instant):s}: {zone.Offset(it.Instant)} for {it.Offset}"));
        var expected = known.Zip(known.Skip(1)).Where(pair => pair.First.Offset != pair.Second.Offset).Select(pair => pair.Second.Instant).ToList();
        var shifts = new List<long>();
        for (var at = zone.NextShift(known[0].Instant - 1); at <= known[^1].Instant; at = zone.NextShift(at))
        {
            shifts.Add(at);
        }

        Assert.Equal(expected, shifts);
    }

    [GeneratedRegex(@"^(\S+)  \w+ (\w+ +\d+ \d\d:\d\d:\d\d \d{4}) UTC? = .* gmtoff=(-?\d+)$")]
    private static partial Regex Line();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
