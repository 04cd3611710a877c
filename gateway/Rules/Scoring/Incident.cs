using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Scoring;

/// <summary>What was truly the case for a while: something a rule has to find, or something it has to bear in silence.</summary>
public sealed record Incident
{
    /// <summary>Its id in the truth, for people who look it up.</summary>
    public required string Id { get; init; }

    /// <summary>What kind it is, such as <c>drift</c> or the name of an incident: results are told apart by it.</summary>
    public required string Kind { get; init; }

    /// <summary>The device's id.</summary>
    public required string Device { get; init; }

    /// <summary>The metric, with <c>*</c> and <c>?</c>; <c>*</c> when the whole device is concerned.</summary>
    public required string Metric { get; init; }

    /// <summary>When it began, by the gateway's clock.</summary>
    public required Timestamp From { get; init; }

    /// <summary>When it was over; not before <see cref="From"/>.</summary>
    public required Timestamp To { get; init; }

    /// <summary>True when an alert must come, false when none may.</summary>
    public required bool MustAlert { get; init; }

    /// <summary>True when an alert about this series can be about this incident.</summary>
    public bool Concerns(string device, string metric) => device == Device && Glob.Matches(Metric, metric);
}

/// <summary>An alert that a rule raised about a series.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Device">The device's id.</param>
/// <param name="Metric">The metric.</param>
/// <param name="RaisedAt">When it was raised, by the gateway's clock.</param>
/// <param name="EndedAt">When it ended; <see cref="Timestamp.None"/> while it fires.</param>
public sealed record FiredAlert(string Rule, string Device, string Metric, Timestamp RaisedAt, Timestamp EndedAt)
{
    /// <summary>True when it fires at that time, which is not before it was raised.</summary>
    public bool FiresAt(Timestamp time) => !EndedAt.HasValue || EndedAt >= time;
}

/// <summary>A series that a rule judges.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Device">The device's id.</param>
/// <param name="Metric">The metric.</param>
public readonly record struct JudgedSeries(string Rule, string Device, string Metric);
