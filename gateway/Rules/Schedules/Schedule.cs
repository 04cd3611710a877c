using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Devices.Settings.Zones;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>When a rule is active: spans of wall time in a time zone. Immutable, no clock; may be used from any thread.</summary>
/// <remarks>
/// It goes by what a clock on the wall of that zone shows, and by nothing else. So a wall time that comes twice in autumn is
/// inside both times or outside both times; and a span that begins in the hour that spring leaves out begins, or ends, at the
/// end of that gap. All changes fall on whole seconds.
/// </remarks>
internal sealed class Schedule
{
    /// <summary>Clocks never go back by more than a day, so after two no shift leads back behind a change.</summary>
    private const long ShiftReach = 2 * DaySpan.DaySeconds;

    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long SecondsMax = long.MaxValue / NanosecondsPerSecond;

    private readonly WallPlan _plan;

    /// <summary>A schedule out of its checked parts.</summary>
    /// <param name="plan">What it says about wall time.</param>
    /// <param name="zone">Whose wall.</param>
    /// <param name="text">See <see cref="Text"/>.</param>
    public Schedule(WallPlan plan, ZoneRules zone, string text)
    {
        _plan = plan;
        Zone = zone;
        Text = text;
    }

    /// <summary>Whose wall time it means.</summary>
    public ZoneRules Zone { get; }

    /// <summary>The same for the same meaning, and itself a schedule: <c>mon-fri 08:00-18:00 except 2026-12-25 Europe/Berlin</c>.</summary>
    public string Text { get; }

    /// <summary>Reads the key <c>schedule</c> of a rule. Notes what is wrong.</summary>
    /// <returns>Null when it does not stand there, or is wrong.</returns>
    public static Schedule? Read(SettingsMap settings) => ScheduleReader.Read(settings, "schedule", ZoneFolder.OfThisComputer);

    /// <summary>True when it is active at an instant. Allocates nothing.</summary>
    public bool IsActive(Timestamp at) => IsActive(Seconds(at));

    /// <summary>The first instant after the given one at which it changes. Allocates nothing.</summary>
    /// <returns><see cref="Timestamp.None"/> when it never does, or not before 2262.</returns>
    public Timestamp NextChange(Timestamp after)
    {
        var from = Seconds(after);
        var state = IsActive(from);
        while (true)
        {
            var offset = Zone.Offset(from);
            var wall = _plan.NextChange(from + offset);
            var change = wall == long.MaxValue ? long.MaxValue : wall - offset;
            var shift = Zone.NextShift(from);
            if (Math.Min(change, shift) > SecondsMax || (change == long.MaxValue && shift - from > ShiftReach))
            {
                return Timestamp.None;
            }

            // At a shift the wall shows another time than the plan was asked for.
            from = Math.Min(change, shift);
            if (change < shift || IsActive(from) != state)
            {
                return new Timestamp(from * NanosecondsPerSecond);
            }
        }
    }

    private bool IsActive(long seconds) => _plan.Contains(seconds + Zone.Offset(seconds));

    private static long Seconds(Timestamp at) =>
        Math.DivRem(at.Nanoseconds, NanosecondsPerSecond, out var rest) - (rest < 0 ? 1 : 0);
}
