namespace IotEvents.Gateway.Api.Views;

/// <summary>An alert, so that one screen answers: what, where, since when, why, who knows.</summary>
/// <remarks>Times are milliseconds since 1970-01-01T00:00:00Z.</remarks>
public sealed record AlertView
{
    /// <summary>Its id, the same for ever.</summary>
    public required string Id { get; init; }

    /// <summary>The rule that raised it.</summary>
    public required string Rule { get; init; }

    /// <summary>Which version of the rule judged: 8 hex digits.</summary>
    public required string RuleVersion { get; init; }

    /// <summary><c>active</c> or <c>ended</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>info</c>, <c>warning</c> or <c>critical</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>What happened, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>The condition as written and what each name in it was.</summary>
    public required string Explanation { get; init; }

    /// <summary>The same as it was raised; <see cref="Explanation"/> is of the end once it has ended. Empty in alerts of an older version.</summary>
    public string RaiseExplanation { get; init; } = "";

    /// <summary>The device's id.</summary>
    public required string Device { get; init; }

    /// <summary>The device's name on screens.</summary>
    public required string DeviceName { get; init; }

    /// <summary>The metric.</summary>
    public required string Metric { get; init; }

    /// <summary>The unit as people write it; empty when not known.</summary>
    public required string Unit { get; init; }

    /// <summary>The value that raised it; after the end the value that ended it. Null when it is about a silence.</summary>
    public required double? Value { get; init; }

    /// <summary>When the condition first became true.</summary>
    public required long Since { get; init; }

    /// <summary>When it was raised.</summary>
    public required long RaisedAt { get; init; }

    /// <summary>When it ended; null while it is active.</summary>
    public long? EndedAt { get; init; }

    /// <summary>Why it ended: <c>recovered</c>, <c>went-silent</c>, …; null while it is active.</summary>
    public string? EndReason { get; init; }

    /// <summary>True when it was judged from readings of the past: recorded, never notified.</summary>
    public bool Historical { get; init; }

    /// <summary>What hides it, <c>RULE/SUBJECT</c>: recorded, nobody is told. Null when nothing does.</summary>
    public string? HiddenBy { get; init; }

    /// <summary>How many alerts it hid so far.</summary>
    public int Hidden { get; init; }

    /// <summary>Who took it on; null when nobody did.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>What happened to it, in order.</summary>
    public IReadOnlyList<AlertMoment> Timeline { get; init; } = [];

    /// <summary>Who was told, and what came of it.</summary>
    public IReadOnlyList<NotificationView> Notifications { get; init; } = [];
}

/// <summary>Something that happened to an alert.</summary>
/// <param name="At">When, in milliseconds since 1970.</param>
/// <param name="What">In a few words: <c>raised</c>, <c>acknowledged</c>.</param>
/// <param name="Detail">More about it; may be empty.</param>
public sealed record AlertMoment(long At, string What, string Detail);

/// <summary>One notification of an alert.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="At">When the state was reached, in milliseconds since 1970.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Receipt">What the other side answered; may be empty.</param>
public sealed record NotificationView(string Channel, string State, long At, int Attempts, string Receipt);
