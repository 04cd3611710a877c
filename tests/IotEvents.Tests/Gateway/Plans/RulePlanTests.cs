using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Plans;

public sealed class RulePlanTests
{
    private const int Seeds = 40;

    [Fact]
    public void Plan_LowerLimit_SaysAddedMovedAndSame()
    {
        // 90 crosses both limits in one step; 81 to 95 crosses them one after the other; 85 alone only the new one.
        var plan = Make(RuleBench.One("value > 88"), RuleBench.One("value > 80"),
            [(0, 20), (60, 90), (120, 20), (180, 81), (240, 95), (300, 20), (360, 85), (420, 20)]);
        Assert.Equal(
            ["Same 60-120", "Moved 180-300", "Added 360-420"],
            plan.Alerts.Select(it => $"{it.Change} {Seconds(it.Alert.RaisedAt)}-{Seconds(it.Alert.EndedAt)}"));
        Assert.Equal(4, plan.Before.Values.Sum());
        Assert.Equal(6, plan.After.Values.Sum());
        Assert.Equal(8, plan.Readings);
    }

    [Fact]
    public void Plan_HigherLimit_SaysRemovedAndWhatTheChangeEnds()
    {
        var plan = Make(RuleBench.One("value > 80"), RuleBench.One("value > 88"), [(0, 20), (60, 85), (120, 20), (180, 85)]);
        Assert.Equal([AlertChange.Removed, AlertChange.Removed], plan.Alerts.Select(it => it.Change));
        Assert.Equal((RuleFate.Reset, RuleState.Firing), (Assert.Single(plan.Handover.Receipt.Lines).Fate, plan.Handover.Receipt.Lines[0].State));
        Assert.Equal(EndReason.RuleChanged, Assert.Single(plan.Handover.Ended).Reason);
    }

    [Theory]
    [InlineData("70", RuleFate.Kept)]
    [InlineData("90", RuleFate.Reset)]
    public void Plan_OtherLimitOfAWindow_LooksBackBeforeTheNextReading(string limit, RuleFate fate)
    {
        var plan = Make(
            RuleBench.One("avg_over_time(5m) > 80"), RuleBench.One($"avg_over_time(5m) > {limit}"), [(0, 85), (60, 85), (120, 85)]);
        Assert.Equal(fate, Assert.Single(plan.Handover.Receipt.Lines).Fate);
    }

    [Fact]
    public void Plan_OtherRoute_MovesNotificationsToTheOtherChannel()
    {
        var bench = new RuleBench(RuleBench.One("value > 80"));
        var old = Of(bench, bench.Rules);
        var routed = old with { Routes = new AlertsOptions { Routes = [new AlertRoute { To = ["phone"] }] } };
        var readings = new[] { bench.Reading(0, 20), bench.Reading(60, 90), bench.Reading(120, 20) };
        var plan = RulePlan.Make(old, routed, bench.Catalog, readings, readings[^1].Time, null, null, TestContext.Current.CancellationToken);
        var day = new DateOnly(2026, 3, 1);
        Assert.Equal(2, plan.Before[("log", day)]);
        Assert.Equal(2, plan.After[("phone", day)]);
        Assert.Equal((1, 1), (plan.Before.Count, plan.After.Count));
    }

    [Fact]
    public void Plan_Applied_YieldsWhatItShowed()
    {
        var (alerts, lines) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var (old, @new) = (RandomRules(random), RandomRules(random));
            var points = History(random);
            var plan = Make(old, @new, points);
            var end = points[^1].Seconds;

            // A gateway that always had the new rules: a clock that ticks every second in place of the replay's.
            var fresh = Live(@new, points);
            Assert.True(Said(plan.Alerts.Select(it => it.New)).SequenceEqual(Said(fresh)), $"seed {seed}: the new rules' alerts");

            // The gateway in force, and the reload itself.
            var live = Live(old, points);
            Assert.True(Said(plan.Alerts.Select(it => it.Old)).SequenceEqual(Said(live)), $"seed {seed}: the old rules' alerts");
            var before = live.Transitions.Count;
            live.Reload(end, @new);
            Assert.True(plan.Handover.Receipt.Lines.SequenceEqual(live.Receipt!.Lines), $"seed {seed}: the receipt");
            Assert.True(
                plan.Handover.Ended.Select(RuleBench.Describe).SequenceEqual(live.Transitions.Skip(before).Select(RuleBench.Describe)),
                $"seed {seed}: what the change ends");
            alerts += plan.Alerts.Count;
            lines += plan.Handover.Receipt.Lines.Count;
        }

