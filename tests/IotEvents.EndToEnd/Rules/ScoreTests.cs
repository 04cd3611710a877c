using System.Diagnostics;
using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>The simulator and the gateway as two programs with a pipe between.</summary>
public sealed class ScoreTests(ITestOutputHelper output)
{
    [Fact]
    public async Task ThirtyDaysOfTheColdChain_FromAnEmptyFolder_AreScored()
    {
        using var folder = new TestFolder();
        var clock = Stopwatch.StartNew();
        var (code, said) = await ScoreAsync(folder, "cold-chain", "--days", "30");
        output.WriteLine($"30 days in {clock.Elapsed.TotalSeconds:F1} s (wanted: less than 60 s on a machine that has time)\n{said}");

        Assert.True(code == 0, said);
        Assert.Contains("30 days from 2026-01-01T00:00:00Z", said, StringComparison.Ordinal);
        Assert.Contains("missed: none", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("rules: []", 0.0, 0.0, null)]
    [InlineData("rules: [ { id: always, match: { metric: temperature }, raise: value > -1000 °C } ]", 0.0, 0.0, 0.05)]
    [InlineData("rules: [ { id: warm, match: { metric: temperature }, raise: value > -14 °C, for: 5m } ]", 0.7, 0.9, 1.0)]
    public async Task UsersOwnRules_AreScoredAsTheyDeserve(string rules, double recallMin, double recallMax, double? precisionMax)
    {
        using var folder = new TestFolder();
        folder.Write("config/rules/own.yaml", rules);
        var (code, said, printed) = await ScoreAsync(folder, "cold-chain", "--days", "4", "--rules", "config", "--json");

        Assert.True(code == 0, said);
        using var report = JsonDocument.Parse(printed);
        var total = report.RootElement.GetProperty("total");
        Assert.InRange(total.GetProperty("recall").GetDouble(), recallMin, recallMax);
        var precision = total.GetProperty("precision");
        Assert.Equal(precisionMax is null, precision.ValueKind == JsonValueKind.Null);
        Assert.True(precisionMax is null || precision.GetDouble() <= precisionMax, said);
        Assert.True(precisionMax != 1.0 || precision.GetDouble() > 0.9, said);
    }

    [Fact]
    public async Task RulesWithAnError_TheGatewaySaysWhereAndNothingIsScored()
    {
        using var folder = new TestFolder();
        folder.Write("config/rules/own.yaml", "rules: [ { id: warm, match: { metric: temperature }, raise: value > > 5 } ]");
        var (code, said) = await ScoreAsync(folder, "cold-chain", "--days", "2", "--rules", "config");

        Assert.Equal(1, code);
        Assert.Contains("own.yaml:1:", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessagesAndTruthInFiles_GiveTheSameScoreAsThroughThePipe()
    {
        using var folder = new TestFolder();
        folder.Write("config/rules/own.yaml", "rules: [ { id: warm, match: { metric: temperature }, raise: value > -14 °C, for: 5m } ]");
        string[] written = ["run", "cold-chain", "--virtual", "--days", "2", "--out", "m.jsonl", "--truth", "t.jsonl"];
        Assert.Equal(0, (await RunningProgram.RunAsync(Checkout.Simulator, written, folder: folder.Path)).ExitCode);
        string[] scored = ["rules", "score", "m.jsonl", "--truth", "t.jsonl", "--config", "config", "--no-progress"];
        var (code, said) = await RunningProgram.RunAsync(Checkout.Gateway, scored, folder: folder.Path);
        Assert.True(code == 0, said);

        var (_, piped) = await ScoreAsync(folder, "cold-chain", "--days", "2", "--rules", "config");
        Assert.Equal(Table(said), Table(piped));
    }

    [Theory]
    [InlineData("there is no file m.jsonl", "m.jsonl", "--truth", "m.jsonl", "--config", ".")]
    [InlineData("there is no folder nowhere", "m.jsonl", "--truth", "m.jsonl", "--config", "nowhere")]
    [InlineData("there is no message in empty.jsonl", "empty.jsonl", "--truth", "empty.jsonl", "--config", ".")]
    [InlineData("Line 1 is no message in JSON", "wrong.jsonl", "--truth", "empty.jsonl", "--config", ".")]
    public async Task WhatIsMissingOrWrong_IsSaid(string says, params string[] arguments)
    {
        using var folder = new TestFolder();
        folder.Write("empty.jsonl", "");
        folder.Write("wrong.jsonl", "time,value\n");
        var (code, said) = await RunningProgram.RunAsync(Checkout.Gateway, ["rules", "score", .. arguments], folder: folder.Path);
        Assert.Equal(1, code);
        Assert.Contains(says, said, StringComparison.Ordinal);
    }

    private static Task<EndedProgram> ScoreAsync(TestFolder folder, string scenario, params string[] options) =>
        RunningProgram.RunAsync(
            Checkout.Simulator, ["run", scenario, "--virtual", "--score", "--gateway", Checkout.Gateway, .. options],
            TimeSpan.FromMinutes(10), folder.Path);

    /// <summary>The tables and lists, without what tells of time that passed.</summary>
    private static IEnumerable<string> Table(string said) => said.Split('\n')
        .SkipWhile(line => !line.StartsWith("rule ", StringComparison.Ordinal))
        .Where(line => line.Length > 0 && !line.Contains("played and judged", StringComparison.Ordinal));
}
