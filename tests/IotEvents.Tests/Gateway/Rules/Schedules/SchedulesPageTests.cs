using System.Globalization;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Rules.Schedules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Schedules;

/// <summary>The page about schedules says what is: every example in it is read.</summary>
public sealed class SchedulesPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "schedules.md"));

    public static TheoryData<string> Files => [.. Page.Split("```yaml\n").Skip(1).Select(part => part.Split("```")[0])];

    public static TheoryData<string, string> Good => [.. Rows(2).Select(row => (row[0], row[1].Trim('`')))];

    public static TheoryData<string, int, string> Bad => [.. Rows(3).Select(row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture), row[2]))];

    public static TheoryData<string, string, bool> Clocks => [.. Rows(4).Where(row => row[3] is "yes" or "no").Select(row => (row[0], row[1], row[3] == "yes"))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Page_FileExample_IsRead(string yaml)
    {
        Assert.NotNull(ScheduleBench.Read(yaml, out var errors));
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Page_Example_IsShownAsItSays(string text, string shown) => Assert.Equal(shown, ScheduleBench.Parse(text).Text);

    [Theory]
    [MemberData(nameof(Bad))]
    public void Page_BadExample_IsRefusedAtItsPlace(string text, int character, string because)
    {
        Assert.Null(ScheduleReader.Parse(text, "", ZoneFolder.OfThisComputer, out var problem));
        Assert.StartsWith(because, problem!.Message, StringComparison.Ordinal);
        Assert.Equal(character, problem.Column);
        Assert.NotEmpty(problem.Mend);
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void Page_ClockExample_IsSo(string text, string instant, bool isActive) =>
        Assert.Equal(isActive, ScheduleBench.Parse(text).IsActive(ScheduleBench.At(instant)));

    private static IEnumerable<string[]> Rows(int columns) => Page.Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | "))
        .Where(row => row.Length == columns)
        .Select(row => row.Select((cell, i) => i == 0 ? cell.Trim('`') : cell).ToArray());
}
