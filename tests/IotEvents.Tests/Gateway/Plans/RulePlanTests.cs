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
    [Fact]
    public void Plan_LowerLimit_SaysAddedMovedAndSame()
    {
        // 90 crosses both limits in one step; 81 to 95 crosses them one after the other; 85 alone only the new one.
        var plan = Make(RuleBench.One("value > 88"), RuleBench.One("value > 80"),
            [(0, 20), (60, 90), (120, 20), (180, 81), (240, 95), (300, 20), (360, 85), (420, 20)]);
        Assert.Equal(
            ["Same 60-120", "Moved 180-300", "Added 360-420"],
            plan.Alerts.Select(it => Said(it)));
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
    public void Plan_RenamedRule_IsOneRuleWithItsAlertsCompared()
    {
        var plan = Make(
            RuleBench.One("value > 88"), RuleBench.One("value > 80", "was: r").Replace("id: r\n", "id: new\n", StringComparison.Ordinal),
            [(0, 20), (60, 90), (120, 20), (180, 81), (240, 95), (300, 20), (360, 85), (420, 20)]);
        Assert.Equal(["new Same 60-120", "new Moved 180-300", "new Added 360-420"], plan.Alerts.Select(it => $"{it.Rule} {Said(it)}"));
        Assert.Equal(("r", "new"), (plan.Alerts[0].Old!.Rule, plan.Alerts[0].New!.Rule));
        Assert.NotEqual(plan.Alerts[0].Old!.Id, plan.Alerts[0].New!.Id);
    }

    [Fact]
    public void Plan_RuleWithoutWas_IsOneThatGoesAndOneThatComes()
    {
        var plan = Make(
            RuleBench.One("value > 88"), RuleBench.One("value > 88").Replace("id: r\n", "id: new\n", StringComparison.Ordinal),
            [(0, 20), (60, 90), (120, 20)]);
        Assert.Equal(["new Added 60-120", "r Removed 60-120"], plan.Alerts.Select(it => $"{it.Rule} {Said(it)}"));
    }

    [Fact]
    public void Plan_RuleThatIsPartedInTwo_GoesOnByWhoJudgesTheSeries()
    {
        // As a reload does: the old id keeps what it still judges, the new one has the rest; what nobody judges any more stays.
        var bench = new RuleBench(RuleBench.One("value > 80"));
        Assert.True(RuleBench.Load("""
            rules:
            - { id: r, match: { device: a, metric: m }, raise: value > 80 }
            - { id: s, was: r, match: { device: b, metric: m }, raise: value > 80 }
            """, out var errors) is var rules && errors.IsEmpty);
        var readings = new[] { "a/m", "b/m", "c/m" }.SelectMany(series => new[] { bench.Reading(0, 20, series), bench.Reading(60, 90, series) })
            .OrderBy(reading => reading.Time).ToList();
        var plan = RulePlan.Make(
            Of(bench, bench.Rules), Of(bench, rules), bench.Catalog, readings, readings[^1].Time, null, null, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["r a/m Same", "r c/m Removed", "s b/m Same"], plan.Alerts.Select(it => $"{it.Rule} {it.Subject} {it.Change}"));
        Assert.Equal(
            ["Kept r a/m", "Kept s b/m", "Dropped r c/m"],
            plan.Handover.Receipt.Lines.Select(it => $"{it.Fate} {it.Rule} {it.Subject}"));
    }

    [Fact]
    public void Plan_Notifications_AreCountedOnTheDayOfTheRaiseAndOnThatOfTheEnd()
    {
        const double Day = 86_400;
        var plan = Make(RuleBench.One("value > 80"), RuleBench.One("value > 80", "notify: [log, ops]"), [(0, 20), (60, 90), (Day, 20)]);
        Assert.Equal(["log 03-01 1", "log 03-02 1"], Counts(plan.Before));
        Assert.Equal(["log 03-01 1", "log 03-02 1", "ops 03-01 1", "ops 03-02 1"], Counts(plan.After));

        static IEnumerable<string> Counts(IReadOnlyDictionary<(string Channel, DateOnly Day), int> counts) =>
            counts.Select(it => $"{it.Key.Channel} {it.Key.Day:MM-dd} {it.Value}").Order(StringComparer.Ordinal);
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

    private static string Said(PlannedChange it) =>
        $"{it.Change} {Seconds((it.New ?? it.Old!).RaisedAt)}-{Seconds((it.New ?? it.Old!).EndedAt)}";

    private static double Seconds(Timestamp time) => (time - RuleBench.Start).TotalSeconds;
}
