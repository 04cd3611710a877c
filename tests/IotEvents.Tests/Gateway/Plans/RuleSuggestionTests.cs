using IotEvents.Gateway.Cli.Rules;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Replay;
using IotEvents.Tests.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Plans;

public sealed class RuleSuggestionTests
{
    private const int Minutes = 4 * 7 * 24 * 60;

    [Fact]
    public void Find_PlantedSpikes_LimitIsBetweenTheLevelAndTheSpikes()
    {
        // Noise around 20, and four spikes to 60 in four weeks: one a week.
        var random = new Random(3);
        var bench = new RuleBench("rules: []");
        var spikes = new[] { 3_000, 13_000, 23_000, 33_000 };
        var readings = Readings(bench, minute => spikes.Any(at => minute >= at && minute < at + 30) ? 60 : 20 + random.NextDouble());
        var rule = Suggestion(bench, readings).Find(isAbove: true, alertsMax: 4);
        Assert.NotNull(rule);
        Assert.Equal(4, rule.Alerts);
        Assert.InRange(rule.Limit, 20.5, 60);
        Assert.True(rule.Clear < rule.Limit, rule.Text);
    }

    [Fact]
    public void Find_AnyHistoryAndTarget_EngineCountsWhatIsPrintedAndNotMore()
    {
        var found = 0;
        for (var seed = 1; seed <= 12; seed++)
        {
            var random = new Random(seed);
            var bench = new RuleBench("rules: []");
            var value = 0.0;
            var readings = Readings(bench, _ => (value = (value * 0.97) + random.NextDouble() - 0.5) + (random.Next(900) == 0 ? 8 : 0), 4_000);
            foreach (var (isAbove, max) in new[] { (true, 0), (true, 1), (true, 5), (false, 3), (false, 40) })
            {
                if (Suggestion(bench, readings).Find(isAbove, max) is not { } rule)
                {
                    continue;
                }

                found++;
                Assert.True(rule.Alerts <= max, $"seed {seed}: {rule.Alerts} of {max}\n{rule.Text}");

                // A replay of its own, on the text as a user pastes it.
                var pasted = new RuleBench(rule.Text);
                var raised = 0;
                pasted.Series("d/m");
                new RuleReplay(pasted.Engine, it => raised += it.Transition.Kind == TransitionKind.Raised ? 1 : 0)
                    .Run(readings, null, TestContext.Current.CancellationToken);
                Assert.True(rule.Alerts == raised, $"seed {seed}: printed {rule.Alerts}, counted {raised}\n{rule.Text}");
            }
        }

        Assert.True(found > 40, $"{found} suggestions");
    }

    [Fact]
    public void Find_MoreAlertsAllowed_LimitIsNotFartherOut()
    {
        var random = new Random(9);
        var bench = new RuleBench("rules: []");
        var readings = Readings(bench, _ => random.NextDouble() * random.NextDouble() * 100, 5_000);
        var limits = new[] { 0, 2, 20 }.Select(max => Suggestion(bench, readings).Find(true, max)!).ToList();
        Assert.True(limits[0].Alerts == 0 && limits[2].Alerts > 0, $"{limits[0].Alerts}, {limits[2].Alerts}");
        Assert.True(limits[2].Limit < limits[0].Limit, $"{limits[2].Limit} {limits[0].Limit}");
    }

    [Theory]
    [InlineData("1/week", 1.0)]
    [InlineData("2/day", 14.0)]
    [InlineData("3/30d", 0.7)]
    [InlineData("week", null)]
    [InlineData("-1/week", null)]
    [InlineData("1/fortnight", null)]
    public void Target_IsReadInAlertsAWeek(string text, double? perWeek)
    {
        Assert.Equal(perWeek is null, RulesSuggestCommand.PerWeek(text) is null);
        Assert.Equal(perWeek ?? 0, RulesSuggestCommand.PerWeek(text) ?? 0, 9);
    }

    private static List<Reading> Readings(RuleBench bench, Func<int, double> value, int count = Minutes) =>
        [.. Enumerable.Range(0, count).Select(minute => bench.Reading(minute * 60.0, value(minute)))];

    private static RuleSuggestion Suggestion(RuleBench bench, List<Reading> readings) =>
        new(bench.Catalog[0], bench.Catalog, bench, bench.Options, readings);
}
