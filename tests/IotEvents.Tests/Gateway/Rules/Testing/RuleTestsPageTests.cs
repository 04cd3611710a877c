using System.Globalization;
using IotEvents.Gateway.Rules.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Testing;

/// <summary>The page about tests says what is: every series in it is read.</summary>
public sealed class RuleTestsPageTests
{
    public static TheoryData<string> Good => [.. Rows(columns: 2).Select(row => row[0])];

    public static TheoryData<string, int, string> Bad =>
        [.. Rows(columns: 3).Select(row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture), row[2]))];

    [Theory]
    [MemberData(nameof(Good))]
    public void Page_Series_IsRead(string text)
    {
        Assert.NotEmpty(SeriesNotation.Parse(text, TimeSpan.FromMinutes(1), 1000, out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Page_BadSeries_IsRefusedAtItsPlace(string text, int character, string because)
    {
        SeriesNotation.Parse(text, TimeSpan.FromMinutes(1), 1000, out var problem);
        Assert.NotNull(problem);
        Assert.StartsWith(because, problem.Message, StringComparison.Ordinal);
        Assert.Equal(character, problem.Position + 1);
    }

    private static IEnumerable<string[]> Rows(int columns) =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "rule-tests.md")).Split("\n## ")
            .Single(part => part.StartsWith("Series", StringComparison.Ordinal)).Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(row => row.Length == columns)
            .Select(row => row.Select((cell, i) => i == 0 ? cell.Trim('`') : cell).ToArray());
}
