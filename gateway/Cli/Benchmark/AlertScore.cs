using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary>A stretch of time that people labelled as anomalous. Both ends are counted in.</summary>
internal readonly record struct LabelledWindow(Timestamp Begin, Timestamp End)
{
    /// <summary>True when the instant lies in it.</summary>
    public bool Contains(Timestamp time) => time >= Begin && time <= End;
}

/// <summary>How well alerts meet labelled windows.</summary>
/// <param name="Windows">Labelled windows.</param>
/// <param name="Alerts">Alerts that began.</param>
/// <param name="TrueAlerts">Of those, the ones that began in a window; several may begin in the same one.</param>
/// <param name="Delays">For each window that was found, the time from its begin to that of its first alert.</param>
/// <param name="Observed">The time that was looked at.</param>
internal sealed record AlertScore(int Windows, int Alerts, int TrueAlerts, IReadOnlyList<TimeSpan> Delays, TimeSpan Observed)
{
    /// <summary>Windows in which at least one alert began.</summary>
    public int Found => Delays.Count;

    /// <summary>Alerts that began outside all windows.</summary>
    public int FalseAlerts => Alerts - TrueAlerts;

    /// <summary>The part of the alerts that were true, 0 to 1; null when there was no alert.</summary>
    public double? Precision => Alerts == 0 ? null : (double)TrueAlerts / Alerts;

    /// <summary>The part of the windows that were found, 0 to 1; null when there was no window.</summary>
    public double? Recall => Windows == 0 ? null : (double)Found / Windows;

    /// <summary>The harmonic mean of both; 0 when nothing was found; null when there was no window.</summary>
    public double? F1 => Recall is not { } recall ? null
        : recall == 0 || Precision is not { } precision ? 0 : 2 * precision * recall / (precision + recall);

    /// <summary>The mean of <see cref="Delays"/>; null when nothing was found.</summary>
    public TimeSpan? MeanDelay => Found == 0 ? null : new TimeSpan((long)Delays.Average(delay => delay.Ticks));

    /// <summary>
    /// The median of <see cref="Delays"/>, of an even number the middle of the two in the middle; null when nothing was found.
    /// </summary>
    public TimeSpan? MedianDelay
    {
        get
        {
            var sorted = Delays.Order().ToList();
            return Found == 0 ? null : (sorted[(Found - 1) / 2] + sorted[Found / 2]) / 2;
        }
    }

    /// <summary>Alerts in seven days; null when no time was looked at.</summary>
    public double? AlertsPerWeek => Observed > TimeSpan.Zero ? Alerts / (Observed / TimeSpan.FromDays(7)) : null;

    /// <summary>Compares the begins of alerts with the windows of one series.</summary>
    /// <param name="windows">Its windows, which do not overlap.</param>
    /// <param name="alerts">When alerts began, in ascending order.</param>
    /// <param name="observed">The time that was looked at.</param>
    public static AlertScore Of(IReadOnlyList<LabelledWindow> windows, IReadOnlyList<Timestamp> alerts, TimeSpan observed)
    {
        var delays = new List<TimeSpan>();
        var trueAlerts = 0;
        foreach (var window in windows)
        {
            var inside = alerts.Where(window.Contains).ToList();
            trueAlerts += inside.Count;
            if (inside.Count > 0)
            {
                delays.Add(inside[0] - window.Begin);
            }
        }

        return new AlertScore(windows.Count, alerts.Count, trueAlerts, delays, observed);
    }

    /// <summary>Several series as one: everything is counted together, so a series counts by its alerts and windows.</summary>
    public static AlertScore Sum(IEnumerable<AlertScore> scores)
    {
        var all = scores.ToList();
        return new AlertScore(all.Sum(score => score.Windows), all.Sum(score => score.Alerts), all.Sum(score => score.TrueAlerts),
            [.. all.SelectMany(score => score.Delays)], new TimeSpan(all.Sum(score => score.Observed.Ticks)));
    }
}
