using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Plans;

/// <summary>What becomes of an alert with the new rules.</summary>
public enum AlertChange
{
    /// <summary>It is the same: same id, same end.</summary>
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
/// <param name="Old">As the old rules raised it; null when added.</param>
/// <param name="New">As the new rules raise it; null when removed.</param>
public sealed record PlannedChange(AlertChange Change, PlannedAlert? Old, PlannedAlert? New)
{
    /// <summary>The alert as it will be; as it was when it is gone.</summary>
    public PlannedAlert Alert => New ?? Old!;
}

/// <summary>Holds the alerts of old rules against those of new ones.</summary>
internal static class AlertDifference
{
    private static readonly Timestamp Forever = new(long.MaxValue);

    /// <summary>
    /// Every alert once, by rule, subject and time. Those of the same rule and subject that overlap are pairs, the earliest
    /// with the earliest; each alert is in one pair at most.
    /// </summary>
    public static IReadOnlyList<PlannedChange> Compute(IReadOnlyList<PlannedAlert> before, IReadOnlyList<PlannedAlert> after)
    {
        var news = after.ToLookup(alert => (alert.Rule, alert.Subject));
        var olds = before.ToLookup(alert => (alert.Rule, alert.Subject));
        return [.. olds.Select(group => group.Key).Union(news.Select(group => group.Key))
            .OrderBy(key => key.Rule, StringComparer.Ordinal).ThenBy(key => key.Subject, StringComparer.Ordinal)
            .SelectMany(key => Pair([.. olds[key].OrderBy(Begin)], [.. news[key].OrderBy(Begin)]))];
    }

    private static IEnumerable<PlannedChange> Pair(PlannedAlert[] olds, PlannedAlert[] news)
    {
        int o = 0, n = 0;
        while (o < olds.Length || n < news.Length)
        {
            if (n == news.Length || (o < olds.Length && EndOf(olds[o]) < news[n].RaisedAt))
            {
                yield return new PlannedChange(AlertChange.Removed, olds[o++], null);
            }
            else if (o == olds.Length || EndOf(news[n]) < olds[o].RaisedAt)
            {
                yield return new PlannedChange(AlertChange.Added, null, news[n++]);
            }
            else
            {
                var (old, @new) = (olds[o++], news[n++]);
                var isSame = old.Id == @new.Id && old.EndedAt == @new.EndedAt && old.Reason == @new.Reason && old.Severity == @new.Severity;
                yield return new PlannedChange(isSame ? AlertChange.Same : AlertChange.Moved, old, @new);
            }
        }
    }

    private static Timestamp Begin(PlannedAlert alert) => alert.RaisedAt;

    private static Timestamp EndOf(PlannedAlert alert) => alert.EndedAt.HasValue ? alert.EndedAt : Forever;
}
