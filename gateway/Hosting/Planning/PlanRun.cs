using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Replay;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Hosting.Planning;

/// <summary>Makes a plan and puts it into words.</summary>
internal static class PlanRun
{
    private static readonly string[] Changes = ["same", "moved", "added", "removed"];

    /// <summary>Judges the history by old and new rules. Touches nothing.</summary>
    /// <param name="old">The rules in force.</param>
    /// <param name="planned">The rules to put in force.</param>
    /// <param name="handover">What the change would do to what the gateway remembers; null when that is not known.</param>
    /// <param name="history">The history.</param>
    /// <param name="range">Which part of it.</param>
    /// <param name="now">The clock.</param>
    /// <param name="progress">Told now and then how far it is; null for nobody.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>The plan; null when that part of the history has no reading.</returns>
    /// <exception cref="TooManyAlertsException">There are more alerts than anybody can look at.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static PlanView? Make(
        PlannedRules old, PlannedRules planned, RuleHandover? handover, PlanHistory history, PlanRange range, Timestamp now,
        IProgress<PlanProgressView>? progress, CancellationToken stop)
    {
        if (range.Within(history.Newest, now) is not var (from, to))
        {
            return null;
        }

        var first = Timestamp.None;
        var series = history.Catalog.All.Select(one => one.Id).ToList();
        var readings = new HistoryReadings(history.Read, series, from, to).Read().Select(Follow);
        var plan = RulePlan.Make(
            old, planned, history.Catalog, readings, new Timestamp(to.Nanoseconds - 1), handover,
            progress is null ? null : new Meter(progress, () => first, to), stop);
        return plan.Readings == 0 ? null : View(plan, handover is not null, from.HasValue ? from : first, to, history, old, planned);

        Reading Follow(Reading reading)
        {
            first = first.HasValue ? first : reading.Time;
            return reading;
        }
    }

    private static PlanView View(
        RulePlan plan, bool isRemembered, Timestamp from, Timestamp to, PlanHistory history, PlannedRules old, PlannedRules planned)
    {
        var changed = plan.Alerts.Where(it => it.Change != AlertChange.Same).ToList();
        var receipt = plan.Handover.Receipt;
        return new PlanView
        {
            From = from.ToString(),
            To = to.ToString(),
            Series = history.Catalog.Count,
            Readings = plan.Readings,
            DamagedChunks = history.Damaged(),
            Rules = [.. plan.Alerts.GroupBy(it => it.Rule).Select(it => View(it, FormerId(it.Key, old.Rules, planned.Rules)))],
            Alerts = [.. changed.Take(PlanView.AlertsMax).Select(it => new PlanChangeView(
                Changes[(int)it.Change], it.Rule, it.Subject, View(it.Old), View(it.New)))],
            AlertsLeftOut = Math.Max(0, changed.Count - PlanView.AlertsMax),
            Notifications = [.. plan.Before.Keys.Union(plan.After.Keys)
                .OrderBy(it => it.Channel, StringComparer.Ordinal).ThenBy(it => it.Day)
                .Select(it => new PlanNotificationView(
                    it.Channel, it.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    plan.Before.GetValueOrDefault(it), plan.After.GetValueOrDefault(it)))],
            TimersFrom = isRemembered ? "journal" : "history",
            Kept = receipt.Count(RuleFate.Kept),
            Reset = receipt.Count(RuleFate.Reset),
            Dropped = receipt.Count(RuleFate.Dropped),
            Timers = [.. receipt.Lines.Take(ReloadView.LinesMax).Select(ReloadLineView.Of)],
            Ends = [.. plan.Handover.Ended.Take(PlanView.AlertsMax).Select(it => new PlanEndView(
                AlertLife.IdOf(it), it.Rule, it.Series.Name, it.RaisedAt.ToString()))],
            SetAside = [.. plan.SetAside.Take(ReloadView.LinesMax).Select(it => new PlanAsideView(it.Rule, it.Series.Name, it.Problem))],
            Warnings = [.. planned.Rules.Warnings.Select(SettingsErrorView.Of)],
        };
    }

    /// <summary>What a rule is called in the rules in force, where that is another id.</summary>
    private static string? FormerId(string rule, RuleSet old, RuleSet planned) =>
        planned.Rules.FirstOrDefault(it => it.Id == rule)?.Was is { } was && old.Rules.Any(it => it.Id == was) ? was : null;

    private static PlanRuleView View(IGrouping<string, PlannedChange> rule, string? was)
    {
        var counts = rule.CountBy(change => change.Change).ToDictionary();
        return new PlanRuleView(
            rule.Key, was, rule.Count(it => it.Old is not null), rule.Count(it => it.New is not null),
            Of(AlertChange.Same), Of(AlertChange.Moved), Of(AlertChange.Added), Of(AlertChange.Removed));

        int Of(AlertChange change) => counts.GetValueOrDefault(change);
    }

    private static PlanAlertView? View(Alert? alert) => alert is null ? null : new PlanAlertView(
        alert.Id, alert.Severity.Name(), alert.RaisedAt.ToString(),
        alert.EndedAt.HasValue ? alert.EndedAt.ToString() : null, alert.EndedAt.HasValue ? alert.Reason.Name() : null, alert.Channels);

    /// <summary>Says how far it is as a part of the whole, which begins with the first reading.</summary>
    private sealed class Meter(IProgress<PlanProgressView> progress, Func<Timestamp> first, Timestamp to) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value)
        {
            var begin = first();
            var part = begin.HasValue ? (value.Now - begin) / (to - begin) : 0;
            progress.Report(new PlanProgressView(value.Readings, Math.Clamp(part, 0, 1)));
        }
    }
}
