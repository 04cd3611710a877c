using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Scoring;

/// <summary>What is scored.</summary>
public sealed record ScoreInput
{
    /// <summary>What was truly the case.</summary>
    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>What the rules raised.</summary>
    public required IReadOnlyList<FiredAlert> Alerts { get; init; }

    /// <summary>The ids of all rules in the order to show them, those without alerts too.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>Which series each rule judged.</summary>
    public required IReadOnlyCollection<JudgedSeries> Judged { get; init; }

    /// <summary>When it all began.</summary>
    public required Timestamp From { get; init; }

    /// <summary>When it ended.</summary>
    public required Timestamp To { get; init; }

    /// <summary>How much later than the end of an incident an alert may come, or earlier than its beginning; at least 0.</summary>
    public required TimeSpan Grace { get; init; }
}

/// <summary>How good a set of rules is against the truth.</summary>
public sealed record Score
{
    /// <summary>When it all began.</summary>
    public required Timestamp From { get; init; }

    /// <summary>When it ended.</summary>
    public required Timestamp To { get; init; }

    /// <summary>The grace it was scored with.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>All rules and all incidents together: found is what any rule found.</summary>
    public required Tally Total { get; init; }

    /// <summary>Each rule, in the order of the rule set.</summary>
    public required IReadOnlyList<Tally> Rules { get; init; }

    /// <summary>
    /// Each kind, in the order of the alphabet. Its false alarms are those raised during or shortly after an incident of
    /// the kind that had to be borne in silence.
    /// </summary>
    public required IReadOnlyList<Tally> Kinds { get; init; }

    /// <summary>How many incidents of each kind had to be borne in silence; kinds without one are not here.</summary>
    public required IReadOnlyDictionary<string, int> Quiet { get; init; }

    /// <summary>The incidents nobody found, in the order of time.</summary>
    public required IReadOnlyList<Incident> Missed { get; init; }

    /// <summary>The alerts that found nothing, in the order of time.</summary>
    public required IReadOnlyList<FalseAlarm> FalseAlarms { get; init; }
}

/// <summary>An alert that found nothing that had to be found.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="During">The incident that had to be borne in silence and probably caused it; null when there was none.</param>
public sealed record FalseAlarm(FiredAlert Alert, Incident? During);
