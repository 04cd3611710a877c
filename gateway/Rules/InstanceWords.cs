using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <summary>Says what happened to a rule with a series, and why.</summary>
internal static class InstanceWords
{
    /// <summary>What is added to a rule's id in the alert that says that it failed.</summary>
    public const string FailedMark = ".failed";

    /// <summary>It began to fire.</summary>
    public static Transition Raised(RuleInstance instance, IDeviceDirectory devices, Timestamp time)
    {
        var track = instance.Track;
        var device = devices.Find(track.Series.Device);
        var summary = instance.Silent && (instance.Rule.Levels.Count > 0 || instance.Rule.Summary.Length == 0)
            ? Silence(track, device)
            : Summary(instance, devices, time);
        return Describe(instance, time) with
        {
            Kind = TransitionKind.Raised,
            Summary = summary,
            Historical = track.IsHistorical,
        };
    }

    /// <summary>It ended.</summary>
    public static Transition Ended(RuleInstance instance, IDeviceDirectory devices, EndReason reason, Timestamp time)
    {
        var raised = instance.Raised!;
        return Describe(instance, time) with
        {
            // It ends under the names it was raised with, whatever the rule is called by now.
            Rule = raised.Rule,
            RuleVersion = raised.RuleVersion,
            Severity = raised.Severity,
            Since = raised.Since,
            RaisedAt = raised.RaisedAt,
            HiddenBy = raised.HiddenBy,
            Kind = TransitionKind.Ended,
            Reason = reason,
            Summary = EndSummary(instance, devices, reason, time),

            // Who was told of it is told of its end, however late that comes; what was history stays history.
            Historical = raised.Historical,
            Notify = raised.Notify,
        };
    }

    /// <summary>The rule failed and is set aside.</summary>
    public static Transition Failed(RuleInstance instance, IDeviceDirectory devices, string problem, Timestamp time) =>
        Describe(instance, time) with
        {
            Rule = $"{instance.Rule.Id}{FailedMark}",
            Kind = TransitionKind.Raised,
            Severity = Severity.Warning,
            Since = time,
            Summary = $"The rule '{instance.Rule.Id}' does not judge {devices.Find(instance.Track.Series.Device).Name} any more",
            Explanation = problem,
        };

    private static Transition Describe(RuleInstance instance, Timestamp time) => new()
    {
        Rule = instance.Rule.Id,
        RuleVersion = instance.Rule.Version,
        Series = instance.Track.Series,
        Kind = TransitionKind.None,
        Severity = instance.RaisedLevel >= 0 ? instance.Rule.Levels[instance.RaisedLevel].Severity : instance.Rule.Severity,
        Time = time,
        Since = instance.Silent ? instance.Track.Time : instance.Since,
        RaisedAt = time,
        Value = Value(instance),
        Summary = "",
        Explanation = Because(instance, time),
        Notify = instance.Rule.Notify,
    };

    private static double Value(RuleInstance instance) => instance.Track.At(instance.Track.Time).Value;

    private static string Silence(Track track, DeviceDescription device) => track.Series.Metric.Length == 0
        ? $"{device.Name}: nothing since {Quantities.Format(track.Time)}"
        : $"{device.Name}: no usable reading of {track.Series.Metric} since {Quantities.Format(track.Time)}";

    private static string Summary(RuleInstance instance, IDeviceDirectory devices, Timestamp time)
    {
        var (rule, track) = (instance.Rule, instance.Track);
        // A device or a group has no value of its own: what the condition saw says more than that it is unknown.
        var inputs = track is SubjectTrack ? Inputs(instance, time) : "";
        return SummaryTemplate.Fill(rule.Summary, rule, track.Series, Subject(instance, devices), Value(instance), inputs);
    }

    // A group has the labels that its members share.
    private static DeviceDescription Subject(RuleInstance instance, IDeviceDirectory devices)
    {
        var device = devices.Find(instance.Track.Series.Device);
        if (instance.Track is not SubjectTrack { Members: { Count: > 0 } members } || instance.Rule.GroupBy is not { } labels)
        {
            return device;
        }

        var of = devices.Find(members.Series(0).Device).Labels;
        return device with { Labels = labels.Where(of.ContainsKey).ToDictionary(label => label, label => of[label]) };
    }

    // A rule about nothing but silence has no value to speak of.
    private static string EndSummary(RuleInstance instance, IDeviceDirectory devices, EndReason reason, Timestamp time)
    {
        if (instance.Rule.Summary.Length > 0)
        {
            return Summary(instance, devices, time);
        }

        var name = devices.Find(instance.Track.Series.Device).Name;
        return reason == EndReason.Recovered
            ? $"{name}: back after a silence of {Seconds(time - instance.Raised!.Since)}"
            : $"{name}: its silence is not watched any more";
    }

    /// <summary>A length of time in whole seconds, as people write it: <c>90s</c>, <c>5m</c>.</summary>
    public static string Seconds(TimeSpan span) => SettingsValues.Format(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds)));

    private static string Because(RuleInstance instance, Timestamp time)
    {
        var inputs = Inputs(instance, time);
        var silence = instance.Silent ? $"; silent since {instance.Track.Time}{Unheard(instance.Track)}" : "";
        return inputs.Length == 0 ? $"{Condition(instance)}{silence}" : $"{Condition(instance)}: {inputs}{silence}";
    }

    private static string Unheard(Track track) => track.Unheard > TimeSpan.Zero
        ? $", without {Seconds(track.Unheard)} in which the gateway heard nobody or devices were coming back" : "";

    // The verdict stands: an alert is not lost because all its words would cost too much.
    private static string Inputs(RuleInstance instance, Timestamp time)
    {
        try
        {
            return instance.Judgement?.Explain(instance.Track.At(time)) ?? "";
        }
        catch (StepBudgetException error)
        {
            return error.Message;
        }
    }

    // Of a rule with several levels only what the alert is about.
    private static string Condition(RuleInstance instance)
    {
        var rule = instance.Rule;
        if (rule.Levels.Count <= 1 || instance.RaisedLevel < 0)
        {
            return rule.Condition;
        }

        var level = rule.Levels[instance.RaisedLevel];
        return level.Clear is null ? level.Raise : $"{level.Raise}; clear: {level.Clear}";
    }
}
