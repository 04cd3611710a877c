using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;

namespace IotEvents.Gateway.Plans;

/// <summary>What becomes of an alert with the new rules.</summary>
public enum AlertChange
{
    /// <summary>It is the same: same time, same end, same severity.</summary>
    Same = 0,

    /// <summary>It begins or ends at another time.</summary>
    Moved,

    /// <summary>Only the new rules raise it.</summary>
    Added,

    /// <summary>Only the old rules raised it.</summary>
    Removed,
}

/// <summary>One alert of the old rules, of the new rules, or of both.</summary>
/// <param name="Change">What becomes of it.</param>
/// <param name="Rule">The rule by the id that it will have; by the one it had when it is gone.</param>
/// <param name="Old">As the old rules raised it; null when added.</param>
/// <param name="New">As the new rules raise it; null when removed.</param>
public sealed record PlannedChange(AlertChange Change, string Rule, Alert? Old, Alert? New)
{
    /// <summary>The series, device or group.</summary>
    public string Subject => (New ?? Old!).Subject;
}

/// <summary>Holds the alerts of old rules against those of new ones.</summary>
internal static class AlertDifference
{
    private static readonly Timestamp Forever = new(long.MaxValue);

    /// <summary>
    /// Every alert once, by rule, subject and time. Those of the same rule and subject that overlap are pairs, the earliest
    /// with the earliest; each alert is in one pair at most.
    /// </summary>
    /// <param name="before">The alerts of the old rules.</param>
    /// <param name="after">The alerts of the new rules.</param>
    /// <param name="heirOf">The id by which an old rule goes on with a subject, maybe another one than it had.</param>
    public static IReadOnlyList<PlannedChange> Compute(
        IReadOnlyList<Alert> before, IReadOnlyList<Alert> after, Func<string, string, string> heirOf)
    {
        var olds = before.ToLookup(alert => (Rule: heirOf(alert.Rule, alert.Subject), alert.Subject));
        var news = after.ToLookup(alert => (alert.Rule, alert.Subject));
        return [.. olds.Select(group => group.Key).Union(news.Select(group => group.Key))
            .OrderBy(key => key.Rule, StringComparer.Ordinal).ThenBy(key => key.Subject, StringComparer.Ordinal)
            .SelectMany(key => Pair(key.Rule, [.. olds[key].OrderBy(Begin)], [.. news[key].OrderBy(Begin)]))];
    }

    private static IEnumerable<PlannedChange> Pair(string rule, Alert[] olds, Alert[] news)
    {
        int o = 0, n = 0;
        while (o < olds.Length || n < news.Length)
        {
            if (n == news.Length || (o < olds.Length && EndOf(olds[o]) < news[n].RaisedAt))
            {
                yield return new PlannedChange(AlertChange.Removed, rule, olds[o++], null);
            }
            else if (o == olds.Length || EndOf(news[n]) < olds[o].RaisedAt)
            {
                yield return new PlannedChange(AlertChange.Added, rule, null, news[n++]);
            }
            else
            {
                var (old, @new) = (olds[o++], news[n++]);
                yield return new PlannedChange(IsSame(old, @new) ? AlertChange.Same : AlertChange.Moved, rule, old, @new);
            }
        }
    }

    // Not by the ids: those of a renamed rule differ.
    private static bool IsSame(Alert one, Alert other) => one.RaisedAt == other.RaisedAt && one.EndedAt == other.EndedAt
        && one.Reason == other.Reason && one.Severity == other.Severity;

    private static Timestamp Begin(Alert alert) => alert.RaisedAt;

    private static Timestamp EndOf(Alert alert) => alert.EndedAt.HasValue ? alert.EndedAt : Forever;
}
