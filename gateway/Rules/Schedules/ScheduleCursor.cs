using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>Asks a schedule about many times that lie near each other, in a few nanoseconds each. Used from one thread.</summary>
/// <remarks>
/// It keeps the two latest spans in which the schedule does not change: readings that come late around a change swing between
/// both. Times may go back; every answer is the one the schedule gives. Allocates nothing.
/// </remarks>
/// <param name="schedule">The schedule.</param>
internal sealed class ScheduleCursor(Schedule schedule)
{
    // Empty spans: they hold no time.
    private Span _latest = new(long.MaxValue, long.MinValue, false);
    private Span _other = new(long.MaxValue, long.MinValue, false);

    /// <summary>The schedule it asks.</summary>
    public Schedule Schedule { get; } = schedule;

    /// <summary>As <see cref="Schedule.IsActive(Timestamp)"/>.</summary>
    public bool IsActive(Timestamp at) => _latest.Holds(at) ? _latest.IsActive : Move(at);

    private bool Move(Timestamp at)
    {
        if (_other.Holds(at))
        {
            (_latest, _other) = (_other, _latest);
            return _latest.IsActive;
        }

        var change = Schedule.NextChange(at);
        var span = new Span(at.Nanoseconds, change.HasValue ? change.Nanoseconds : long.MaxValue, Schedule.IsActive(at));
        if (span.Until != _latest.Until)
        {
            // With the same end it is the same span, known further back now.
            _other = _latest;
        }

        _latest = span;
        return span.IsActive;
    }

    /// <summary>From <paramref name="From"/> on and before <paramref name="Until"/>, in nanoseconds, it stays the same.</summary>
    private readonly record struct Span(long From, long Until, bool IsActive)
    {
        public bool Holds(Timestamp at) => at.Nanoseconds >= From && at.Nanoseconds < Until;
    }
}
