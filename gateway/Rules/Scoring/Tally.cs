namespace IotEvents.Gateway.Rules.Scoring;

/// <summary>How well a rule, a kind of incident, or everything together was served.</summary>
public sealed record Tally
{
    /// <summary>The rule's id, the kind, or <c>total</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Alerts that found an incident that had to be found.</summary>
    public required int TrueAlerts { get; init; }

    /// <summary>Alerts that found none.</summary>
    public required int FalseAlarms { get; init; }

    /// <summary>Incidents that had to be found; for a rule those on the series it judges.</summary>
    public required int Incidents { get; init; }

    /// <summary>Those of them that were found.</summary>
    public required int Found { get; init; }

    /// <summary>How long it took from the beginning of an incident to its first alert.</summary>
    public required Delays Delays { get; init; }

    /// <summary>False alarms in a week of virtual time.</summary>
    public required double FalseAlarmsPerWeek { get; init; }

    /// <summary>All alerts.</summary>
    public int Alerts => TrueAlerts + FalseAlarms;

    /// <summary>The part of the alerts that was right, 0 to 1; null without alerts.</summary>
    public double? Precision => Alerts == 0 ? null : (double)TrueAlerts / Alerts;

    /// <summary>The part of the incidents that was found, 0 to 1; null without incidents.</summary>
    public double? Recall => Incidents == 0 ? null : (double)Found / Incidents;
}

/// <summary>Delays in short; all zero when <paramref name="Count"/> is.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Percentile95">The smallest that at least 95 % do not exceed (nearest rank).</param>
public readonly record struct Delays(int Count, TimeSpan Mean, TimeSpan Median, TimeSpan Percentile95)
{
    /// <summary>Sums up delays, in any order.</summary>
    public static Delays Of(IEnumerable<TimeSpan> delays)
    {
        var sorted = delays.Order().ToArray();
        var count = sorted.Length;
        if (count == 0)
        {
            return default;
        }

        var median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        var rank = ((count * 95) + 99) / 100;
        return new Delays(count, TimeSpan.FromTicks((long)sorted.Average(delay => delay.Ticks)), median, sorted[rank - 1]);
    }
}
