using System.Globalization;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>The grammar page says what is: every example in it is read.</summary>
public sealed class RulesPageTests
{
    public static TheoryData<string> Good => [.. Rows(columns: 2).Where(row => row.Length == 2).Select(row => row[0])];

    public static TheoryData<string, int, string> Bad =>
        [.. Rows(columns: 3).Select(row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture), row[2]))];

    [Theory]
    [MemberData(nameof(Good))]
    public void Page_Example_IsRead(string condition)
    {
        var more = condition.Contains("members", StringComparison.Ordinal) ? "group: all" : "";
        var set = RuleBench.Load(RuleBench.One(Quoted(condition), more), out var errors);
        Assert.True(errors.IsEmpty, $"{condition}\n{string.Join('\n', errors.All)}");
        Assert.Single(set.Rules);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Page_BadExample_IsRefusedAtItsPlace(string condition, int character, string because)
    {
        const int firstColumn = 11;
        var set = RuleBench.Load(RuleBench.One(Quoted(condition)), out var errors);
        var error = Assert.Single(errors.All);
        Assert.StartsWith(because, error.Message, StringComparison.Ordinal);
        Assert.Equal((4, firstColumn + character - 1, "rules[0].raise"), (error.Line, error.Column, error.Key));
        Assert.NotEmpty(error.Mend);
        Assert.Empty(set.Rules);
    }

    [Fact]
    public void Page_FileExample_IsRead()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules.md"));
        var set = RuleBench.Load(page.Split("```yaml")[1].Split("```")[0], out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Equal(TimeSpan.FromMinutes(2), Assert.Single(set.Rules).For);
    }

    private static string Quoted(string condition) => $"'{condition}'";

    private static IEnumerable<string[]> Rows(int columns)
    {
        var section = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules.md")).Split("\n## ")
            .Single(part => part.StartsWith("Conditions", StringComparison.Ordinal));
        return section.Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(row => row.Length == columns)
            .Select(row => row.Select((cell, i) => i == 0 ? cell.Trim('`') : cell).ToArray());
    }
}
