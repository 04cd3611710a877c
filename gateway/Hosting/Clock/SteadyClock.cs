using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Pipeline;

namespace IotEvents.Gateway.Hosting.Clock;

/// <summary>The gateway's clock: the time at its start, carried on by the computer's steady counter, corrected when the pipeline says so.</summary>
/// <remarks>
/// The system's clock may be set at any moment, by people or by a time service; two hours must then not pass for a rule that
/// waits for two minutes. This one goes on as if nothing were, until the pipeline has closed its batch and adopts the step.
/// Any thread reads; one adopts.
/// </remarks>
public sealed class SteadyClock : TimeProvider, IGatewayClock
{
    /// <summary>No clock is right that shows a time before this program was written.</summary>
    public static readonly Timestamp Earliest = Timestamp.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    // Less is what a clock that is kept right is off by now and then; time services step from 128 ms on.
    private static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookTogether = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private const int Looks = 3;

    private readonly TimeProvider _system;
    private readonly Func<ClockHealth> _health;
    private readonly ClockOptions _options;
    private readonly DateTimeOffset _startedAt;
    private readonly long _started;
    private long _offset;
    private long _askedAt;
    private volatile bool _isTrusted;

    /// <summary>A clock that shows the system's time at this moment.</summary>
    /// <param name="system">The system's clock, and its steady counter.</param>
    /// <param name="health">What the system knows about its clock; asked once a second until the clock is trusted.</param>
    /// <param name="options">When to trust it.</param>
    public SteadyClock(TimeProvider system, Func<ClockHealth> health, ClockOptions options)
    {
        _system = system;
        _health = health;
        _options = options;
        _started = _askedAt = system.GetTimestamp();
        _startedAt = system.GetUtcNow();
        _isTrusted = Trusts(Timestamp.From(_startedAt), health());
        Steady = new SteadyTime(this);
    }

    /// <summary>For links: never steps. What it shows is <see cref="Offset"/> off.</summary>
    public TimeProvider Steady { get; }

    /// <inheritdoc/>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    /// <inheritdoc/>
    public bool IsTrusted => _isTrusted;

    /// <summary>How often it was set since the start, and the last time.</summary>
    public (int Count, ClockStep Last) Steps { get; private set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => _system.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _system.LocalTimeZone;

    /// <inheritdoc/>
    public override long GetTimestamp() => _system.GetTimestamp();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => SteadyNow(_system.GetTimestamp()) + Offset;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _system.CreateTimer(callback, state, dueTime, period);

    /// <inheritdoc/>
    public bool TryGetStep(out ClockStep step)
    {
        step = default;
        if (!TryMeasure(out var shown, out var ahead))
        {
            return false;
        }

        var isStep = ahead.Duration() >= StepMin;
        var from = Timestamp.From(shown);
        var to = isStep ? from + ahead : from;
        var isTrusted = isStep || !_isTrusted ? TrustsNow(to, isStep) : _isTrusted;
        step = new ClockStep(from, to, _isTrusted, isTrusted);
        return isStep || isTrusted != _isTrusted;
    }

    /// <inheritdoc/>
    public void Adopt(in ClockStep step)
    {
        Interlocked.Add(ref _offset, step.By.Ticks);
        _isTrusted = step.IsTrusted;
        Steps = (Steps.Count + (step.By == TimeSpan.Zero ? 0 : 1), step);
    }

    /// <summary>Whether a clock is taken as set.</summary>
    /// <param name="shown">What it shows.</param>
    /// <param name="health">What the system knows about it.</param>
    /// <param name="options">The settings.</param>
    public static bool Trusts(Timestamp shown, ClockHealth health, ClockOptions options)
    {
        var hasBattery = options.Battery == BatteryClock.Auto ? health.HasBattery : options.Battery == BatteryClock.Yes;
        return shown >= Earliest && (health.IsSynchronised || hasBattery || health.Uptime >= options.SyncWait);
    }

    private bool Trusts(Timestamp shown, ClockHealth health) => Trusts(shown, health, _options);

    /// <summary>Once trusted, a clock only loses that by showing what cannot be.</summary>
    private bool TrustsNow(Timestamp shown, bool atOnce)
    {
        if (_isTrusted)
        {
            return shown >= Earliest;
        }

        var now = _system.GetTimestamp();
        if (!atOnce && _system.GetElapsedTime(_askedAt, now) < AskEvery)
        {
            return false;
        }

        _askedAt = now;
        return Trusts(shown, _health());
    }

    /// <summary>By how much the system's clock is ahead of what this shows; false when the two could not be read together.</summary>
    private bool TryMeasure(out DateTimeOffset shown, out TimeSpan ahead)
    {
        for (var look = 0; look < Looks; look++)
        {
            var before = _system.GetTimestamp();
            var system = _system.GetUtcNow();
            var after = _system.GetTimestamp();
            if (_system.GetElapsedTime(before, after) <= LookTogether)
            {
                shown = SteadyNow(after) + Offset;
                ahead = system - shown;
                return true;
            }
        }

        (shown, ahead) = (default, default);
        return false;
    }

    private DateTimeOffset SteadyNow(long timestamp) => _startedAt + _system.GetElapsedTime(_started, timestamp);

    private sealed class SteadyTime(SteadyClock clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => clock.SteadyNow(clock.GetTimestamp());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period);
    }
}
