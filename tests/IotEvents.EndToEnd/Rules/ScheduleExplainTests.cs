using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>The command as a user types it.</summary>
public sealed class ScheduleExplainTests
{
    [Fact]
    public async Task Explain_HourThatComesTwice_ShowsBothPasses()
    {
        var (code, output) = await RunAsync(["--at", "2026-10-25T02:30", "--tz", "Europe/Berlin"]);
        Assert.Equal(0, code);
        Assert.Contains("first pass   2026-10-25T00:30:00Z", output, StringComparison.Ordinal);
        Assert.Contains("second pass  2026-10-25T01:30:00Z", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_WithoutATime_TakesNow()
    {
        var (code, output, printed) = await RunAsync(["mon-sun", "--tz", "Asia/Kathmandu", "--json"]);
        Assert.Equal(0, code);
        var json = JsonDocument.Parse(printed).RootElement;
        Assert.True(json.GetProperty("instants")[0].GetProperty("active").GetBoolean());
        Assert.InRange(json.GetProperty("instants")[0].GetProperty("instant").GetDateTimeOffset(),
            TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Explain_Rule_TakesItsScheduleOutOfTheFolder()
    {
        using var folder = new TestFolder();
        var rules = Directory.CreateDirectory(Path.Combine(folder.Path, "rules")).FullName;
        await File.WriteAllTextAsync(Path.Combine(rules, "a.yaml"), """
            rules:
              - { id: night, match: { metric: m }, raise: value > 1, schedule: 22:00-06:00 Europe/Berlin }
              - { id: always, match: { metric: m }, raise: value > 1 }
              - { id: wrong, match: { metric: m }, raise: value > 1, schedule: 22:00-06:00 Europe/Berln }
            """, TestContext.Current.CancellationToken);

        var (code, output, printed) = await RunAsync(["--rule", "night", "--config", folder.Path, "--at", "2026-10-25T02:30", "--json"]);
        Assert.Equal(0, code);
        Assert.Equal("22:00-06:00 Europe/Berlin", JsonDocument.Parse(printed).RootElement.GetProperty("schedule").GetString());

        (code, output) = await RunAsync(["--rule", "always", "--config", folder.Path]);
        Assert.Equal(1, code);
        Assert.Contains("has no schedule", output, StringComparison.Ordinal);

        (code, output) = await RunAsync(["--rule", "wrong", "--config", folder.Path]);
        Assert.Equal(1, code);
        Assert.Contains("a.yaml:4:80", output, StringComparison.Ordinal);
        Assert.Contains("did you mean 'Europe/Berlin'?", output, StringComparison.Ordinal);

        (code, output) = await RunAsync(["--rule", "nigth", "--config", folder.Path]);
        Assert.Equal(1, code);
        Assert.Contains("did you mean 'night'?", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is nothing to explain")]
    [InlineData("is no day", "mon-fir Europe/Berlin")]
    [InlineData("is no time zone", "--tz", "Berlin")]
    [InlineData("is no time from", "mon UTC", "--at", "noon")]
    [InlineData("not both", "mon UTC", "--rule", "r")]
    public async Task Explain_WrongUsage_EndsWithTwoAndSaysWhy(string because, params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(because, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_NoZoneData_SaysWhatToInstall()
    {
        await using var program = RunningProgram.Start(Checkout.Gateway, ["schedule", "explain", "mon Europe/Berlin"],
            environment: [new("TZDIR", "/nonexistent")]);
        Assert.Equal(2, await program.EndAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("apt install tzdata", program.Output, StringComparison.Ordinal);
    }

    private static Task<EndedProgram> RunAsync(string[] arguments) =>
        RunningProgram.RunAsync(Checkout.Gateway, ["schedule", "explain", .. arguments]);
}
