using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>Says what happened to a rule with a series, and why.</summary>
internal static class InstanceWords
{
    /// <summary>It began to fire.</summary>
    public static Transition Raised(RuleInstance instance, DeviceDescription device, Timestamp time)
    {
        var track = instance.Track;
        var summary = instance.Silent
            ? $"{device.Name}: no usable reading of {track.Series.Metric} since {track.Time}"
            : SummaryTemplate.Fill(instance.Rule.Summary, track.Series, device, track.Latest);
        return Describe(instance, time) with
        {
            Kind = TransitionKind.Raised,
            RaisedAt = time,
            Summary = summary,
            Historical = track.IsHistorical,
        };
    }

    /// <summary>It ended.</summary>
    public static Transition Ended(RuleInstance instance, DeviceDescription device, EndReason reason, Timestamp time) =>
        Describe(instance, time) with
        {
            Kind = TransitionKind.Ended,
            Reason = reason,
            RaisedAt = instance.RaisedAt,
            Summary = SummaryTemplate.Fill(instance.Rule.Summary, instance.Track.Series, device, instance.Track.Latest),
            Historical = instance.Track.IsHistorical,
        };

    /// <summary>Where it stands and why.</summary>
    public static string Explain(RuleInstance instance)
    {
        var (rule, track) = (instance.Rule, instance.Track);
        var state = instance switch
        {
            { Problem.Length: > 0 } => $"is set aside: {instance.Problem}",
            { State: RuleState.Firing, Silent: true } => $"fires since {instance.RaisedAt} because nothing came after {track.Time}",
            { State: RuleState.Firing } => $"fires since {instance.RaisedAt}; its condition became true at {instance.Since}",
            { State: RuleState.Pending } => $"is pending: its condition is true since {instance.Since}, "
                + $"and must be for {SettingsValues.Format(rule.For)}, until {instance.PendingUntil}",
            _ => "does not fire: its condition does not hold",
        };
        var last = track.HasTime ? $"The last reading was at {track.Time}" : "There is no reading yet";
        return $"Rule '{rule.Id}' {state}.\n{last}.\n{Because(instance)}";
    }

    private static Transition Describe(RuleInstance instance, Timestamp time) => new()
    {
        Rule = instance.Rule.Id,
        RuleVersion = instance.Rule.Version,
        Series = instance.Track.Series,
        Kind = TransitionKind.None,
        Severity = instance.Rule.Severity,
        Time = time,
        Since = instance.Since,
        RaisedAt = time,
        Value = instance.Track.Latest,
        Summary = "",
        Explanation = Because(instance),
        Notify = instance.Rule.Notify,
    };

    private static string Because(RuleInstance instance)
    {
        var inputs = instance.Judgement?.Explain(instance.Track.Frame);
        var silence = instance.Silent ? $"; silent since {instance.Track.Time}" : "";
        return inputs is null ? $"{instance.Rule.Condition}{silence}" : $"{instance.Rule.Condition}: {inputs}{silence}";
    }
}
