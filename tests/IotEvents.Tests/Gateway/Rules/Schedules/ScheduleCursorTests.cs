using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Schedules;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Schedules;

public sealed class ScheduleCursorTests
{
    [Theory]
    [InlineData("mon-fri 08:00-18:00 Europe/Berlin")]
    [InlineData("22:00-02:30, sat,sun 12:00-13:00 America/New_York")]
    [InlineData("not 01:45-02:15 except 2026-04-05 Australia/Lord_Howe")]
    [InlineData("mon-sun UTC")]
    public void IsActive_TimesInAnyOrder_IsThatOfTheSchedule(string text)
    {
        const int seed = 44;
        var random = new Random(seed);
        var schedule = ScheduleBench.Parse(text);
        var cursor = new ScheduleCursor(schedule);
        var at = ScheduleBench.At("2026-04-04T00:00:00Z");
        for (var i = 0; i < 20_000; i++)
        {
            // Mostly small steps, both ways; now and then a jump over months.
            at += random.Next(50) == 0 ? TimeSpan.FromDays(random.Next(-100, 101)) : TimeSpan.FromSeconds(random.Next(-3000, 3600));
            Assert.True(schedule.IsActive(at) == cursor.IsActive(at), $"seed {seed}, step {i}: {text} at {at}");
        }
    }

    [Theory]
    [InlineData("mon-fri 08:00-18:00 except 2026-12-25 Europe/Berlin")]
    [InlineData("not 22:00-06:00 America/Santiago")]
    public void IsActive_InsideSpansAndAcrossChanges_AllocatesNothing(string text)
    {
        var cursor = new ScheduleCursor(ScheduleBench.Parse(text));
        var start = ScheduleBench.At("2036-01-01T00:00:00Z");
        Assert.NotEqual(0, Count(cursor, start));
        Assert.Equal(0, Allocations.Least(() => Count(cursor, start)));
    }

    /// <summary>Two years from the last ones that files write out on, in steps of 20 minutes forth and 10 back.</summary>
    private static int Count(ScheduleCursor cursor, Timestamp start)
    {
        var active = 0;
        for (var i = 0; i < 2 * 366 * 72; i++)
        {
            active += cursor.IsActive(start + TimeSpan.FromMinutes(20 * i)) ? 1 : 0;
            active += cursor.IsActive(start + TimeSpan.FromMinutes((20 * i) - 10)) ? 1 : 0;
        }

        return active;
    }
}
