using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Testing;

public sealed class RecordedSeriesTests
{
    private static readonly Timestamp Start = Timestamp.From(new DateTimeOffset(2026, 2, 3, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("time,level\n2026-02-03T08:00:00Z,1\n2026-02-03T09:00:30+01:00,2.5\n", null, null, "0:1 30:2.5")]
    [InlineData("timestamp;level;x\r\n2026-02-03 08:00:00;1;9\r\n2026-02-03 08:01:00;2;9\r\n", null, null, "0:1 60:2")]
    [InlineData("a\tb\n5\t0\n6\t10\n", "b", null, "0:5 10:6")]
    [InlineData("x,time,y\n1,0,7\n2,20.5,8\n", "time", "y", "0:7 20.5:8")]
    [InlineData("time,level\n1770105600,1\n1770105660000,2\n", null, null, "0:1 60:2")]
    [InlineData("time,level\n0,1\n10,\n20,NaN\n30,null\n\n40,2\n", null, null, "0:1 40:2")]
    [InlineData("\"time\",\"a, \"\"level\"\"\"\n\"0\",\"1\"\n", null, "a, \"level\"", "0:1")]
    public void Read_Table_GivesItsPoints(string text, string? time, string? column, string points)
    {
        var series = RecordedSeries.Read(text, time, column, "level", 100);
        Assert.Null(series.Problem);
        Assert.Equal(points, string.Join(' ', series.Since(Start).Select(it =>
            string.Create(CultureInfo.InvariantCulture, $"{it.At.TotalSeconds}:{it.Value}"))));
    }

    [Theory]
    [InlineData("", null, "The file has no line of column names")]
    [InlineData("time,a,b\n", null, "The file has no column 'level' for the values; it has time, a, b")]
    [InlineData("time,level\n", "when", "The file has no column 'when' for the times; it has time, level")]
    [InlineData("time,level\n0,1\n1,x\n", null, "'x' in line 3 is not a number")]
    [InlineData("time,level\nsoon,1\n", null, "'soon' in line 2 is not a time")]
    [InlineData("time,level\n-5,1\n", null, "'-5' in line 2 is not a time")]
    [InlineData("time,level\n1e300,1\n", null, "'1e300' in line 2 is not a time")]
    [InlineData("time,level\n5\n", null, "Line 2 has only 1 columns")]
    [InlineData("time,level\n1,1\n2,1\n3,1\n4,1\n", null, "The file has more than 3 rows")]
    public void Read_WrongTable_SaysWhatAndWhere(string text, string? time, string problem) =>
        Assert.Equal(problem, RecordedSeries.Read(text, time, null, "level", 3).Problem);

    [Fact]
    public void First_DatedTable_IsItsEarliestTime()
    {
        var dated = RecordedSeries.Read("time,level\n2026-02-03T08:01:00Z,1\n2026-02-03T08:00:00Z,1\n", null, null, "level", 9);
        Assert.Equal(Start, dated.First);
        Assert.False(RecordedSeries.Read("time,level\n0,1\n", null, null, "level", 9).First.HasValue);
    }
}
