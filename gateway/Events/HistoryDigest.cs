using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>What was found in readings from the past, told once they have stopped coming.</summary>
/// <param name="Raised">How many alerts.</param>
/// <param name="From">The first of them, in event time.</param>
/// <param name="To">The last change of one of them, in event time.</param>
/// <param name="Rules">How many alerts of each rule, by its id.</param>
public sealed record HistoryDigest(int Raised, Timestamp From, Timestamp To, IReadOnlyDictionary<string, int> Rules)
{
    /// <summary>So many rules are named in <see cref="Summary"/>, those with the most alerts.</summary>
    private const int RulesNamed = 5;

    /// <summary>Made of what was found: the same data imported twice gives the same id.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"historical:{From.Nanoseconds}:{To.Nanoseconds}:{Raised}");

    /// <summary>All of it in one line of text: how many, of which rules, from when to when.</summary>
    public string Summary
    {
        get
        {
            var rules = Rules.OrderByDescending(rule => rule.Value).ThenBy(rule => rule.Key, StringComparer.Ordinal)
                .Take(RulesNamed).Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Key} {rule.Value}"));
            var more = Rules.Count > RulesNamed ? string.Create(CultureInfo.InvariantCulture, $" and {Rules.Count - RulesNamed} more") : "";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Raised} {(Raised == 1 ? "alert was" : "alerts were")} found in readings from the past ({string.Join(", ", rules)}{more}), {From} to {To}");
        }
    }
}
