namespace IotEvents.Simulator.Signals;

/// <summary>What the periodic signals share: their limits and where in a period a time lies.</summary>
internal static class SignalTimes
{
    public static readonly TimeSpan PeriodMin = TimeSpan.FromMilliseconds(1);

    public static readonly TimeSpan PeriodMax = TimeSpan.FromDays(365);

    /// <summary>The part of the running period that has passed, 0 to below 1. By whole ticks, so that years do not blur it.</summary>
    public static double Turn(TimeSpan at, TimeSpan period) => (double)(at.Ticks % period.Ticks) / period.Ticks;

    /// <summary>The time within a repetition; the time itself when nothing repeats.</summary>
    public static TimeSpan Fold(TimeSpan at, TimeSpan? repeat) =>
        repeat is { } period ? TimeSpan.FromTicks(at.Ticks % period.Ticks) : at;
}
