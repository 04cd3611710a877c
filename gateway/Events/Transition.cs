using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>A rule's verdict about one series (or device) changed. What rules give and alerts take.</summary>
public sealed record Transition
{
    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>A hash of the rule's text: which version of it judged. 8 hex digits.</summary>
    public required string RuleVersion { get; init; }

    /// <summary>The series whose reading (or silence) changed the verdict.</summary>
    public required Series Series { get; init; }

    /// <summary>Raised or ended.</summary>
    public required TransitionKind Kind { get; init; }

    /// <summary>Why it ended; <see cref="EndReason.None"/> when raised.</summary>
    public EndReason Reason { get; init; }

    /// <summary>The rule's severity.</summary>
    public required Severity Severity { get; init; }

    /// <summary>When, in event time.</summary>
    public required Timestamp Time { get; init; }

    /// <summary>When the condition first became true, in event time: <see cref="Time"/> less the rule's <c>for</c>. For an end, as at its raise.</summary>
    public required Timestamp Since { get; init; }

    /// <summary>When what it ends was raised, in event time; for a raise the same as <see cref="Time"/>. With rule and series it names the alert.</summary>
    public required Timestamp RaisedAt { get; init; }

    /// <summary>The last value, in the unit of the series.</summary>
    public required double Value { get; init; }

    /// <summary>True when the readings behind it were far in the past as they came: recorded, never notified.</summary>
    public bool Historical { get; init; }

    /// <summary>
    /// What hides it: <c>RULE/SUBJECT</c> of a flapping notice or of a silent parent. Recorded, never notified. Empty when nothing does.
    /// </summary>
    public string HiddenBy { get; init; } = "";

    /// <summary>The rule's summary with its places filled in, one line of text.</summary>
    public required string Summary { get; init; }

    /// <summary>The rule's condition as written, and what each name in it was at that moment: why it happened.</summary>
    public required string Explanation { get; init; }

    /// <summary>The names of the channels the rule notifies.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>What was known as it was judged; of raises only.</summary>
    public Evidence Evidence { get; init; }
}

/// <summary>Which way a verdict changed.</summary>
public enum TransitionKind
{
    /// <summary>It did not.</summary>
    None = 0,

    /// <summary>The rule fires from now on.</summary>
    Raised,

    /// <summary>The rule does not fire any more.</summary>
    Ended,
}

/// <summary>Why an alert ended. A silent sensor is never <see cref="Recovered"/>.</summary>
public enum EndReason
{
    /// <summary>It has not ended.</summary>
    None = 0,

    /// <summary>A fresh reading says that it is over.</summary>
    Recovered,

    /// <summary>There are no readings any more, and the rule counts silence as over.</summary>
    WentSilent,

    /// <summary>The rule was changed or removed.</summary>
    RuleChanged,

    /// <summary>Another alert took its place.</summary>
    Superseded,

    /// <summary>It lasted longer than it may.</summary>
    Expired,

    /// <summary>A person ended it.</summary>
    Operator,
}

/// <summary>How bad it is.</summary>
public enum Severity
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Somebody should look at it.</summary>
    Warning,

    /// <summary>Somebody must act now.</summary>
    Critical,
}

/// <summary>Names as users write and see them.</summary>
public static class TransitionNames
{
    private static readonly string[] Reasons =
        ["none", "recovered", "went-silent", "rule-changed", "superseded", "expired", "operator"];

    private static readonly string[] Severities = ["none", "info", "warning", "critical"];

    /// <summary>As in <c>data.reason</c> of the ended event.</summary>
    public static string Name(this EndReason reason) => Reasons[(int)reason];

    /// <summary>As in rule files.</summary>
    public static string Name(this Severity severity) => Severities[(int)severity];
}
