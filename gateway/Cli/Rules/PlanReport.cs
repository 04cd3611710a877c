using System.Globalization;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Plans;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Shows a plan to people: rules, changed alerts, notifications, timers.</summary>
internal static class PlanReport
{
    public static void Write(IAnsiConsole console, RulePlan plan, PlanFrame frame, int max)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{frame.New} in place of {frame.Old}, on {plan.Readings:N0} readings of {frame.Series} series from {frame.From} to {frame.To}."));
        if (frame.Damaged > 0)
        {
            console.WriteLine($"{frame.Damaged} chunks of the history are damaged and were left out.");
        }

        WriteRules(console, plan);
        WriteAlerts(console, plan, max);
        WriteNotifications(console, plan);
        WriteTimers(console, plan);
        foreach (var place in plan.SetAside)
        {
            console.WriteLine($"Set aside: {place.Rule} on {place.Series.Name}: {place.Problem}");
        }
    }

    private static void WriteRules(IAnsiConsole console, RulePlan plan)
    {
        var listing = new Listing("RULE", ">ALERTS NOW", ">PLANNED", ">SAME", ">MOVED", ">ADDED", ">REMOVED");
        foreach (var rule in plan.Alerts.GroupBy(change => change.Alert.Rule))
        {
            var counts = rule.CountBy(change => change.Change).ToDictionary();
            listing.Add(rule.Key, Number(rule.Count(it => it.Old is not null)), Number(rule.Count(it => it.New is not null)),
                Of(AlertChange.Same), Of(AlertChange.Moved), Of(AlertChange.Added), Of(AlertChange.Removed));

            string Of(AlertChange change) => Number(counts.GetValueOrDefault(change));
        }

        WriteAny(console, listing, "No alert, neither by the rules in force nor by the new ones.");
    }

    private static void WriteAlerts(IAnsiConsole console, RulePlan plan, int max)
    {
        var changed = plan.Alerts.Where(change => change.Change != AlertChange.Same).ToList();
        if (changed.Count == 0 || max == 0)
        {
            return;
        }

        var listing = new Listing("CHANGE", "RULE", "SUBJECT", "NOW", "PLANNED");
        foreach (var change in changed.Take(max))
        {
            listing.Add(Name(change.Change), change.Alert.Rule, change.Alert.Subject, Span(change.Old), Span(change.New));
        }

        WriteAny(console, listing, "");
        if (changed.Count > max)
        {
            console.WriteLine($"… and {Number(changed.Count - max)} more; see --list and --json.");
        }
    }

    private static void WriteNotifications(IAnsiConsole console, RulePlan plan)
    {
        var listing = new Listing("CHANNEL", "DAY (UTC)", ">NOTIFICATIONS NOW", ">PLANNED");
        foreach (var key in plan.Before.Keys.Union(plan.After.Keys).OrderBy(it => it.Channel, StringComparer.Ordinal).ThenBy(it => it.Day))
        {
            listing.Add(key.Channel, key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                Number(plan.Before.GetValueOrDefault(key)), Number(plan.After.GetValueOrDefault(key)));
        }

        WriteAny(console, listing, "Nobody would be notified, neither before nor after.");
    }

    private static void WriteTimers(IAnsiConsole console, RulePlan plan)
    {
        var listing = new Listing("RULE", "SUBJECT", "STANDS", "BECOMES", "WHY");
        foreach (var line in plan.Receipt.Lines)
        {
            listing.Add(line.Rule, line.Subject, PlanWords.Name(line.State), PlanWords.Name(line.Fate), line.Why);
        }

        WriteAny(console, listing, "Nothing pends or fires at the end of the history: no timer is lost.");
    }

    private static void WriteAny(IAnsiConsole console, Listing listing, string otherwise)
    {
        console.WriteLine();
        if (listing.Count > 0)
        {
            listing.Write(console);
        }
        else
        {
            console.WriteLine(otherwise);
        }
    }

    private static string Name(AlertChange change) => PlanWords.Name(change);

    private static string Span(PlannedAlert? alert) =>
        alert is null ? "–"
        : !alert.EndedAt.HasValue ? $"{alert.RaisedAt}, fires"
        : $"{alert.RaisedAt} for {SettingsValues.Format(Whole(alert.EndedAt - alert.RaisedAt))}";

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
