using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>What a transition makes of its alert, and who is told of it. No memory: the book asks it, and a plan.</summary>
internal static class AlertLife
{
    /// <summary>The id of the alert that a transition is about.</summary>
    public static string IdOf(Transition transition) =>
        AlertIds.Alert(transition.Rule, transition.Series.Name, transition.RaisedAt);

    /// <summary>The alert after a transition; null when the transition changes nothing: raised again, ended again.</summary>
    /// <param name="known">The alert as it is; null when its raise is not known.</param>
    /// <param name="transition">What happened.</param>
    /// <param name="recordedAt">When the gateway records it.</param>
    /// <param name="options">Says where the alert goes.</param>
    public static Alert? Next(Alert? known, Transition transition, Timestamp recordedAt, AlertsOptions options)
    {
        var isRaise = transition.Kind == TransitionKind.Raised;
        if (isRaise ? known is not null : known?.State == AlertState.Ended)
        {
            return null;
        }

        // An end whose raise is not known still is a fact: everything an alert needs stands in the transition.
        var raised = known ?? Raise(transition, recordedAt, options);
        return isRaise ? raised : End(raised, transition, recordedAt);
    }

    /// <summary>The channels that get one notification each of the transition that made the alert what it is.</summary>
    public static IReadOnlyList<string> Told(Alert alert, Transition transition) => transition.Historical ? [] : alert.Channels;

    private static Alert Raise(Transition transition, Timestamp recordedAt, AlertsOptions options) => new()
    {
        Id = IdOf(transition),
        Rule = transition.Rule,
        RuleVersion = transition.RuleVersion,
        Device = transition.Series.Device,
        Metric = transition.Series.Metric,
        Unit = transition.Series.Unit.Symbol,
        Severity = transition.Severity,
        State = AlertState.Active,
        Since = transition.Since,
        RaisedAt = transition.RaisedAt,
        RaiseRecordedAt = recordedAt,
        Value = transition.Value,
        Summary = transition.Summary,
        Explanation = transition.Explanation,
        RaiseExplanation = transition.Explanation,
        Historical = transition.Historical,
        HiddenBy = transition.HiddenBy,
        Channels = transition.Historical || transition.HiddenBy.Length > 0 ? [] : options.ChannelsFor(transition),
    };

    private static Alert End(Alert raised, Transition transition, Timestamp recordedAt) => raised with
    {
        State = AlertState.Ended,
        EndedAt = transition.Time,
        EndRecordedAt = recordedAt,
        Reason = transition.Reason,
        Unit = transition.Series.Unit.Symbol,
        Value = transition.Value,
        Summary = transition.Summary,
        Explanation = transition.Explanation,
        Historical = transition.Historical,
    };
}
