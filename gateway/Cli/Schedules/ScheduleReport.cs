using IotEvents.Devices.Settings.Zones;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Schedules;

/// <summary>Shows an explanation to people: a sentence, then what the time means, then what comes next.</summary>
internal static class ScheduleReport
{
    private const int LineMax = 10_000;

    public static void Write(IAnsiConsole console, ScheduleExplanation it)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            // A file or a pipe has no width.
            console.Profile.Width = LineMax;
        }

        console.MarkupLineInterpolated($"[bold]{Sentence(it)}[/]");
        if (it.Schedule is not null)
        {
            console.MarkupLineInterpolated($"Schedule: {it.Schedule.Text}");
        }

        console.WriteLine();
        Table(console, it.Passes.Select(pass => (new[]
        {
            pass.Name == "gap-end" ? "end of the gap" : pass.Name == "only" ? "once" : $"{pass.Name} pass",
            ScheduleWords.Instant(pass.Instant),
            ScheduleWords.WallWithDay(pass.Instant + pass.Offset),
            ScheduleWords.Offset(pass.Offset),
        }, pass.IsActive, "active", "not active")));
        if (it.Schedule is { } schedule)
        {
            var zone = schedule.Zone.Name == it.Zone.Name ? "" : $" in {schedule.Zone.Name}";
            Title(console, it.Changes.Count > 0 ? $"The schedule changes next{zone}" : "The schedule does not change any more");
            Table(console, it.Changes.Select(change => (new[]
            {
                ScheduleWords.Instant(change.Instant),
                ScheduleWords.WallWithDay(change.Instant + change.Offset),
                ScheduleWords.Offset(change.Offset),
            }, (bool?)change.IsActive, "active from here", "not active from here")));
        }

        Title(console, it.Shifts.Count > 0 ? $"The clocks of {it.Zone.Name} change" : $"The clocks of {it.Zone.Name} do not change");
        Table(console, it.Shifts.Select(shift => (new[]
        {
            ScheduleWords.Instant(shift.Instant),
            ScheduleWords.WallWithDay(shift.Instant + shift.Before),
            $"becomes {Short(shift.Instant + shift.Before, shift.Instant + shift.After)}",
            $"{ScheduleWords.Offset(shift.Before)} becomes {ScheduleWords.Offset(shift.After)}",
        }, (bool?)null, "", "")));
    }

    private static string Sentence(ScheduleExplanation it)
    {
        var time = $"{ScheduleWords.DateAndTime(it.Wall)} in {it.Zone.Name}";
        if (it.Kind == WallTimeKind.Once)
        {
            return $"{time} comes once.";
        }

        // Asked for the second pass as an instant, the shift is behind it.
        var shift = it.Kind == WallTimeKind.Skipped ? it.Passes[0].Instant : it.Zone.NextShift(it.Zone.Resolve(it.Wall).First);
        long before = shift + it.Zone.Offset(shift - 1), after = shift + it.Zone.Offset(shift);
        var move = $"at {Short(it.Wall, before)} the clocks go {(after > before ? "forward" : "back")} to {Short(before, after)}";
        return it.Kind == WallTimeKind.Twice
            ? $"{time} comes twice: {move}."
            : $"{time} does not exist: {move}. What falls into the gap is taken at its end.";
    }

    /// <summary>A wall time beside another: its date only when that is another one.</summary>
    private static string Short(long beside, long wall) =>
        ScheduleWords.IsSameDay(beside, wall) ? ScheduleWords.Time(wall) : ScheduleWords.DateAndTime(wall);

    private static void Title(IAnsiConsole console, string title)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{title}[/]");
    }

    private static void Table(IAnsiConsole console, IEnumerable<(string[] Cells, bool? IsActive, string Yes, string No)> rows)
    {
        var all = rows.ToList();
        foreach (var (cells, isActive, yes, no) in all)
        {
            var line = string.Join("  ", cells.Select((cell, i) => cell.PadRight(all.Max(row => row.Cells[i].Length))));
            switch (isActive)
            {
                case true:
                    console.MarkupLineInterpolated($"  {line}  [green]● {yes}[/]");
                    break;
                case false:
                    console.MarkupLineInterpolated($"  {line}  [grey]○ {no}[/]");
                    break;
                default:
                    console.MarkupLineInterpolated($"  {line.TrimEnd()}");
                    break;
            }
        }
    }
}