        Assert.True(alerts > Seeds && lines > Seeds / 2, $"{alerts} alerts and {lines} lines of receipts say little");
    }

    [Fact]
    public void Plan_OfOtherRulesThanApplied_IsSeenToDiffer()
    {
        // The control: the comparison above must notice rules that are not those of the plan.
        var differ = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var (old, @new) = (RandomRules(random), RandomRules(random));
            var points = History(random);
            var plan = Make(old, @new, points);
            differ += Said(plan.Alerts.Select(it => it.New)).SequenceEqual(Said(Live(RandomRules(random), points))) ? 0 : 1;
        }

        Assert.True(differ > Seeds * 3 / 4, $"only {differ} of {Seeds} differ");
    }

    private static RulePlan Make(string old, string @new, IReadOnlyList<(double Seconds, double Value)> points)
    {
        var bench = new RuleBench(old);
        var readings = points.Select(it => bench.Reading(it.Seconds, it.Value)).ToList();
        Assert.True(RuleBench.Load(@new, out var errors) is var rules && errors.IsEmpty);
        return RulePlan.Make(
            Of(bench, bench.Rules), Of(bench, rules), bench.Catalog, readings, readings[^1].Time, null, null, TestContext.Current.CancellationToken);
    }

    private static PlannedRules Of(RuleBench bench, RuleSet rules) => new(rules, bench, new AlertsOptions(), bench.Options);

    private static RuleBench Live(string rules, List<(double Seconds, double Value)> points)
    {
        var bench = new RuleBench(rules);
        for (var (second, next) = (0, 0); next < points.Count; second++)
        {
            for (; next < points.Count && points[next].Seconds <= second; next++)
            {
                bench.Read(points[next].Seconds, points[next].Value);
            }

            bench.Tick(second);
        }

        return bench;
    }

    private static IEnumerable<string> Said(IEnumerable<PlannedAlert?> alerts) => alerts.OfType<PlannedAlert>()
        .Select(it => $"{it.Id} {it.Rule} {Seconds(it.RaisedAt)} {(it.EndedAt.HasValue ? $"{it.Reason} {Seconds(it.EndedAt)}" : "")}")
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Said(RuleBench bench)
    {
        var ends = bench.Transitions.Where(it => it.Kind == TransitionKind.Ended).ToDictionary(it => (it.Rule, it.RaisedAt));
        return bench.Transitions.Where(it => it.Kind == TransitionKind.Raised).DistinctBy(it => (it.Rule, it.RaisedAt))
            .Select(it => $"{AlertIds.Alert(it.Rule, it.Series.Name, it.RaisedAt)} {it.Rule} {Seconds(it.RaisedAt)} "
                + (ends.TryGetValue((it.Rule, it.RaisedAt), out var end) ? $"{end.Reason} {Seconds(end.Time)}" : ""))
            .Order(StringComparer.Ordinal);
    }

    private static double Seconds(Timestamp time) => (time - RuleBench.Start).TotalSeconds;

    private static List<(double Seconds, double Value)> History(Random random)
    {
        var time = 0;
        return [.. Enumerable.Range(0, 200).Select(_ =>
            ((double)(time += random.Next(1, 12) * (random.Next(14) == 0 ? 9 : 1)), (double)random.Next(0, 11)))];
    }

    private static string RandomRules(Random random) => "rules:\n" + string.Concat(
        Enumerable.Range(0, 5).Where(_ => random.Next(4) > 0).Select(i =>
            $"- id: r{i}\n  match: {{ metric: m }}\n  raise: value > {random.Next(4, 9)}\n  clear: value < {random.Next(2, 5)}\n"
            + $"  for: {random.Next(0, 3) * random.Next(1, 20)}s\n  keep_firing_for: {random.Next(0, 2) * random.Next(1, 30)}s\n"
            + $"  missing: {(new[] { "ok", "hold", "alert" })[random.Next(3)]}\n  missing_after: {random.Next(5, 60)}s\n"))
        + "- id: always\n  match: { metric: m }\n  raise: value > 6\n";
}
