using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>An alert that must be raised or end. What is null may be anything.</summary>
internal sealed record ExpectedAlert
{
    /// <summary>When, since the start of the test, in event time.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>How much earlier or later it may be. Default 0.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>Raised or ended.</summary>
    public required TransitionKind Kind { get; init; }

    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>The device's id, or the name of the group.</summary>
    public string? Device { get; init; }

    /// <summary>The metric's name.</summary>
    public string? Metric { get; init; }

    /// <summary>How bad it is.</summary>
    public Severity? Severity { get; init; }

    /// <summary>Why it ended.</summary>
    public EndReason? Reason { get; init; }

    /// <summary>The last value; without a unit it is taken in the unit of the series.</summary>
    public Quantity? Value { get; init; }

    /// <summary>A pattern for the summary, with <c>*</c> and <c>?</c>.</summary>
    public string? Summary { get; init; }

    /// <summary>Whether it is only recorded, and nobody is told.</summary>
    public bool? Historical { get; init; }
}

/// <summary>Where a rule must stand at a time, after the readings of that time.</summary>
internal sealed record ExpectedState
{
    /// <summary>When, since the start of the test.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Where it stands; with several series one of them is enough, except for normal, which all must be.</summary>
    public required RuleState State { get; init; }

    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>The device's id, or the name of the group; null for any.</summary>
    public string? Device { get; init; }

    /// <summary>The metric's name; null for any.</summary>
    public string? Metric { get; init; }

    /// <summary>A pattern for what <c>rules explain</c> says then, as one line, with <c>*</c> and <c>?</c>; null for anything.</summary>
    public string? Explain { get; init; }

    /// <summary>True when it speaks of this series.</summary>
    public bool Fits(Series series) => (Device is null || Device == series.Device) && (Metric is null || Metric == series.Metric);
}
