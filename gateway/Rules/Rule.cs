using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;

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

    /// <summary>What it asks of them, in the words of the file.</summary>
    public string Condition => Asks.Text;

    /// <summary>What raises it, as written.</summary>
    public string Raise => Asks.Raise;

    /// <summary>What ends it, as written; null when it ends as soon as <see cref="Raise"/> is not true.</summary>
    public string? Clear => Asks.Clear;

    /// <summary>How long the condition must hold before the rule fires, in event time: 0 to 366 days. Default 0.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How bad it is. Default warning.</summary>
    public Severity Severity { get; init; } = Severity.Warning;

    /// <summary>What silence means. Default <see cref="MissingPolicy.Hold"/>.</summary>
    public MissingPolicy Missing { get; init; } = MissingPolicy.Hold;

    /// <summary>
    /// The silence that counts as such: 1 s to 366 days. Null, the default: three times the median of the series' last
    /// eight intervals, and at least 10 s.
    /// </summary>
    public TimeSpan? MissingAfter { get; init; }

    /// <summary>One line of text with places such as <c>{device.name}</c> and <c>{value}</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>The names of the channels it notifies. Default none.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>The file it stands in.</summary>
    public required string File { get; init; }

    /// <summary>The line it begins at.</summary>
    public int Line { get; init; }

    /// <summary>A hash of the whole rule, 8 hex digits.</summary>
    public string Version => field ??= ((uint)Hash($"{Judgement}\n{Severity}\n{Summary}\n{string.Join('|', Notify)}"))
        .ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>A hash of all that decides when it fires and ends: what is pending or fires goes on while this stays the same.</summary>
    internal ulong Judgement => _judgement ??= Hash(
        $"{Id}\n{Kind}\n{Match.Canonical()}\n{Asks.Text}\n{For.Ticks}\n{Missing}\n{MissingAfter?.Ticks}");

    /// <summary>What it asks, made computable per series.</summary>
    internal ICondition Asks { get; }

    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
