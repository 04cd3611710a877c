using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Schedules;

namespace IotEvents.Gateway.Rules;

/// <summary>A rule as it stands in its file, checked. Immutable.</summary>
public sealed class Rule
{
    private ulong? _judgement;

    internal Rule(ICondition asks) => Asks = asks;

    /// <summary>Unique among all rules: lower-case letters, digits, <c>-</c>, <c>_</c>, <c>.</c>; at most 64.</summary>
    public required string Id { get; init; }

    /// <summary>The rule kind's name. Default <c>threshold</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Which series it judges.</summary>
    public required RuleMatch Match { get; init; }

    /// <summary>The id it had before it was renamed; null when it always had this one. What it raised goes on.</summary>
    public string? Was { get; init; }

    /// <summary>What it asks of them, in the words of the file.</summary>
    public string Condition => Asks.Text;

    /// <summary>What raises it, as written; of several levels from mild to bad with <c>|</c> between them.</summary>
    public string Raise => string.Join(" | ", Levels.Select(level => level.Raise));

    /// <summary>What ends it, as written; null when no level says so.</summary>
    public string? Clear => Levels.All(level => level.Clear is null) ? null : string.Join(" | ", Levels.Select(level => level.Clear ?? ""));

    /// <summary>How long the condition of the mildest level must hold.</summary>
    public TimeSpan For => Levels.Count == 0 ? TimeSpan.Zero : Levels[0].For;

    /// <summary>
    /// What it says, from mild to bad: one level for each severity, at most three. None for kinds that fire for silence alone.
    /// </summary>
    public required IReadOnlyList<RuleLevel> Levels { get; init; }

    /// <summary>How bad it is when silence raises it, and of the only level when there is one. Default warning.</summary>
    public Severity Severity { get; init; } = Severity.Warning;

    /// <summary>How long it goes on firing after it is good again, in event time: 0 to 366 days. Default 0.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>How many of the last readings must be bad; null, the default: the last one.</summary>
    public Times? Times { get; init; }

    /// <summary>What one instance of it is about.</summary>
    public RuleScope Scope => Asks is FlappingCondition ? RuleScope.Rules : GroupBy is not null ? RuleScope.Group : Match.Metrics.Count == 0 ? RuleScope.Device : RuleScope.Series;

    /// <summary>True when it looks at other series than the one it judges.</summary>
    internal bool LooksElsewhere => Scope != RuleScope.Series || Asks.Needs is { Others.Count: > 0 } or { Selectors.Count: > 0 };

    /// <summary>The labels whose values make a group; empty for one group of all; null, the default, for no groups.</summary>
    public IReadOnlyList<string>? GroupBy { get; init; }

    /// <summary>When it is active; null, the default: always.</summary>
    internal Schedule? Schedule { get; init; }

    /// <summary>True when it judges readings of bad quality too. Default false.</summary>
    public bool AnyQuality { get; init; }

    /// <summary>True when what silence is must be learned from what it judges.</summary>
    internal bool LearnsSilence => Missing != MissingPolicy.Hold && MissingAfter is null;

    /// <summary>What silence means. Default <see cref="MissingPolicy.Hold"/>.</summary>
    public MissingPolicy Missing { get; init; } = MissingPolicy.Hold;

    /// <summary>
    /// The silence that counts as such: 1 s to 366 days. Null, the default: as learned from the series (<c>docs/cadence.md</c>).
    /// </summary>
    public TimeSpan? MissingAfter { get; init; }

    /// <summary>How much longer the silence must last, of a rule that is about nothing but silence. Default 0.</summary>
    public TimeSpan SilentFor { get; init; }

    /// <summary>One line of text with places such as <c>{device.name}</c> and <c>{value}</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>The names of the channels it notifies. Default none.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>The file it stands in.</summary>
    public required string File { get; init; }

    /// <summary>The line it begins at.</summary>
    public int Line { get; init; }

    /// <summary>A rules file with nothing but this rule, as it stands in its own file but for comments and spaces.</summary>
    public required string Text { get; init; }

    /// <summary>A hash of the whole rule, 8 hex digits.</summary>
    public string Version => field ??= ((uint)Hash(
        $"{Judgement}\n{Severity}\n{string.Join('|', Levels.Select(level => level.Severity))}\n{Summary}\n{string.Join('|', Notify)}"))
        .ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>A hash of all that decides when it fires and ends: while it stays the same, nothing has to be judged anew.</summary>
    internal ulong Judgement => _judgement ??= Hash(
        $"{Id}\n{Kind}\n{Match.Canonical()}\n{Asks.Text}\n{string.Join('|', Levels.Select(level => level.For.Ticks))}\n"
        + $"{KeepFiringFor.Ticks}\n{Times}\n{Missing}\n{MissingAfter?.Ticks}\n{SilentFor.Ticks}\n{Schedule?.Text}\n{AnyQuality}\n"
        + (GroupBy is null ? "" : string.Join('|', GroupBy)));

    /// <summary>What it asks, made computable per series.</summary>
    internal ICondition Asks { get; }

    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>What one instance of a rule is about.</summary>
public enum RuleScope
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>One series: the rule matches metrics.</summary>
    Series,

    /// <summary>One device: the rule matches devices alone, and names their metrics in its condition.</summary>
    Device,

    /// <summary>Other rules: it watches how often they change their mind.</summary>
    Rules,

    /// <summary>All series that the rule matches, or those of them that share labels.</summary>
    Group,
}

/// <summary>One thing that a rule says.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Raise">What raises it, as written.</param>
/// <param name="Clear">What ends it, as written; null when it ends as soon as <paramref name="Raise"/> is not true.</param>
/// <param name="For">How long the condition must hold before it fires, in event time: 0 to 366 days.</param>
public sealed record RuleLevel(Severity Severity, string Raise, string? Clear, TimeSpan For);
