namespace IotEvents.Gateway.Rules.Cadence;

/// <summary>How long a silence must be to count as absence, for a wanted rate of false absences. Formulas and why: <c>docs/cadence.md</c>.</summary>
internal static class DeadlineEstimate
{
    /// <summary>The shortest silence that counts: a gateway under load, or a commit to a slow card, must not look like absence.</summary>
    public const double SecondsMin = 10;

    /// <summary>The longest silence anybody waits for: a year.</summary>
    public const double SecondsMax = 366 * SecondsPerDay;

    private const double SecondsPerDay = 86_400;

    /// <summary>The fewest intervals a tail is fitted to.</summary>
    private const int TailMin = 8;

    /// <summary>Messages in a row that may be lost without an absence, however good the link was so far: two.</summary>
    private const int LossesMin = 3;

    /// <summary>The longest of what each of three views demands, in seconds.</summary>
    /// <param name="histogram">The last intervals by size, at least <see cref="TailMin"/>.</param>
    /// <param name="median">The median interval in seconds.</param>
    /// <param name="jitter">The median distance from it in seconds.</param>
    /// <param name="pauses">The longest intervals of the last days.</param>
    /// <param name="secondsPerFalseAbsence">The wanted time from one false absence to the next.</param>
    public static double Seconds(
        in IntervalHistogram histogram, double median, double jitter, in LongestPauses pauses, double secondsPerFalseAbsence)
    {
        var longest = Math.Max(
            Math.Max(OfLosses(histogram, median, jitter, secondsPerFalseAbsence), OfTail(histogram, secondsPerFalseAbsence)),
            OfPauses(pauses, secondsPerFalseAbsence));
        return Math.Clamp(longest, SecondsMin, SecondsMax);
    }

    /// <summary>A beat with lost messages: so many in a row that more are lost only once in the wanted time.</summary>
    private static double OfLosses(in IntervalHistogram histogram, double median, double jitter, double every)
    {
        var missed = 0;
        for (var bin = IntervalHistogram.Bins - 1; bin >= 0 && IntervalHistogram.Lower(bin) > 1.5 * median; bin--)
        {
            missed += histogram[bin];
        }

        // Laplace's rule of succession: what has not been seen yet is not impossible.
        var loss = (((double)missed / IntervalHistogram.One) + 1) / (histogram.Count + 2);
        var inARow = Math.Ceiling(Math.Log(Math.Max(every / median, 1)) / -Math.Log(loss));
        return ((Math.Max(inARow, LossesMin) + 0.5) * median) + (3 * jitter);
    }

    /// <summary>
    /// An exponential tail above a threshold, for thresholds with 8, 16, 32, … intervals above: what the next interval above
    /// exceeds so rarely that it happens once in the wanted time, with the tail's scale as uncertain as so few make it.
    /// </summary>
    private static double OfTail(in IntervalHistogram histogram, double every)
    {
        var wanted = Math.Max(every / histogram.Mean(), 1);
        var (longest, above, sumAbove, next) = (0.0, 0.0, 0.0, (double)TailMin);
        for (var bin = IntervalHistogram.Bins - 1; bin >= 0; bin--)
        {
            var count = (double)histogram[bin] / IntervalHistogram.One;
            (above, sumAbove) = (above + count, sumAbove + (count * IntervalHistogram.Middle(bin)));
            if (above < next || count == 0)
            {
                continue;
            }

            var threshold = IntervalHistogram.Lower(bin);
            var excesses = wanted * (above + 1) / (histogram.Count + 1);
            var tail = excesses <= 1 ? 0 : (sumAbove - (above * threshold)) * (Math.Pow(excesses, 1 / above) - 1);
            longest = Math.Max(longest, threshold + tail);
            next = above * 2;
        }

        return longest;
    }

    /// <summary>What the last days have shown, and the more on top the fewer days they were and the rarer it may be wrong.</summary>
    private static double OfPauses(in LongestPauses pauses, double every)
    {
        var rarer = Math.Max(Math.Log(2 * every / SecondsPerDay) / Math.Log(2 * 30), 1);
        return pauses.Longest * (1 + (rarer * (0.5 + (1.5 / Math.Max((int)pauses.Ended, 1)))));
    }
}
