using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Proof;

namespace IotEvents.Gateway.Rules;

/// <summary>Notes when a rule changes its mind too often with one series, device or group, and when it has calmed down.</summary>
internal static class Flapping
{
    /// <summary>The rule has raised or ended.</summary>
    public static void Note(
        RuleInstance it, Transition change, IDeviceDirectory devices, EvidenceWriter? evidence, RuleOutcome outcome)
    {
        var rule = it.FlappingRule!;
        var asks = (FlappingCondition)rule.Asks;
        it.Changes.Add(change.Time);
        Forget(it, change.Time - asks.Within, asks.Changes);
        if (it.Flap is null
            && Notice(rule, it.Rule.Id, it.Changes, it.Track.Series, devices, change.Value, change.Historical) is { } notice)
        {
            it.Flap = notice;
            outcome.Transitions.Add(evidence is null ? notice : notice with { Evidence = evidence.WriteFlapping(it, rule, notice) });
        }
    }

    /// <summary>The notice that a rule flaps; null when it does not.</summary>
    /// <param name="rule">The rule that watches.</param>
    /// <param name="watched">The id of the rule that is watched.</param>
    /// <param name="changes">When it raised and ended of late, the oldest first.</param>
    /// <param name="series">With what.</param>
    /// <param name="devices">Names for the summary.</param>
    /// <param name="value">The last value, in the unit of the series.</param>
    /// <param name="isHistorical">True when the last change was history.</param>
    public static Transition? Notice(
        Rule rule, string watched, IReadOnlyList<Timestamp> changes, Series series, IDeviceDirectory devices, double value, bool isHistorical)
    {
        var asks = (FlappingCondition)rule.Asks;
        return changes.Count < asks.Changes || changes[^1] - changes[0] > asks.Within ? null : new Transition
        {
            Rule = rule.Id,
            RuleVersion = rule.Version,
            Series = series,
            Kind = TransitionKind.Raised,
            Severity = rule.Severity,
            Time = changes[^1],
            Since = changes[0],
            RaisedAt = changes[^1],
            Value = value,
            Historical = isHistorical,
            Summary = SummaryTemplate.Fill(rule.Summary, rule, series, devices.Find(series.Device), value),
            Explanation = $"'{watched}' raised and ended {changes.Count} times within {SettingsValues.Format(asks.Within)}; "
                + "its alerts are recorded and not told until it is calm for as long",
            Notify = rule.Notify,
        };
    }

    /// <summary>A reading came: ends the notice when the rule has not changed for long enough. Silence does not end it.</summary>
    /// <returns>True when that changed what is remembered.</returns>
    public static bool Calm(RuleInstance it, Timestamp time, RuleOutcome outcome)
    {
        var asks = (FlappingCondition)it.FlappingRule!.Asks;
        var (count, last) = (it.Changes.Count, it.Changes.Count > 0 ? it.Changes[^1] : Timestamp.None);
        Forget(it, time - asks.Within, asks.Changes);
        if (it.Flap is { } flap && last <= time - asks.Within)
        {
            outcome.Transitions.Add(flap with { Kind = TransitionKind.Ended, Reason = EndReason.Recovered, Time = time });
            it.Flap = null;
            return true;
        }

        return it.Changes.Count != count;
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
