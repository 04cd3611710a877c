using IotEvents.Devices.Contracts;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Schedules;

public sealed class ScheduleTests
{
    [Fact]
    public void NextChange_HourThatComesTwice_BeginsAndEndsTwice() => Assert.Equal(
        ["2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z", "2026-10-25T01:45:00Z", "2026-10-26T01:15:00Z"],
        Changes("02:15-02:45 Europe/Berlin", "2026-10-24T12:00:00Z", 5));

    [Fact]
    public void NextChange_SpanEndsInTheHourThatComesTwice_IsActiveAgainWhenTheClockGoesBack() => Assert.Equal(
        ["2026-10-24T20:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T21:00:00Z"],
        Changes("22:00-02:30 Europe/Berlin", "2026-10-24T12:00:00Z", 5));

    [Fact]
    public void NextChange_SpanBeginsInTheGap_BeginsAtItsEnd() => Assert.Equal(
        ["2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "2026-03-30T00:30:00Z"],
        Changes("02:30-04:00 Europe/Berlin", "2026-03-28T12:00:00Z", 3));

    [Fact]
    public void NextChange_SpanLiesInTheGap_DoesNotComeThatDay() => Assert.Equal(
        ["2026-03-30T00:15:00Z", "2026-03-30T00:45:00Z"],
        Changes("02:15-02:45 Europe/Berlin", "2026-03-28T12:00:00Z", 2));

    [Fact]
    public void NextChange_SkippedDay_IsLeftOut() => Assert.Equal(
        // Friday 2011-12-30 did not come in Samoa: the span of Thursday is followed by that of Saturday.
        ["2011-12-29T18:00:00Z", "2011-12-30T03:00:00Z", "2011-12-30T18:00:00Z", "2011-12-31T03:00:00Z"],
        Changes("08:00-17:00 Pacific/Apia", "2011-12-29T12:00:00Z", 4));

    [Fact]
    public void NextChange_ClockGoesBackBehindTheLastChangeOfAll_ChangesTwiceMore() => Assert.Equal(
        // The clocks of Newfoundland went back from 00:01 to 23:01: the 6th came back for an hour after the 7th had begun.
        ["2010-11-06T02:30:00Z", "2010-11-07T02:30:00Z", "2010-11-07T02:31:00Z", "2010-11-07T03:30:00Z", "-"],
        Changes("except 2010-11-06 America/St_Johns", "2010-11-05T12:00:00Z", 5));

    [Theory]
    [InlineData("mon-sun UTC", "2026-01-01T00:00:00Z")]
    [InlineData("mon-sun Europe/Berlin", "2026-01-01T00:00:00Z")]
    [InlineData("00:00-12:00, 12:00-24:00 America/New_York", "2026-01-01T00:00:00Z")]
    [InlineData("except 2020-01-01..2020-12-31 Europe/Berlin", "2021-06-01T00:00:00Z")]
    public void NextChange_NeverAgain_IsNone(string text, string after)
    {
        var schedule = ScheduleBench.Parse(text);
        Assert.True(schedule.IsActive(ScheduleBench.At(after)));
        Assert.Equal(Timestamp.None, schedule.NextChange(ScheduleBench.At(after)));
    }

    [Fact]
    public void NextChange_LongException_IsItsEnd() => Assert.Equal(
        ["2036-12-31T23:00:00Z", "2037-01-01T07:00:00Z"],
        Changes("mon-sun 00:00-08:00 except 2026-01-01..2036-12-31 Europe/Berlin", "2026-01-01T12:00:00Z", 2));

    [Fact]
    public void NextChange_BetweenWholeSeconds_IsTheFirstAfter()
    {
        var schedule = ScheduleBench.Parse("08:00-18:00 UTC");
        var change = ScheduleBench.At("2026-05-05T08:00:00Z");
        Assert.Equal(change, schedule.NextChange(new Timestamp(change.Nanoseconds - 1)));
        Assert.False(schedule.IsActive(new Timestamp(change.Nanoseconds - 1)));
        Assert.True(schedule.IsActive(change));
        Assert.Equal(ScheduleBench.At("2026-05-05T18:00:00Z"), schedule.NextChange(change));
        Assert.Equal(ScheduleBench.At("1969-12-31T18:00:00Z"), schedule.NextChange(ScheduleBench.At("1969-12-31T08:00:00Z")));
    }

    [Theory]
    [InlineData("08:00-18:00 UTC")]
    [InlineData("08:00-18:00 Europe/Berlin")]
    [InlineData("not mon-fri 08:00-18:00 America/Santiago")]
    public void NextChange_AtTheEndsOfTime_DoesNotFail(string text)
    {
        var schedule = ScheduleBench.Parse(text);
        Assert.Equal(Timestamp.None, schedule.NextChange(new Timestamp(long.MaxValue)));
        Assert.True(schedule.NextChange(Timestamp.None) > Timestamp.None);
        _ = schedule.IsActive(Timestamp.None);
        _ = schedule.IsActive(new Timestamp(long.MaxValue));
    }

    [Fact]
    public void IsActive_ExceptionsOfTheDayOfTheBegin_LeaveTheNightBeforeAlone()
    {
        var schedule = ScheduleBench.Parse("fri 22:00-06:00 except 2026-10-31 UTC");
        Assert.True(schedule.IsActive(ScheduleBench.At("2026-10-31T05:59:59Z")));
        schedule = ScheduleBench.Parse("fri 22:00-06:00 except 2026-10-30 UTC");
        Assert.False(schedule.IsActive(ScheduleBench.At("2026-10-31T05:59:59Z")));
        Assert.True(ScheduleBench.Parse("not 08:00-18:00 except 2026-12-25 UTC").IsActive(ScheduleBench.At("2026-12-25T12:00:00Z")));
    }

    private static string[] Changes(string text, string after, int count)
    {
        var schedule = ScheduleBench.Parse(text);
        var at = ScheduleBench.At(after);
        var changes = new string[count];
        for (var i = 0; i < count; i++)
        {
            at = schedule.NextChange(at);
            changes[i] = at.ToString();
        }

        return changes;
    }
}
