using System.Text;
using System.Text.Json;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Cli.Schedules;
using IotEvents.Tests.Gateway.Rules.Schedules;
using Spectre.Console;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli.Schedules;

public sealed class ScheduleReportTests
{
    [Fact]
    public void Write_TimeThatComesTwice_ShowsBothPassesAndTheNextChanges() => Assert.Equal(
        """
        2026-10-25 02:30 in Europe/Berlin comes twice: at 03:00 the clocks go back to 02:00.
        Schedule: sat-sun 22:00-02:45 Europe/Berlin

          first pass   2026-10-25T00:30:00Z  Sun 2026-10-25 02:30  +02:00  ● active
          second pass  2026-10-25T01:30:00Z  Sun 2026-10-25 02:30  +01:00  ● active

        The schedule changes next
          2026-10-25T00:45:00Z  Sun 2026-10-25 02:45  +02:00  ○ not active from here
          2026-10-25T01:00:00Z  Sun 2026-10-25 02:00  +01:00  ● active from here
          2026-10-25T01:45:00Z  Sun 2026-10-25 02:45  +01:00  ○ not active from here
          2026-10-25T21:00:00Z  Sun 2026-10-25 22:00  +01:00  ● active from here

        The clocks of Europe/Berlin change
          2026-10-25T01:00:00Z  Sun 2026-10-25 03:00  becomes 02:00  +02:00 becomes +01:00
          2027-03-28T01:00:00Z  Sun 2027-03-28 02:00  becomes 03:00  +01:00 becomes +02:00

        """, Text("2026-10-25T02:30", "Europe/Berlin", "sat,sun 22:00-02:45 Europe/Berlin"));

    [Fact]
    public void Write_TimeThatDoesNotExist_SaysWhichInstantIsMeant()
    {
        var text = Text("2026-03-29 02:30", "Europe/Berlin", null);
        Assert.StartsWith("2026-03-29 02:30 in Europe/Berlin does not exist: at 02:00 the clocks go forward to 03:00.", text, StringComparison.Ordinal);
        Assert.Contains("  end of the gap  2026-03-29T01:00:00Z  Sun 2026-03-29 03:00  +02:00\n", text, StringComparison.Ordinal);
        Assert.Contains("  2026-03-29T01:00:00Z  Sun 2026-03-29 02:00  becomes 03:00  +01:00 becomes +02:00\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DayThatDoesNotExist_NamesTheDates() => Assert.StartsWith(
        "2011-12-30 12:00 in Pacific/Apia does not exist: at 00:00 the clocks go forward to 2011-12-31 00:00.",
        Text("2011-12-30T12:00", "Pacific/Apia", null), StringComparison.Ordinal);

    [Fact]
    public void Write_ScheduleOfAnotherZone_ShowsItsOwnWall()
    {
        var text = Text("2026-07-01", "UTC", "08:00-18:00 Asia/Kathmandu");
        Assert.Contains("  once  2026-07-01T00:00:00Z  Wed 2026-07-01 00:00  +00:00  ○ not active\n", text, StringComparison.Ordinal);
        Assert.Contains("changes next in Asia/Kathmandu\n  2026-07-01T02:15:00Z  Wed 2026-07-01 08:00  +05:45  ● active from here\n", text, StringComparison.Ordinal);
        Assert.Contains("The clocks of UTC do not change\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AlwaysActive_SaysThatNothingChanges() =>
        Assert.Contains("The schedule does not change any more", Text("2026-07-01", "UTC", "mon-sun UTC"), StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-10-25T00:30Z", "first pass")]
    [InlineData("2026-10-25T03:30+02:00", "second pass")]
    public void Write_Instant_ShowsOnlyItsPass(string at, string pass)
    {
        var text = Text(at, "Europe/Berlin", null);
        Assert.StartsWith("2026-10-25 02:30 in Europe/Berlin comes twice: at 03:00", text, StringComparison.Ordinal);
        Assert.Contains(pass, text, StringComparison.Ordinal);
        Assert.Equal(1, text.Split(" pass  ").Length - 1);
    }

    [Fact]
    public void Json_TimeThatComesTwice_HasBothInstants()
    {
        var json = Json("2026-10-25T02:30:00", "Europe/Berlin", "sat,sun 22:00-02:45 Europe/Berlin");
        Assert.Equal("twice", json.GetProperty("comes").GetString());
        Assert.Equal(
            [("first", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00", "+02:00", true), ("second", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00", "+01:00", true)],
            json.GetProperty("instants").EnumerateArray().Select(it => (
                it.GetProperty("pass").GetString(), it.GetProperty("instant").GetString(), it.GetProperty("local").GetString(),
                it.GetProperty("offset").GetString(), it.GetProperty("active").GetBoolean())));
        Assert.Equal("sat-sun 22:00-02:45 Europe/Berlin", json.GetProperty("schedule").GetString());
        Assert.Equal((4, 2), (json.GetProperty("changes").GetArrayLength(), json.GetProperty("clock_changes").GetArrayLength()));
    }

    [Fact]
    public void Json_NoSchedule_SaysNothingOfOne()
    {
        var json = Json("2026-03-29T02:30", "Europe/Berlin", null);
        Assert.Equal("never", json.GetProperty("comes").GetString());
        Assert.False(json.TryGetProperty("schedule", out _));
        Assert.Equal("gap-end", json.GetProperty("instants")[0].GetProperty("pass").GetString());
        Assert.False(json.GetProperty("instants")[0].TryGetProperty("active", out _));
    }

    [Theory]
    [InlineData("2026-10-25T02:30", false, "2026-10-25T02:30:00")]
    [InlineData("2026-10-25 02:30:15", false, "2026-10-25T02:30:15")]
    [InlineData("2026-10-25", false, "2026-10-25T00:00:00")]
    [InlineData("2026-10-25T02:30Z", true, "2026-10-25T02:30:00")]
    [InlineData("2026-10-25T02:30:15-03:30", true, "2026-10-25T06:00:15")]
    public void AskedTime_EveryForm_IsRead(string text, bool isInstant, string time)
    {
        Assert.True(AskedTime.TryParse(text, out var asked));
        Assert.Equal((isInstant, time), (asked.IsInstant, ScheduleWords.Wall(asked.Seconds)));
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2026-13-01T00:00")]
    [InlineData("2026-02-30")]
    [InlineData("02:30")]
    [InlineData("1677-12-31T00:00")]
    [InlineData("2262-01-01T00:00Z")]
    public void AskedTime_Wrong_IsRefused(string text) => Assert.False(AskedTime.TryParse(text, out _));

    private static string Text(string at, string zone, string? schedule)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        ScheduleReport.Write(console, Explain(at, zone, schedule));
        return writer.ToString();
    }

    private static JsonElement Json(string at, string zone, string? schedule)
    {
        using var output = new MemoryStream();
        ScheduleJson.Write(output, Explain(at, zone, schedule));
        return JsonDocument.Parse(Encoding.UTF8.GetString(output.ToArray())).RootElement;
    }

    private static ScheduleExplanation Explain(string at, string zone, string? schedule)
    {
        Assert.True(AskedTime.TryParse(at, out var asked));
        Assert.True(ZoneFolder.OfThisComputer.TryFind(zone, out var rules, out var problem), problem?.Message);
        return ScheduleExplanation.Of(asked, rules, schedule is null ? null : ScheduleBench.Parse(schedule));
    }
}
