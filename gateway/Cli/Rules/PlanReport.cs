using System.Globalization;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Cli.Terminal;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Shows a plan to people: rules, changed alerts, notifications, timers.</summary>
/// <param name="console">Where to.</param>
/// <param name="max">How many changed alerts, and how many timers, are listed.</param>
internal sealed class PlanReport(IAnsiConsole console, int max)
{
    /// <summary>Writes the whole report.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="what">What takes the place of what.</param>
    public void Write(PlanView plan, string what)
    {
        Line($"{what}, on {Number(plan.Readings)} readings of {Number(plan.Series)} series from {plan.From} to {plan.To}.");
        if (plan.DamagedChunks > 0)
        {
            Line($"{plan.DamagedChunks} chunks of the history are damaged and were left out.");
        }

        SettingsReport.WriteWarnings(console, [.. plan.Warnings.Select(SettingsReport.Of)]);
        WriteRules(plan);
        WriteAlerts(plan);
        WriteNotifications(plan);
        WriteTimers(plan);
        foreach (var place in plan.SetAside)
        {
            Line($"Set aside: {place.Rule} on {place.Subject}: {place.Problem}");
        }
    }

    private void WriteRules(PlanView plan)
    {
        var listing = new Listing("RULE", ">ALERTS NOW", ">PLANNED", ">SAME", ">MOVED", ">ADDED", ">REMOVED");
        foreach (var rule in plan.Rules)
        {
            var name = rule.Was is null ? rule.Rule : $"{rule.Rule} (was {rule.Was})";
            listing.Add(
                name, Number(rule.Now), Number(rule.Planned),
                Number(rule.Same), Number(rule.Moved), Number(rule.Added), Number(rule.Removed));
        }

        WriteAny(listing, "No alert, neither by the rules in force nor by the new ones.");
    }

    private void WriteAlerts(PlanView plan)
    {
        if (plan.Alerts.Count == 0 || max == 0)
        {
            return;
        }

        var listing = new Listing("CHANGE", "RULE", "SUBJECT", "NOW", "PLANNED");
        foreach (var change in plan.Alerts.Take(max))
        {
            listing.Add(change.Change, change.Rule, change.Subject, Span(change.Now), Span(change.Planned));
        }

        WriteAny(listing, "");
        More(plan.Alerts.Count + plan.AlertsLeftOut);
    }

    private void WriteNotifications(PlanView plan)
    {
        var listing = new Listing("CHANNEL", ">NOTIFICATIONS NOW", ">PLANNED", ">MOST ON A DAY NOW", ">PLANNED");
        foreach (var channel in plan.Notifications.GroupBy(it => it.Channel))
        {
            listing.Add(
                channel.Key, Number(channel.Sum(it => it.Now)), Number(channel.Sum(it => it.Planned)),
                Number(channel.Max(it => it.Now)), Number(channel.Max(it => it.Planned)));
        }

        WriteAny(listing, "Nobody would be notified, neither before nor after.");
        if (listing.Count > 0)
        {
            Line("Each raise and each end is one notification over each of its channels: the gateway groups and repeats none.");
        }
    }

    private void WriteTimers(PlanView plan)
    {
        var all = plan.Kept + plan.Reset + plan.Dropped;
        var since = plan.TimersFrom == "journal" ? "now" : "at the end of the history";
        console.WriteLine();
        if (all == 0)
        {
            Line($"Nothing pends or fires {since}: no timer is lost.");
            return;
        }

        Line($"Of what pends or fires {since}: {plan.Kept} would be kept, {plan.Reset} reset, {plan.Dropped} dropped.");
        var listing = new Listing("BECOMES", "RULE", "SUBJECT", "STANDS", "WHY");
        foreach (var line in plan.Timers.Take(max))
        {
            listing.Add(line.Fate, line.Rule, line.Subject, line.Stood, line.Why);
        }

        if (max > 0)
        {
            listing.Write(console);
            More(all);
        }
    }

    private void More(int all)
    {
        if (all > max)
        {
            Line($"… and {Number(all - max)} more; see --list and --json.");
        }
    }

    private void WriteAny(Listing listing, string otherwise)
    {
        console.WriteLine();
        if (listing.Count > 0)
        {
            listing.Write(console);
        }
        else
        {
            Line(otherwise);
        }
    }

    // What a gateway says is foreign text: it must not draw on the screen of who asks.
    private void Line(string text) => console.WriteLine(Words.OneLine(text));

    private static string Span(PlanAlertView? alert) =>
        alert is null ? "–"
        : alert.Ended is null ? $"{alert.Raised}, fires"
        : $"{alert.Raised} for {Length(alert.Raised, alert.Ended)}";

    private static string Length(string raised, string ended) =>
        DateTimeOffset.TryParse(raised, CultureInfo.InvariantCulture, out var from)
        && DateTimeOffset.TryParse(ended, CultureInfo.InvariantCulture, out var to)
            ? SettingsValues.Format(TimeSpan.FromSeconds(Math.Round((to - from).TotalSeconds))) : ended;

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
