using System.Diagnostics;
using IotEvents.Devices.Settings.Zones;
using Xunit;

namespace IotEvents.Tests.Devices.Settings.Zones;

public sealed class ZoneRulesTests
{
    private const long Hour = 3600;

    /// <summary>Zones with every kind of oddity: half hours, negative summer time, skipped days, changes before midnight.</summary>
    private static readonly string[] Odd =
    [
        "Europe/Berlin", "Europe/Dublin", "Europe/London", "Europe/Lisbon", "Europe/Istanbul", "Europe/Amsterdam",
        "America/New_York", "America/Nuuk", "America/Scoresbysund", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
        "America/Caracas", "America/Juneau", "Australia/Lord_Howe", "Australia/Adelaide", "Africa/Casablanca", "Africa/Cairo",
        "Africa/Monrovia", "Pacific/Apia", "Pacific/Kwajalein", "Pacific/Chatham", "Pacific/Kiritimati", "Asia/Kathmandu",
        "Asia/Jerusalem", "Asia/Gaza", "Asia/Tehran", "Asia/Manila", "Antarctica/Troll", "Atlantic/Azores",
    ];

    [Fact]
    public void Offset_OddZones_AreThoseOfTheCLibrary()
    {
        foreach (var (name, known) in Zdump.Ask(1900, 2100, Odd))
        {
            Zdump.AssertSame(Find(name), known);
        }
    }

    [Fact]
    public void Offset_FilesWithoutLaterTransitions_AreThoseOfTheCLibrary()
    {
        // Debian's files have all transitions up to 2037 written out; those of others leave them to the rule in the last line.
        const string compiler = "/usr/sbin/zic", source = "/usr/share/zoneinfo/tzdata.zi";
        Assert.SkipUnless(File.Exists(compiler) && File.Exists(source), $"{compiler} (libc-bin) or {source} (tzdata) is missing");
        var folder = Directory.CreateTempSubdirectory("zones-").FullName;
        try
        {
            using var process = Process.Start(compiler, ["-b", "slim", "-d", folder, source]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            var slim = new ZoneFolder(folder);
            Assert.True(new FileInfo(Path.Combine(folder, "America", "Nuuk")).Length < 1500);
            foreach (var (name, known) in Zdump.Ask(2000, 2100, Odd))
            {
                Assert.True(slim.TryFind(name, out var zone, out var problem), problem?.Message);
                Zdump.AssertSame(zone, known);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("Europe/Berlin", 2026)]
    [InlineData("America/New_York", 2040)]
    [InlineData("Australia/Lord_Howe", 2026)]
    [InlineData("Africa/Casablanca", 2026)]
    [InlineData("Pacific/Apia", 2011)]
    [InlineData("America/Juneau", 1867)]
    [InlineData("Asia/Kathmandu", 2026)]
    [InlineData("America/Nuuk", 2050)]
    public void Resolve_EveryQuarterAroundTheShifts_FindsTheInstantsThatShowIt(string name, int year)
    {
        var zone = Find(name);
        var begin = Seconds(new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var shifts = new List<long>();
        for (var at = zone.NextShift(begin); at < begin + (366 * 24 * Hour); at = zone.NextShift(at))
        {
            shifts.Add(at);
        }

        // Where the clocks never change, the middle of the year will do.
        foreach (var around in shifts.DefaultIfEmpty(begin + (180 * 24 * Hour)))
        {
            var quarter = around + zone.Offset(around);
            for (var wall = quarter - (27 * Hour); wall < quarter + (27 * Hour); wall += Hour / 4)
            {
                var expected = Instants(zone, wall);
                var when = zone.Resolve(wall);
                Assert.True(expected.Count == when.Kind switch { WallTimeKind.Once => 1, WallTimeKind.Twice => 2, _ => 0 }, $"{name} {wall}");
                if (expected.Count > 0)
                {
                    Assert.Equal((expected[0], expected[^1]), (when.First, when.Second));
                }
                else
                {
                    // The end of the gap: just before it the wall shows less, from it on more.
                    Assert.True(when.First - 1 + zone.Offset(when.First - 1) < wall && when.First + zone.Offset(when.First) > wall, $"{name} {wall}");
                }
            }
        }
    }

    [Fact]
    public void Utc_NeedsNoData_AndNeverShifts()
    {
        Assert.Equal(0, ZoneRules.Utc.Offset(1_800_000_000));
        Assert.Equal(long.MaxValue, ZoneRules.Utc.NextShift(long.MinValue));
        Assert.Equal(new WallTime(WallTimeKind.Once, 5, 5), ZoneRules.Utc.Resolve(5));
    }

    internal static ZoneRules Find(string name)
    {
        Assert.True(ZoneFolder.OfThisComputer.TryFind(name, out var zone, out var problem), problem?.Message);
        return zone;
    }

    /// <summary>All instants at which the wall shows that time, looked for minute by minute.</summary>
    private static List<long> Instants(ZoneRules zone, long wall)
    {
        var found = new List<long>();
        for (var instant = wall - (26 * Hour); instant <= wall + (26 * Hour); instant += 60)
        {
            // Local mean times end in odd seconds, so a shift may fall into the minute.
            foreach (var exact in new[] { wall - zone.Offset(instant), wall - zone.Offset(instant + 59) })
            {
                if (exact >= instant && exact < instant + 60 && exact + zone.Offset(exact) == wall && !found.Contains(exact))
                {
                    found.Add(exact);
                }
            }
        }

        return found;
    }

    private static long Seconds(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
}
