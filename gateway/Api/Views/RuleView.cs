namespace IotEvents.Gateway.Api.Views;

/// <summary>A rule in force.</summary>
/// <remarks>Lengths of time are written as in a rules file: <c>2m</c>.</remarks>
public sealed record RuleView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The rule kind's name: <c>threshold</c>, <c>absence</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>Which series it judges, as written: <c>device</c>, <c>metric</c>, labels.</summary>
    public required IReadOnlyDictionary<string, string> Match { get; init; }

    /// <summary>The condition that raises, as written; of several levels from mild to bad with <c>|</c> between them.</summary>
    public required string Raise { get; init; }

    /// <summary>The condition that ends, as written; null when it is the opposite of <see cref="Raise"/>.</summary>
    public string? Clear { get; init; }

    /// <summary>How long the condition of the mildest level must hold; <c>0s</c> when not at all.</summary>
    public required string For { get; init; }

    /// <summary>How long it goes on firing after it is good again; null when not at all.</summary>
    public string? KeepFiringFor { get; init; }

    /// <summary><c>info</c>, <c>warning</c> or <c>critical</c>: of the only level, and of silence.</summary>
    public required string Severity { get; init; }

    /// <summary>What it says, from mild to bad; empty for a rule that fires for silence alone.</summary>
    public required IReadOnlyList<RuleLevelView> Levels { get; init; }

    /// <summary>What silence means: <c>hold</c>, <c>ok</c> or <c>alert</c>.</summary>
    public required string Missing { get; init; }

    /// <summary>When it is active; null for a rule that always is.</summary>
    public ScheduleView? Schedule { get; init; }

    /// <summary>The channels it names; empty for a rule whose alerts go by the routes.</summary>
    public required IReadOnlyList<string> Notify { get; init; }

    /// <summary>A hash of its text: 8 hex digits.</summary>
    public required string Version { get; init; }

    /// <summary>Where it stands: <c>rules/cold.yaml:12</c>.</summary>
    public required string Place { get; init; }

    /// <summary>How many series, devices or groups it judges at present.</summary>
    public required int Instances { get; init; }

    /// <summary>With how many of them it is pending.</summary>
    public required int Pending { get; init; }

    /// <summary>With how many of them it fires.</summary>
    public required int Firing { get; init; }

    /// <summary>The worst that fires; null when nothing does.</summary>
    public string? FiringSeverity { get; init; }

    /// <summary>With how many of them it is set aside, because it cannot be judged.</summary>
    public required int SetAside { get; init; }
}

/// <summary>One level of a rule.</summary>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Raise">What raises it, as written.</param>
/// <param name="Clear">What ends it, as written; null when it ends as soon as it is not raised any more.</param>
/// <param name="For">How long the condition must hold.</param>
public sealed record RuleLevelView(string Severity, string Raise, string? Clear, string For);

/// <summary>When a rule is active.</summary>
/// <param name="Text">As written: <c>mon-fri 08:00-18:00 Europe/Berlin</c>.</param>
/// <param name="Active">True when it is active now.</param>
/// <param name="Until">When that changes, in milliseconds since 1970; null when it never does.</param>
public sealed record ScheduleView(string Text, bool Active, long? Until);

/// <summary>Where a rule stands with one series, device or group. Times are event times in milliseconds since 1970.</summary>
/// <param name="Subject">The series, device or group.</param>
/// <param name="Device">The device's id; empty for a group.</param>
/// <param name="State"><c>normal</c>, <c>pending</c>, <c>firing</c>, or <c>set-aside</c>.</param>
/// <param name="Since">Since when the condition is true; null while normal.</param>
/// <param name="Until">While pending: when it fires if nothing changes.</param>
/// <param name="RaisedAt">While firing: since when.</param>
/// <param name="Severity">While firing: how bad.</param>
/// <param name="HiddenBy">What hides its alert, <c>RULE/SUBJECT</c>; null when nothing does.</param>
/// <param name="Problem">Why it is set aside; null when it is not.</param>
public sealed record RuleInstanceView(
    string Subject, string Device, string State, long? Since, long? Until, long? RaisedAt, string? Severity, string? HiddenBy, string? Problem)
{
    /// <summary>At most so many are given; those that fire, pend or are set aside come first.</summary>
    public const int Max = 1_000;
}
