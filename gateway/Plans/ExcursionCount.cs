using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Plans;

/// <summary>
/// Counts how often a rule with a limit fires, without building a rule: the search asks it first, the engine has the last word.
/// </summary>
internal static class ExcursionCount
{
    /// <summary>How often the value was beyond the limit for so long, having been back before.</summary>
    /// <param name="readings">In order of time.</param>
    /// <param name="isAbove">True when above the limit is bad.</param>
    /// <param name="limit">The limit; on it is not beyond.</param>
    /// <param name="clear">Beyond it on the good side an alert ends.</param>
    /// <param name="wait">The <c>for</c>: it elapses between readings too.</param>
    public static int Of(IReadOnlyList<Reading> readings, bool isAbove, double limit, double clear, TimeSpan wait)
    {
        var (count, isFiring, since) = (0, false, Timestamp.None);
        foreach (var reading in readings)
        {
            if (since.HasValue && reading.Time > since + wait)
            {
                (count, isFiring, since) = (count + 1, true, Timestamp.None);
            }

            var isBad = isAbove ? reading.Value > limit : reading.Value < limit;
            if (isFiring)
            {
                isFiring = isAbove ? reading.Value >= clear : reading.Value <= clear;
            }
            else
            {
                since = !isBad ? Timestamp.None : since.HasValue ? since : reading.Time;
                if (since.HasValue && reading.Time >= since + wait)
                {
                    (count, isFiring, since) = (count + 1, true, Timestamp.None);
                }
            }
        }

        return count;
    }
}
