using System.Text.Json.Serialization;

namespace IotEvents.Gateway.Api.Views;

/// <summary>What other rules would have done with the history, beside what the rules in force did with it. Times in RFC 3339.</summary>
public sealed record PlanView
{
    /// <summary>Alerts and ends listed at most; the counts are of all.</summary>
    public const int AlertsMax = 100_000;

    /// <summary>First instant of the history that was judged.</summary>
    public required string From { get; init; }

    /// <summary>First instant behind it.</summary>
    public required string To { get; init; }

    /// <summary>How many series the history has.</summary>
    public required int Series { get; init; }

    /// <summary>Readings judged, by each of both.</summary>
    public required long Readings { get; init; }

    /// <summary>Pieces of the history that were left out because they are damaged.</summary>
    public required int DamagedChunks { get; init; }

    /// <summary>The rules that raise anything, the old or the new.</summary>
    public required IReadOnlyList<PlanRuleView> Rules { get; init; }

    /// <summary>Every alert that is not the same, by rule, subject and time.</summary>
    public required IReadOnlyList<PlanChangeView> Alerts { get; init; }

    /// <summary>How many more of them there are than are listed.</summary>
    public required int AlertsLeftOut { get; init; }

    /// <summary>Notifications by channel and day: one for each raise and each end over each of its channels.</summary>
    public required IReadOnlyList<PlanNotificationView> Notifications { get; init; }

    /// <summary><c>journal</c> when the timers are those the gateway remembers; <c>history</c> when there is no journal to ask.</summary>
    public required string TimersFrom { get; init; }

    /// <summary>What pends or fires and would go on with its times.</summary>
    public required int Kept { get; init; }

    /// <summary>What pends or fires and would begin anew.</summary>
    public required int Reset { get; init; }

    /// <summary>What pends or fires and would be gone with its rule.</summary>
    public required int Dropped { get; init; }

    /// <summary>The receipt that a reload would print, one line for each of them.</summary>
    public required IReadOnlyList<ReloadLineView> Timers { get; init; }

    /// <summary>The alerts that the change itself would end.</summary>
    public required IReadOnlyList<PlanEndView> Ends { get; init; }

    /// <summary>Places of the new rules that would be set aside.</summary>
    public required IReadOnlyList<PlanAsideView> SetAside { get; init; }

    /// <summary>What is allowed in the new rules but cannot be meant.</summary>
    public required IReadOnlyList<SettingsErrorView> Warnings { get; init; }
}

/// <summary>A rule's alerts in numbers.</summary>
/// <param name="Rule">The id that it will have; the one it had when it is gone.</param>
/// <param name="Was">The id that it has now, where it is another one; its alerts of both ids are compared.</param>
/// <param name="Now">Alerts by the rules in force.</param>
/// <param name="Planned">Alerts by the new ones.</param>
/// <param name="Same">In both, with the same times.</param>
/// <param name="Moved">In both, at other times, with another end or severity.</param>
/// <param name="Added">Only by the new ones.</param>
/// <param name="Removed">Only by those in force.</param>
public sealed record PlanRuleView(
    string Rule, string? Was, int Now, int Planned, int Same, int Moved, int Added, int Removed);

/// <summary>An alert that is not the same.</summary>
/// <param name="Change"><c>moved</c>, <c>added</c> or <c>removed</c>.</param>
/// <param name="Rule">The rule by the id that it will have; by the one it had when it is gone.</param>
/// <param name="Subject">The series, device or group.</param>
/// <param name="Now">By the rules in force; null when added.</param>
/// <param name="Planned">By the new ones; null when removed.</param>
public sealed record PlanChangeView(string Change, string Rule, string Subject, PlanAlertView? Now, PlanAlertView? Planned);

/// <summary>An alert as rules would raise it.</summary>
/// <param name="Id">The id that it has, or would have, in the gateway.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Raised">When it was raised.</param>
/// <param name="Ended">When it ended; null while it fires.</param>
/// <param name="Reason">Why it ended; null while it fires.</param>
/// <param name="Channels">Who is told; empty when something hides it.</param>
public sealed record PlanAlertView(
    string Id, string Severity, string Raised, string? Ended, string? Reason, IReadOnlyList<string> Channels);

/// <summary>How many notifications a channel gets on a day, in UTC.</summary>
public sealed record PlanNotificationView(string Channel, string Day, int Now, int Planned);

/// <summary>An alert that fires and would end when the rules change.</summary>
public sealed record PlanEndView(string Id, string Rule, string Subject, string Raised);

/// <summary>A rule that cannot judge something, with the reason.</summary>
public sealed record PlanAsideView(string Rule, string Subject, string Problem);

/// <summary>How far a plan is.</summary>
/// <param name="Readings">Readings judged so far.</param>
/// <param name="Part">How much of the history is judged, 0 to 1.</param>
public sealed record PlanProgressView(long Readings, double Part);

/// <summary>A line of a streamed answer: how far it is, or at the end the plan, or what went wrong.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record PlanLineView(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PlanProgressView? Progress,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PlanView? Plan,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProblemView? Problem);

/// <summary>What a check of rule files found.</summary>
/// <param name="Rules">How many rules there are.</param>
/// <param name="Errors">What is wrong; empty when they may be put in force.</param>
/// <param name="Warnings">What is allowed but cannot be meant.</param>
public sealed record CheckView(int Rules, IReadOnlyList<SettingsErrorView> Errors, IReadOnlyList<SettingsErrorView> Warnings);

/// <summary>Rule files as they are sent.</summary>
internal sealed record RuleFilesView(IReadOnlyList<RuleFileView?>? Files);

/// <summary>One of them.</summary>
/// <param name="Name">As errors shall show it; <c>devices.yaml</c> and <c>alerts.yaml</c> are what they are called.</param>
/// <param name="Text">What stands in it.</param>
internal sealed record RuleFileView(string? Name, string? Text);

/// <summary>The answer to who asked for a plan: one of the three.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Errors">What is wrong in the files.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record PlanAnswer(PlanView? Plan, IReadOnlyList<SettingsErrorView> Errors, Problem? Problem)
{
    /// <summary>There is none.</summary>
    public static PlanAnswer Refused(Problem problem) => new(null, [], problem);
}
