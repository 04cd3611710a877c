using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>A kind of rule: which keys it has of its own, and what it asks of a series.</summary>
/// <remarks>
/// Its life: (1) <see cref="Read"/> once for each rule of the kind, while the files are read; (2) the condition's
/// <see cref="ICondition.Bind"/> when a series that the rule matches appears, and again when a unit becomes known;
/// (3) <see cref="IJudgement"/> for each reading. <c>for</c>, <c>missing</c>, severities and the rest are the engine's.
/// </remarks>
internal interface IRuleKind
{
    /// <summary>As in the key <c>kind</c>.</summary>
    string Name { get; }

    /// <summary>What silence means when the rule does not say.</summary>
    MissingPolicy Missing => MissingPolicy.Hold;

    /// <summary>False for a kind that watches something else than series.</summary>
    bool NeedsMatch => true;

    /// <summary>True for a kind that is about one series: never about a device or a group.</summary>
    bool IsOfSeries => false;

    /// <summary>The summary of a rule that has none; empty when silence speaks for itself.</summary>
    string Summary => "{device.name} {metric}: {value}";

    /// <summary>Reads the keys of this kind. Notes what is wrong; null when nothing useful is left.</summary>
    /// <param name="settings">The whole rule; keys that the kind does not read are the engine's.</param>
    /// <param name="head">What was read before, because kinds need it.</param>
    /// <param name="warnings">Takes what is allowed but cannot be meant.</param>
    ICondition? Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings);
}

/// <summary>What every rule says, whatever its kind.</summary>
/// <param name="Match">What it matches; null when that was wrong.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="For">How long its condition must hold.</param>
/// <param name="Group">The labels that make groups; null when it has no groups.</param>
internal sealed record RuleHead(RuleMatch? Match, Severity Severity, TimeSpan For, IReadOnlyList<string>? Group);

/// <summary>What a rule asks, before it is known of which series. Immutable.</summary>
internal interface ICondition
{
    /// <summary>
    /// What it says, from mild to bad: one level for each severity, at most three. Empty for a kind that fires for silence alone.
    /// </summary>
    IReadOnlyList<RuleLevel> Levels { get; }

    /// <summary>All of it, on one line; two with the same text ask the same.</summary>
    string Text { get; }

    /// <summary>What it needs beyond the reading itself.</summary>
    ConditionNeeds Needs { get; }

    /// <summary>The silence that it speaks of; null when it is learned, or the rule says.</summary>
    TimeSpan? SilentAfter => null;

    /// <summary>Makes it computable for one series, device or group.</summary>
    /// <returns>Null when <paramref name="problem"/> says why that cannot be.</returns>
    IJudgement? Bind(Series subject, IScope scope, out string problem);
}

/// <summary>What a condition needs beyond the reading itself.</summary>
internal sealed record ConditionNeeds
{
    /// <summary>Nothing.</summary>
    public static readonly ConditionNeeds Nothing = new();

    /// <summary>True when it looks at <c>value</c>, <c>previous</c> or <c>change</c>, which only a rule about series has.</summary>
    public bool Value { get; init; }

    /// <summary>True when it looks at <c>members</c>, which only a rule about groups has.</summary>
    public bool Members { get; init; }

    /// <summary>True when time alone may change what it says.</summary>
    public bool IsTimed { get; init; }

    /// <summary>Other series that it looks at, by name; names of attributes may be among them.</summary>
    public IReadOnlyList<MetricName> Others { get; init; } = [];

    /// <summary>Bare names outside groups: each is an attribute of the device, or else a metric of it.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Series that it names outside groups, and that are no attributes.</summary>
    public IReadOnlyList<MetricName> Metrics { get; init; } = [];

    /// <summary>Groups of other series that it looks at.</summary>
    public IReadOnlyList<MemberSelector> Selectors { get; init; } = [];
}

/// <summary>A metric of a device; of the same device when <paramref name="Device"/> is null.</summary>
internal readonly record struct MetricName(string? Device, string Metric);

/// <summary>A condition made computable for one series, device or group. Judging allocates nothing.</summary>
internal interface IJudgement
{
    /// <summary>Whether it is as bad as that level.</summary>
    Truth Raise(int level, in Frame frame);

    /// <summary>Whether it is no more as bad as that level.</summary>
    Truth Clear(int level, in Frame frame);

    /// <summary>The values around this one for which <see cref="Raise"/> of a level says the same, or <see cref="Clear"/> while it fires.</summary>
    Band Steady(int level, bool fires, double value);

    /// <summary>The earliest event time after <paramref name="frame"/>'s at which it may change without a reading; none when it will not.</summary>
    Timestamp NextChange(in Frame frame) => Timestamp.None;

    /// <summary>Every name in it with its value and unit at this moment.</summary>
    string Explain(in Frame frame);
}

/// <summary>A judgement that remembers something of its own: a baseline, a state.</summary>
/// <remarks>For each reading <see cref="Observe"/> is called once, before it is asked for its verdict.</remarks>
internal interface IStatefulJudgement : IJudgement
{
    /// <summary>True when time alone can end what it raised, because its author said so; the alert then ends as expired.</summary>
    bool EndsByTime => false;

    /// <summary>True when what <see cref="Write"/> wrote before the last reading does not do any more, with <see cref="Recall"/>.</summary>
    bool HasChanged { get; }

    /// <summary>Takes a reading in.</summary>
    void Observe(in Frame frame);

    /// <summary>True when what it remembers means the same after an edit of the rule's limits and times.</summary>
    bool OutlivesEdits => false;

    /// <summary>Finds again what it said of the last reading, after <see cref="Read"/>.</summary>
    /// <param name="last">That reading.</param>
    void Recall(in Frame last)
    {
    }

    /// <summary>The clock that stamped the last reading was set: the times it remembers move along, so nothing elapses by it.</summary>
    void ClockStepped(TimeSpan by);

    /// <summary>Times before and after this reading's do not compare: what lasts begins to last now.</summary>
    void Rebase(Timestamp time)
    {
    }

    /// <summary>Lets time pass without a reading, to an instant that <see cref="IJudgement.NextChange"/> named.</summary>
    void Elapse(in Frame frame)
    {
    }

    /// <summary>Writes what it remembers: the same bytes for the same memory.</summary>
    void Write(StateWriter writer);

    /// <summary>Takes over what <see cref="Write"/> gave.</summary>
    /// <returns>False when the bytes do not fit: then it begins anew.</returns>
    bool Read(ref StateReader reader);
}
