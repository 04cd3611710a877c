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

    /// <summary>Reads the keys of this kind. Notes what is wrong; null when nothing useful is left.</summary>
    /// <param name="settings">The rule.</param>
    /// <param name="match">Which series it judges; null when that could not be read.</param>
    /// <param name="warnings">Takes what is no error but cannot be meant.</param>
    ICondition? Read(SettingsMap settings, RuleMatch? match, List<SettingsError> warnings);
}

/// <summary>What a rule asks, before it is known of which series. Immutable.</summary>
internal interface ICondition
{
    /// <summary>What raises, in the words of the file.</summary>
    string Raise { get; }

    /// <summary>What ends it, in the words of the file; null when it is that <see cref="Raise"/> is true no more.</summary>
    string? Clear { get; }

    /// <summary>Both, on one line; two with the same text ask the same.</summary>
    string Text { get; }

    /// <summary>What it needs beyond the reading itself.</summary>
    ConditionNeeds Needs { get; }

    /// <summary>Makes it computable for one series.</summary>
    /// <returns>Null when <paramref name="problem"/> says why that cannot be.</returns>
    IJudgement? Bind(Series series, IScope scope, out string problem);
}

/// <summary>What a condition needs beyond the reading itself.</summary>
/// <param name="Previous">True when it looks at the reading before.</param>
/// <param name="Others">Other series whose values it looks at.</param>
internal sealed record ConditionNeeds(bool Previous, IReadOnlyList<MetricName> Others)
{
    /// <summary>Groups of series it looks at, each once; not the members of the rule itself.</summary>
    public IReadOnlyList<MemberSelector> Selectors { get; init; } = [];

    /// <summary>True when it looks at the series that the rule itself matches, as a group.</summary>
    public bool UsesMembers { get; init; }

    /// <summary>True when it looks at more readings than the last two.</summary>
    public bool LooksBack { get; init; }

    /// <summary>True when its verdict changes as time passes, without a reading.</summary>
    public bool IsTimed { get; init; }
}

/// <summary>A metric of a device; of the same device when <paramref name="Device"/> is null.</summary>
internal readonly record struct MetricName(string? Device, string Metric);

/// <summary>A condition made computable for one series. Judging allocates nothing.</summary>
internal interface IJudgement
{
    /// <summary>Whether it is bad.</summary>
    Truth Raise(in Frame frame);

    /// <summary>Whether it is good again.</summary>
    Truth Clear(in Frame frame);

    /// <summary>The values around this one that change neither <see cref="Raise"/> nor <see cref="Clear"/>.</summary>
    Band Steady(double value);

    /// <summary>The earliest event time after the frame's at which a verdict may change without a reading; none when it will not.</summary>
    Timestamp NextChange(in Frame frame);

    /// <summary>Every name in it with its value and unit at this moment.</summary>
    string Explain(in Frame frame);
}

/// <summary>A judgement that remembers more than the engine does, such as what is usual.</summary>
internal interface IStatefulJudgement : IJudgement
{
    /// <summary>Learns from a reading. Called once for each usable reading, after it was judged.</summary>
    void Observe(in Frame frame);

    /// <summary>Writes what it remembers; the same bytes for the same memory.</summary>
    void Write(StateWriter writer);

    /// <summary>Takes over what <see cref="Write"/> wrote; what cannot be read leaves it without a memory.</summary>
    void Read(ref StateReader reader);
}
