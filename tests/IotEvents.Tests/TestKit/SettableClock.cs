namespace IotEvents.Tests.TestKit;

/// <summary>A system's clock that can be set, and its steady counter, which cannot. In virtual time.</summary>
internal sealed class SettableClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _shown = start;
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => _shown;

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan span)
    {
        _ticks += span.Ticks;
        _shown += span;
    }

    /// <summary>Somebody sets the clock.</summary>
    public void Set(TimeSpan by) => _shown += by;
}
