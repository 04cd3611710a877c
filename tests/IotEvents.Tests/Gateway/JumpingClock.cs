namespace IotEvents.Tests.Gateway;

/// <summary>A clock that stands still until somebody waits by it; then it jumps to the end of the wait.</summary>
/// <param name="start">What it shows at first.</param>
/// <param name="neverEnds">Waits of exactly this length never end: time limits, which are not to strike.</param>
internal sealed class JumpingClock(DateTimeOffset start, TimeSpan? neverEnds = null) : TimeProvider
{
    private readonly Lock _moving = new();
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_moving)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime == neverEnds)
        {
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        lock (_moving)
        {
            _now += dueTime;
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
