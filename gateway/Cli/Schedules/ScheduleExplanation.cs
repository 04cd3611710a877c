using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Rules.Schedules;

namespace IotEvents.Gateway.Cli.Schedules;

/// <summary>An instant that a wall time means. All in seconds since 1970.</summary>
/// <param name="Name"><c>first</c>, <c>second</c>, <c>only</c>, or <c>gap-end</c> for a wall time that does not exist.</param>
/// <param name="Instant">In UTC.</param>
/// <param name="Offset">How far the clocks are ahead of UTC then.</param>
/// <param name="IsActive">Null when there is no schedule.</param>
internal readonly record struct WallPass(string Name, long Instant, int Offset, bool? IsActive);

/// <summary>A change of a schedule, with the offset of its own zone.</summary>
internal readonly record struct ScheduleChange(long Instant, int Offset, bool IsActive);

/// <summary>A shift of the clocks.</summary>
internal readonly record struct ClockShift(long Instant, int Before, int After);

/// <summary>All there is to say about a time and a schedule.</summary>
internal sealed record ScheduleExplanation
{
    private const int ChangesMax = 4;
    private const int ShiftsMax = 2;

    /// <summary>The wall time, in seconds since 1970-01-01 00:00.</summary>
    public required long Wall { get; init; }

    /// <summary>Whose wall.</summary>
    public required ZoneRules Zone { get; init; }

    /// <summary>How often it comes.</summary>
    public required WallTimeKind Kind { get; init; }

    /// <summary>What it means: one instant or two.</summary>
    public required IReadOnlyList<WallPass> Passes { get; init; }

    /// <summary>The schedule; null when only the clocks were asked for.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>The next changes of the schedule after the first pass.</summary>
    public IReadOnlyList<ScheduleChange> Changes { get; init; } = [];

    /// <summary>The shift that makes the wall time come twice or never, and the next ones.</summary>
    public IReadOnlyList<ClockShift> Shifts { get; init; } = [];

    /// <summary>Explains.</summary>
    public static ScheduleExplanation Of(AskedTime asked, ZoneRules zone, Schedule? schedule)
    {
        var wall = asked.IsInstant ? asked.Seconds + zone.Offset(asked.Seconds) : asked.Seconds;
        var when = zone.Resolve(wall);
        (string Name, long Instant)[] passes = when.Kind switch
        {
            WallTimeKind.Twice => [("first", when.First), ("second", when.Second)],
            WallTimeKind.Skipped => [("gap-end", when.First)],
            _ => [("only", when.First)],
        };
        return new ScheduleExplanation
        {
            Wall = wall,
            Zone = zone,
            Kind = when.Kind,
            Schedule = schedule,
            Passes = [.. passes.Where(pass => !asked.IsInstant || pass.Instant == asked.Seconds)
                .Select(pass => new WallPass(pass.Name, pass.Instant, zone.Offset(pass.Instant), schedule?.IsActive(At(pass.Instant))))],
            Changes = schedule is null ? [] : [.. NextChanges(schedule, when.First).Take(ChangesMax)],
            Shifts = [.. NextShifts(zone, when.Kind == WallTimeKind.Skipped ? when.First - 1 : when.First).Take(ShiftsMax)],
        };
    }

    private static IEnumerable<ScheduleChange> NextChanges(Schedule schedule, long after)
    {
        for (var at = schedule.NextChange(At(after)); at.HasValue; at = schedule.NextChange(at))
        {
            var instant = at.UnixMilliseconds / 1000;
            yield return new ScheduleChange(instant, schedule.Zone.Offset(instant), schedule.IsActive(at));
        }
    }

    private static IEnumerable<ClockShift> NextShifts(ZoneRules zone, long after)
    {
        for (var at = zone.NextShift(after); at != long.MaxValue; at = zone.NextShift(at))
        {
            yield return new ClockShift(at, zone.Offset(at - 1), zone.Offset(at));
        }
    }

    private static Timestamp At(long seconds) => Timestamp.FromUnixMilliseconds(seconds * 1000);
}
