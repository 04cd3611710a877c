using IotEvents.Devices.Settings;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Rules.Schedules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Schedules;

public sealed class ScheduleReaderTests
{
    [Fact]
    public void Read_NoKey_IsNull()
    {
        Assert.Null(ScheduleBench.Read("", out var errors));
        Assert.True(errors.IsEmpty);
    }

    [Theory]
    [InlineData("schedule: mon-fri 08:00-18:00 Europe/Berlin", "mon-fri 08:00-18:00 Europe/Berlin")]
    [InlineData("schedule: \"mon 08:00 – 18:00 UTC\"", "mon 08:00-18:00 UTC")]
    [InlineData("schedule: [mon-fri 08:00-18:00, sat 09:00-13:00 UTC]", "mon-fri 08:00-18:00, sat 09:00-13:00 UTC")]
    [InlineData("schedule: [mon UTC, tue UTC]", "mon-tue 00:00-24:00 UTC")]
    [InlineData("schedule: { during: 22:00-06:00, zone: UTC }", "22:00-06:00 UTC")]
    [InlineData("schedule: { during: [08:00-12:00 UTC, 13:00-17:00] }", "08:00-12:00, 13:00-17:00 UTC")]
    [InlineData("schedule: { not: [sat, sun], zone: UTC }", "not sat-sun 00:00-24:00 UTC")]
    [InlineData("schedule: { except: 2026-12-24..2027-01-01, zone: UTC }", "00:00-24:00 except 2026-12-24..2027-01-01 UTC")]
    [InlineData("schedule: { during: mon, except: [2026-12-26, 2026-12-24..2026-12-25], zone: UTC }", "mon 00:00-24:00 except 2026-12-24..2026-12-26 UTC")]
    [InlineData("schedule: { not: mon, except: [2026-12-26], zone: UTC }", "not mon 00:00-24:00 except 2026-12-26 UTC")]
    public void Read_EveryForm_HasOneText(string yaml, string text)
    {
        var schedule = ScheduleBench.Read(yaml, out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Equal(text, schedule!.Text);
        Assert.Equal(text, ScheduleBench.Parse(schedule.Text).Text);
    }

    [Theory]
    [InlineData("schedule: mon-fri 08:00-18:00 Berlin", 1, 31, "schedule", "'Berlin' is no time zone", "Europe/Berlin")]
    [InlineData("schedule: 08:00-18:00 mon-fri UTC", 1, 23, "schedule", "a day behind a time", "days stand before times")]
    [InlineData("schedule: >\n  mon-fri 08:00-18:00\n  Berlin", 1, 11, "schedule", "'Berlin' is no time zone", "Europe/Berlin")]
    [InlineData("schedule: 'mon-fri 08:00-25:00 UTC'", 1, 26, "schedule", "'25:00' is no time", "24:00")]
    [InlineData("schedule:\n- mon 08:00-18:00 UTC\n- tus 08:00-18:00", 3, 3, "schedule[1]", "'tus' is no day", "'tue'")]
    [InlineData("schedule: { during: mon, zone: Europe/Rom }", 1, 32, "schedule.zone", "'Europe/Rom' is no time zone", "Europe/Rome")]
    [InlineData("schedule: { during: mon }", 1, 11, "schedule", "names no time zone", "Europe/Berlin or UTC")]
    [InlineData("schedule: { during: mon, zone: UTC, exept: 2026-12-24 }", 1, 37, "schedule.exept", "not known", "except")]
    [InlineData("schedule: { during: mon, not: tue, zone: UTC }", 1, 31, "schedule.not", "opposite", "keep one")]
    [InlineData("schedule: { during: mon UTC, zone: Europe/Berlin }", 1, 36, "schedule.zone", "name the zone 'UTC'", "one zone")]
    [InlineData("schedule: [mon UTC, tue Europe/Berlin]", 1, 25, "schedule[1]", "Another span names the zone 'UTC'", "one zone")]
    [InlineData("schedule: [mon-fri 08:00-12:00 UTC, 13:00-17:00]", 1, 37, "schedule[1]", "names no days", "mon-sun 13:00-17:00")]
    [InlineData("schedule: [mon UTC, wed 08:00-18:00]", 1, 12, "schedule[0]", "names no times", "00:00-24:00")]
    [InlineData("schedule: [not mon UTC]", 1, 12, "schedule[0]", "belongs to the whole schedule", "long form")]
    [InlineData("schedule: [mon except 2026-12-24 UTC]", 1, 16, "schedule[0]", "belongs to the whole schedule", "long form")]
    [InlineData("schedule: { except: [2026-12-24, 24.12.2026], zone: UTC }", 1, 34, "schedule.except[1]", "is no date", "2026-12-24")]
    [InlineData("schedule: { except: 2026-12-24 UTC }", 1, 32, "schedule.except", "not expected", "dates")]
    [InlineData("schedule: { during: {}, zone: UTC }", 1, 21, "schedule.during", "neither a text nor a list", "mon-fri")]
    [InlineData("schedule: []", 1, 11, "schedule", "neither a text nor a list", "mon-fri")]
    [InlineData("schedule: [[mon]]", 1, 12, "schedule[0]", "not a text", "one text")]
    [InlineData("schedule: ''", 1, 12, "schedule", "missing here", "mon-fri")]
    [InlineData("schedule: { not: mon-sun, zone: UTC }", 1, 11, "schedule", "never active", "'not'")]
    public void Read_Wrong_IsRefusedWithPlaceAndMend(string yaml, int line, int column, string key, string message, string mend)
    {
        Assert.Null(ScheduleBench.Read(yaml, out var errors));
        var error = errors.All[0];
        Assert.Equal((line, column, key), (error.Line, error.Column, error.Key));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(mend, error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScheduleReader.SpansMax, 1, true)]
    [InlineData(ScheduleReader.SpansMax + 1, 1, false)]
    [InlineData(1, ScheduleReader.ExceptMax, true)]
    [InlineData(1, ScheduleReader.ExceptMax + 1, false)]
    public void Read_ManyParts_AreTakenUpToTheLimit(int spans, int dates, bool isTaken)
    {
        var yaml = $"schedule:\n  during: [{string.Join(", ", Enumerable.Repeat("08:00-18:00", spans))}]\n"
            + $"  except: [{string.Join(", ", Enumerable.Repeat("2026-12-24", dates))}]\n  zone: UTC";
        Assert.Equal(isTaken, ScheduleBench.Read(yaml, out var errors) is not null);
        Assert.Equal(isTaken, errors.IsEmpty);
    }

    [Fact]
    public void Parse_TooLong_IsRefused()
    {
        Assert.Null(ScheduleParser.Parse(new string(' ', ScheduleParser.CharactersMax + 1), out var problem));
        Assert.Contains("at most", problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ZoneOfTheCommandLine_HoldsWhereTheTextNamesNone()
    {
        Assert.Equal("mon 00:00-24:00 Asia/Kathmandu", ScheduleReader.Parse("mon", "Asia/Kathmandu", ZoneFolder.OfThisComputer, out _)!.Text);
        Assert.Equal("mon 00:00-24:00 UTC", ScheduleReader.Parse("mon UTC", "Asia/Kathmandu", ZoneFolder.OfThisComputer, out _)!.Text);
    }

    [Fact]
    public void Read_NoZoneData_SaysWhatToInstall()
    {
        var errors = new SettingsErrors();
        var settings = new SettingsMap(SettingsFile.Parse("rules/test.yaml", "schedule: mon Europe/Berlin", errors), errors);
        Assert.Null(ScheduleReader.Read(settings, "schedule", new ZoneFolder("/nonexistent")));
        var error = Assert.Single(errors.All);
        Assert.Equal((1, 15), (error.Line, error.Column));
        Assert.Contains("install the package tzdata", error.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Hostile_IsRefusedAndNeverThrows()
    {
        const int seed = 30;
        var random = new Random(seed);
        string[] pieces = ["mon", "-", ",", " ", "fri", "08:00", "18:00", "24:00", "not ", "except ", "2026-12-24", "..", "UTC", "é", "\u0007", ":", "9", "–"];
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            var schedule = ScheduleReader.Parse(text, "", ZoneFolder.OfThisComputer, out var problem);
            Assert.True(schedule is null == problem is not null, $"seed {seed}: {text}");
            Assert.True(schedule is null || ScheduleBench.Parse(schedule.Text).Text == schedule.Text, $"seed {seed}: {text}");
            Assert.True(problem is null || problem.Column <= text.Length + 1, $"seed {seed}: {text}");
        }
    }
}
