namespace IotEvents.Tests.Gateway;

/// <summary>A clock that stands still until somebody waits by it; then it jumps to the end of the wait.</summary>
/// <param name="start">What it shows at first.</param>
/// <param name="neverEnds">Waits of exactly this length never end: time limits, which are not to strike.</param>
internal sealed class JumpingClock(DateTimeOffset start, TimeSpan? neverEnds = null) : TimeProvider
{
    private readonly Lock _moving = new();
    private TimeSpan _elapsed;
    private TimeSpan _setBy;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_moving)
        {
            return start + _elapsed + _setBy;
        }
    }

    public override long GetTimestamp()
    {
        lock (_moving)
        {
            return _elapsed.Ticks;
        }
    }

    /// <summary>Somebody sets the clock: the steady counter goes on as if nothing were.</summary>
    public void Set(TimeSpan by)
    {
        lock (_moving)
        {
            _setBy += by;
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
            _elapsed += dueTime;
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
