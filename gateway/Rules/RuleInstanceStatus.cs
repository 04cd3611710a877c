using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>Where a rule stands with one series.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Series">The series.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">When the condition became true, in event time; meaningless while normal.</param>
/// <param name="RaisedAt">When it began to fire, in event time; meaningless unless firing.</param>
/// <param name="Problem">Why the rule is set aside for this series; empty when it is not.</param>
public sealed record RuleInstanceStatus(
    string Rule, Series Series, RuleState State, Timestamp Since, Timestamp RaisedAt, string Problem)
{
    /// <summary>When it fires if nothing changes, in event time; none unless pending.</summary>
    public Timestamp PendingUntil { get; init; } = Timestamp.None;

    /// <summary>How bad what fires is; none unless firing.</summary>
    public Severity Severity { get; init; }

    /// <summary>What hides its alert, <c>RULE/SUBJECT</c>; empty when nothing does, or there is none.</summary>
    public string HiddenBy { get; init; } = "";

    /// <summary>True when it judges readings that came too late.</summary>
    public bool IsBackfill { get; init; }
}
