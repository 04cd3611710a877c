using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;

namespace IotEvents.Gateway.Rules;

/// <summary>Notes when a rule changes its mind too often with one series, device or group, and when it has calmed down.</summary>
internal static class Flapping
{
    /// <summary>The rule has raised or ended.</summary>
    public static void Note(RuleInstance it, Transition change, IDeviceDirectory devices, RuleOutcome outcome)
    {
        var rule = it.FlappingRule!;
        var asks = (FlappingCondition)rule.Asks;
        it.Changes.Add(change.Time);
        Forget(it, change.Time - asks.Within, asks.Changes);
        if (it.Flap is not null || it.Changes.Count < asks.Changes)
        {
            return;
        }

        it.Flap = new Transition
        {
            Rule = rule.Id,
            RuleVersion = rule.Version,
            Series = it.Track.Series,
            Kind = TransitionKind.Raised,
            Severity = rule.Severity,
            Time = change.Time,
            Since = it.Changes[0],
            RaisedAt = change.Time,
            Value = change.Value,
            Historical = change.Historical,
            Summary = SummaryTemplate.Fill(rule.Summary, rule, it.Track.Series, devices.Find(it.Track.Series.Device), change.Value),
            Explanation = $"'{it.Rule.Id}' raised and ended {it.Changes.Count} times within {SettingsValues.Format(asks.Within)}; "
                + "its alerts are recorded and not told until it is calm for as long",
            Notify = rule.Notify,
        };
        outcome.Transitions.Add(it.Flap);
    }

    /// <summary>A reading came: ends the notice when the rule has not changed for long enough. Silence does not end it.</summary>
    public static void Calm(RuleInstance it, Timestamp time, RuleOutcome outcome)
    {
        var asks = (FlappingCondition)it.FlappingRule!.Asks;
        var last = it.Changes.Count > 0 ? it.Changes[^1] : Timestamp.None;
        Forget(it, time - asks.Within, asks.Changes);
        if (it.Flap is { } flap && last <= time - asks.Within)
        {
            outcome.Transitions.Add(flap with { Kind = TransitionKind.Ended, Reason = EndReason.Recovered, Time = time });
            it.Flap = null;
        }
    }

    private static void Forget(RuleInstance it, Timestamp before, int max)
    {
        var gone = Math.Max(it.Changes.Count - max, 0);
        while (gone < it.Changes.Count && it.Changes[gone] < before)
        {
            gone++;
        }

        it.Changes.RemoveRange(0, gone);
    }
}
