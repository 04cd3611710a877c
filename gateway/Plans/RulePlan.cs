using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Replay;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Plans;

/// <summary>Rules with what they need to be judged and told.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Devices">Names, labels and attributes of devices.</param>
/// <param name="Routes">Which channels alerts go to.</param>
/// <param name="Options">Settings of the engine.</param>
public sealed record PlannedRules(RuleSet Rules, IDeviceDirectory Devices, AlertsOptions Routes, RuleEngineOptions Options);

/// <summary>What other rules would have done with the history, beside what the rules in force did with it.</summary>
public sealed record RulePlan
{
    /// <summary>Every alert of both, by rule, subject and time.</summary>
    public required IReadOnlyList<PlannedChange> Alerts { get; init; }

    /// <summary>Notifications by channel and day (UTC): by the old rules and routes.</summary>
    public required IReadOnlyDictionary<(string Channel, DateOnly Day), int> Before { get; init; }

    /// <summary>Notifications by channel and day (UTC): by the new rules and routes.</summary>
    public required IReadOnlyDictionary<(string Channel, DateOnly Day), int> After { get; init; }

    /// <summary>What becomes of what pends or fires when the new rules take over.</summary>
    public required RuleHandover Handover { get; init; }

    /// <summary>Places of the new rules that were set aside, with the reason.</summary>
    public required IReadOnlyList<RuleInstanceStatus> SetAside { get; init; }

    /// <summary>Readings judged, by each of both.</summary>
    public required long Readings { get; init; }

    /// <summary>Makes a plan: judges the readings once, by both rules side by side. Touches nothing.</summary>
    /// <param name="old">The rules in force.</param>
    /// <param name="new">The rules to put in force.</param>
    /// <param name="catalog">The series of the readings.</param>
    /// <param name="readings">In the order in which they were received; read once, never held.</param>
    /// <param name="end">The end of the history: the clock goes on until then.</param>
    /// <param name="handover">
    /// What becomes of what the gateway remembers; null when that is not known: then the change comes at the end.
    /// </param>
    /// <param name="progress">Told now and then how far it is; null for nobody.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="TooManyAlertsException">There are more alerts than anybody can look at.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static RulePlan Make(
        PlannedRules old, PlannedRules @new, SeriesCatalog catalog, IEnumerable<Reading> readings, Timestamp end,
        RuleHandover? handover, IProgress<ReplayProgress>? progress, CancellationToken stop)
    {
        var (before, after) = (new PlannedAlerts(old.Routes), new PlannedAlerts(@new.Routes));
        var inForce = new RuleEngine(old.Rules, catalog, old.Devices, old.Options);
        var planned = new RuleEngine(@new.Rules, catalog, @new.Devices, @new.Options);
        var first = new RuleReplay(inForce, before.Add);
        var second = new RuleReplay(planned, after.Add);
        first.Run(readings.Select(JudgeBySecond), progress, stop);
        first.LetTimePass(end);
        second.LetTimePass(end);
        return new RulePlan
        {
            Alerts = AlertDifference.Compute(before.All, after.All, HeirOf(@new.Rules, planned.Heirs)),
            Before = before.Notifications,
            After = after.Notifications,
            SetAside = [.. planned.Instances.Where(it => it.Problem.Length > 0)],
            Readings = first.Readings,
            Handover = handover ?? RuleHandover.Make(inForce, @new.Rules, @new.Devices, end),
        };

        Reading JudgeBySecond(Reading reading)
        {
            second.Judge(reading);
            return reading;
        }
    }

    // What the new rules do not judge any more stays with the rule of its id, or goes with the one that took its place.
    private static Func<string, string, string> HeirOf(
        RuleSet rules, IReadOnlyDictionary<(string Rule, string Subject), string> heirs)
    {
        var ids = rules.Rules.ToDictionary(rule => rule.Id, rule => rule.Id);
        foreach (var rule in rules.Rules.Where(rule => rule.Was is not null))
        {
            ids.TryAdd(rule.Was!, rule.Id);
        }

        return (rule, subject) => heirs.GetValueOrDefault((rule, subject)) ?? ids.GetValueOrDefault(rule, rule);
    }
}
