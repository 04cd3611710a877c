using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Hosting.Planning;
using Xunit;

namespace IotEvents.Tests.Gateway.Hosting.Planning;

public sealed class PlanRangeTests
{
    private static readonly Timestamp Newest = At("2026-03-01T12:00:00Z");

    [Theory]
    [InlineData(null, null, "2026-01-30T12:00:00Z", "2026-03-01T12:00:00.000000001Z")]
    [InlineData("12h", null, "2026-03-01T00:00:00Z", "2026-03-01T12:00:00.000000001Z")]
    [InlineData("2026-02-01", "2026-02-02T06:00:00+06:00", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z")]
    [InlineData("1d", "2026-02-02", "2026-01-31T23:59:59.999999999Z", "2026-02-02T00:00:00Z")]
    [InlineData("10000d", "2027-01-01", "1998-10-14T12:00:00Z", "2026-03-01T12:00:00.000000001Z")]
    public void Within_SinceAndTo_IsFromTheFirstInstantToTheOneBehind(string? since, string? to, string from, string end)
    {
        var range = PlanRange.TryParse(since, to, out var problem);

        Assert.Equal("", problem);
        Assert.Equal((At(from), At(end)), range!.Within(Newest, Newest + TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("forever")]
    [InlineData("200000d")]
    public void Within_AllOfIt_HasNoBegin(string since) =>
        Assert.Equal((Timestamp.None, new Timestamp(Newest.Nanoseconds + 1)), PlanRange.TryParse(since, null, out _)!.Within(Newest, Newest));

    [Fact]
    public void Within_NewestInTheFuture_EndsNow() =>
        Assert.Equal(new Timestamp(Newest.Nanoseconds + 1), PlanRange.TryParse("1d", null, out _)!.Within(Newest + TimeSpan.FromDays(3), Newest)!.Value.To);

    [Theory]
    [InlineData("2026-04-01", null)]
    [InlineData("2020-01-01", "2020-01-01T00:00:00.000000001Z")]
    public void Within_NothingBefore_IsNothing(string since, string? to)
    {
        var range = PlanRange.TryParse(since, to, out _)!;

        Assert.Null(range.Within(Timestamp.None, Newest));
        Assert.Equal(since == "2026-04-01", range.Within(Newest, Newest) is null);
    }

    [Theory]
    [InlineData("soon", null, "'soon' is neither a length of time nor an instant; write it like 30d")]
    [InlineData("0s", null, "'0s' is neither")]
    [InlineData("-1d", null, "'-1d' is neither")]
    [InlineData("2026-02-30", null, "'2026-02-30' is neither")]
    [InlineData("1d", "30d", "'30d' is no instant; write it like 2026-01-31")]
    [InlineData("2026-02-02", "2026-02-01", "'2026-02-02' is not before '2026-02-01'; swap them")]
    public void TryParse_WhatIsNone_SaysHowToWriteIt(string since, string? to, string problem)
    {
        Assert.Null(PlanRange.TryParse(since, to, out var said));
        Assert.StartsWith(problem, said, StringComparison.Ordinal);
    }

    private static Timestamp At(string text) =>
        PlanRange.TryParse(text, null, out _) is { Begin.HasValue: true } range ? range.Begin : throw new ArgumentException(text);
}
