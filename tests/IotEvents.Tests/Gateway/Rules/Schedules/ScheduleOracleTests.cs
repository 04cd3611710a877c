using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Schedules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Schedules;

/// <summary>Random schedules against the plainest reading of them: minute by minute, on clocks that .NET reads.</summary>
public sealed class ScheduleOracleTests
{
    private static readonly string[] DayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    // The weeks around a shift, and one without.
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-27", 1)]
    [InlineData("Europe/Berlin", "2026-10-23", 2)]
    [InlineData("Europe/Dublin", "2026-10-23", 3)]
    [InlineData("America/New_York", "2026-03-06", 4)]
    [InlineData("America/New_York", "2026-10-30", 5)]
    [InlineData("Australia/Lord_Howe", "2026-04-02", 6)]
    [InlineData("Australia/Lord_Howe", "2026-10-01", 7)]
    [InlineData("Africa/Casablanca", "2026-02-12", 8)]
    [InlineData("Africa/Casablanca", "2026-03-19", 9)]
    [InlineData("Pacific/Apia", "2011-12-28", 10)]
    [InlineData("Pacific/Kwajalein", "1993-08-19", 11)]
    [InlineData("America/Santiago", "2026-04-02", 12)]
    [InlineData("Asia/Kathmandu", "2026-10-23", 13)]
    [InlineData("UTC", "2026-12-30", 14)]
    public void Schedule_Random_IsThatOfTheMinuteByMinuteOracle(string zoneName, string begin, int seed)
    {
        const int days = 6, schedules = 15;
        var random = new Random(seed);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var start = DateTime.ParseExact(begin, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        var walls = Enumerable.Range(0, days * 1440)
            .Select(minute => TimeZoneInfo.ConvertTimeFromUtc(start.AddMinutes(minute), zone)).ToArray();
        for (var round = 0; round < schedules; round++)
        {
            var plain = PlainSchedule.Random(random, start);
            var schedule = ScheduleBench.Parse($"{plain.Text} {zoneName}");
            var cursor = new ScheduleCursor(schedule);
            var expected = walls.Select(plain.IsActive).ToArray();
            var next = Timestamp.None;
            for (var minute = walls.Length - 1; minute >= 0; minute--)
            {
                var at = Timestamp.From(new DateTimeOffset(start.AddMinutes(minute)));
                var because = $"seed {seed}, round {round}: {schedule.Text} at {at}";
                Assert.True(expected[minute] == schedule.IsActive(at), because);
                Assert.True(expected[minute] == cursor.IsActive(at), because);
                Assert.True(expected[minute] == schedule.IsActive(at + TimeSpan.FromSeconds(59.9999999)), because);
                if (minute + 1 < walls.Length && expected[minute + 1] != expected[minute])
                {
                    next = at + TimeSpan.FromMinutes(1);
                }

                // Behind the last change of these days it is some later one.
                var found = schedule.NextChange(at);
                Assert.True(next.HasValue ? found == next : !found.HasValue || found >= At(start, days), $"{because}: {found} for {next}");
            }
        }
    }

    private static Timestamp At(DateTime start, int days) => Timestamp.From(new DateTimeOffset(start.AddDays(days)));

    /// <summary>A schedule as one would explain it, without any of the code under test.</summary>
    private sealed record PlainSchedule(bool IsNot, List<(HashSet<DayOfWeek> Days, int Begin, int End)> Spans, HashSet<DateTime> Except)
    {
        public string Text => (IsNot ? "not " : "")
            + string.Join(", ", Spans.Select(span => $"{string.Join(',', span.Days.Select(day => DayNames[((int)day + 6) % 7]))} "
                + $"{Clock(span.Begin)}-{Clock(span.End)}"))
            + (Except.Count > 0 ? " except " + string.Join(", ", Except.Select(day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))) : "");

        public static PlainSchedule Random(Random random, DateTime start)
        {
            var spans = new List<(HashSet<DayOfWeek>, int, int)>();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                // Nights are where clocks shift; every second edge is there.
                int begin = Edge(random), end = Edge(random);
                end = end == begin ? begin + 1 : end;
                spans.Add(([.. Enum.GetValues<DayOfWeek>().Where(_ => random.Next(3) > 0).DefaultIfEmpty(DayOfWeek.Sunday)], begin, end));
            }

            return new PlainSchedule(random.Next(4) == 0, spans,
                [.. Enumerable.Range(-1, 8).Where(_ => random.Next(6) == 0).Select(day => start.Date.AddDays(day))]);
        }

        public bool IsActive(DateTime wall)
        {
            var minute = (wall.Hour * 60) + wall.Minute;
            var isInside = Spans.Exists(span => span.Begin < span.End
                ? Begins(span.Days, wall.Date) && minute >= span.Begin && minute < span.End
                : (Begins(span.Days, wall.Date) && minute >= span.Begin) || (Begins(span.Days, wall.Date.AddDays(-1)) && minute < span.End));
            return isInside != IsNot;
        }

        private bool Begins(HashSet<DayOfWeek> days, DateTime day) => days.Contains(day.DayOfWeek) && !Except.Contains(day);

        private static int Edge(Random random) => random.Next(2) == 0 ? random.Next(0, 240) : random.Next(0, 1440);

        private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
    }
}
