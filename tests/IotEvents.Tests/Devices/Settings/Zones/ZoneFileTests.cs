using IotEvents.Devices.Settings.Zones;
using Xunit;

namespace IotEvents.Tests.Devices.Settings.Zones;

public sealed class ZoneFileTests
{
    private static readonly string Berlin = "/usr/share/zoneinfo/Europe/Berlin";

    [Theory]
    [InlineData("UTC0", "2026-07-01T00:00:00", 0)]
    [InlineData("<+0545>-5:45", "2026-07-01T00:00:00", 20700)]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59", 3600)]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00", 7200)]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59", 7200)]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00", 3600)]
    [InlineData("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-12-31T23:59:59", 0)]
    [InlineData("IST-1GMT0,M10.5.0,M3.5.0/1", "2027-01-01T00:00:00", 0)]
    [InlineData("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00", 3600)]
    [InlineData("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59", -7200)]
    [InlineData("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00", -3600)]
    [InlineData("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26T23:59:59", 7200)]
    [InlineData("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00", 10800)]
    [InlineData("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00", 39600)]
    [InlineData("XXX3EDT4,0/0,J365/23", "2026-01-01T04:00:00", -14400)]
    [InlineData("XXX3EDT4,0/0,J365/23", "2025-12-31T23:59:59", -14400)]
    [InlineData("AAA0BBB,J60/0,J61/0", "2024-03-01T00:00:00", 3600)]
    [InlineData("AAA0BBB,J60/0,J61/0", "2024-02-29T12:00:00", 0)]
    [InlineData("AAA0BBB,59/0,60/0", "2024-02-29T12:00:00", 3600)]
    [InlineData("AAA0BBB,59/0,60/0", "2023-03-01T12:00:00", 3600)]
    public void PosixZone_OfEveryForm_HasTheOffset(string rule, string instant, int offset)
    {
        var zone = PosixZoneParser.Parse(rule);
        Assert.NotNull(zone);
        Assert.Equal(offset, zone.Offset(Seconds(instant)));
    }

    [Fact]
    public void PosixZone_DaylightAllYear_NeverShifts() =>
        Assert.Equal(long.MaxValue, PosixZoneParser.Parse("XXX3EDT4,0/0,J365/23")!.NextShift(0));

    [Theory]
    [InlineData("")]
    [InlineData("CET")]
    [InlineData("CE-1")]
    [InlineData("CET-1CEST")]
    [InlineData("CET-1CEST,M3.5.0")]
    [InlineData("CET-1CEST,M13.5.0,M10.5.0")]
    [InlineData("CET-1CEST,M3.0.0,M10.5.0")]
    [InlineData("CET-1CEST,M3.6.0,M10.5.0")]
    [InlineData("CET-1CEST,M3.5.7,M10.5.0")]
    [InlineData("CET-1CEST,J0,J365")]
    [InlineData("CET-1CEST,J1,366")]
    [InlineData("CET-1:60")]
    [InlineData("CET-168")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3x")]
    public void PosixZone_Wrong_IsRefused(string rule) => Assert.Null(PosixZoneParser.Parse(rule));

    [Fact]
    public void Parse_FirstVersion_HasTheTransitionsOfItsTime()
    {
        var bytes = File.ReadAllBytes(Berlin);
        bytes[4] = 0;
        var zone = ZoneFile.Parse("Europe/Berlin", bytes);
        Assert.NotNull(zone);
        Assert.Equal(7200, zone.Offset(Seconds("2026-07-01T00:00:00")));
        Assert.Equal(long.MaxValue, zone.NextShift(Seconds("2038-01-19T00:00:00")));
    }

    [Fact]
    public void Parse_CutOff_IsRefused()
    {
        var bytes = File.ReadAllBytes(Berlin);
        Assert.NotNull(ZoneFile.Parse("Europe/Berlin", bytes));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(ZoneFile.Parse("Europe/Berlin", bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Parse_DamagedOrHostile_NeverThrows()
    {
        const int seed = 20261025;
        var random = new Random(seed);
        var whole = File.ReadAllBytes(Berlin);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = whole.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                bytes[random.Next(random.Next(2) == 0 ? 44 : bytes.Length)] = (byte)random.Next(256);
            }

            if (ZoneFile.Parse("Europe/Berlin", bytes) is { } zone)
            {
                Assert.True(Math.Abs(zone.Offset(1_800_000_000)) <= 200 * 3600, $"seed {seed}, round {i}");
                Assert.True(zone.NextShift(1_800_000_000) > 1_800_000_000, $"seed {seed}, round {i}");
            }
        }
    }

    private static long Seconds(string utc) =>
        (DateTime.ParseExact(utc, "s", System.Globalization.CultureInfo.InvariantCulture).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
}
