using IotEvents.Simulator.Recordings;
using IotEvents.Tests.Simulator.TestKit;
using Xunit;

namespace IotEvents.Tests.Simulator.Recordings;

public sealed class CsvRecordingTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string, int> Nab => new()
    {
        { "TravelTime_387.csv", 2500 }, { "ambient_temperature_system_failure.csv", 7267 }, { "art_daily_jumpsup.csv", 4032 },
        { "art_daily_perfect_square_wave.csv", 4032 }, { "art_flatline.csv", 4032 }, { "ec2_cpu_utilization_24ae8d.csv", 4032 },
        { "ec2_cpu_utilization_5f5533.csv", 4032 }, { "ec2_cpu_utilization_825cc2.csv", 4032 }, { "ec2_disk_write_bytes_1ef3de.csv", 4730 },
        { "occupancy_t4013.csv", 2500 }, { "rogue_agent_key_updown.csv", 5315 }, { "speed_7578.csv", 1127 },
    };

    public void Dispose() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(Nab))]
    public void Rows_EveryNabFile_EveryRowReads(string name, int rows)
    {
        using var recording = Open(SharedData.Path("nab", name));
        Assert.Equal(["value"], recording.Columns);
        Assert.Equal(rows, recording.Rows().Count(r => !double.IsNaN(r.Values[0])));
        Assert.Equal((0, 0), (recording.RowsWithoutTime, recording.ValuesMissing));
    }

    [Fact]
    public void Rows_AmbientTemperature_FirstRowIsWhatTheFileSays()
    {
        using var recording = Open(SharedData.Path("nab", "ambient_temperature_system_failure.csv"));
        var row = recording.Rows().First();
        Assert.Equal("2013-07-04T00:00:00Z", row.Time.ToString());
        Assert.Equal(69.88083514, row.Values[0]);
    }

    [Theory]
    [InlineData("datatraining.txt", 8143)]
    [InlineData("datatest.txt", 2665)]
    public void Rows_RoomOccupancy_HeaderWithoutItsRowNumberIsUnderstood(string name, int rows)
    {
        using var recording = Open(SharedData.Path("room-occupancy", name));
        Assert.Equal(["Temperature", "Humidity", "Light", "CO2", "HumidityRatio", "Occupancy"], recording.Columns);
        var all = recording.Rows().Select(r => (r.Time, Temperature: r.Values[0])).ToList();
        Assert.Equal((rows, 0L, 0L), (all.Count, recording.RowsWithoutTime, recording.ValuesMissing));
        Assert.All(all, r => Assert.InRange(r.Temperature, 15, 30));
    }

    [Fact]
    public void Rows_AirQuality_DateAndTimeApartDayFirstAndMissingMarks()
    {
        using var recording = Open(SharedData.Path("air-quality", "AirQualityUCI.csv"), new() { Missing = ["-200"] });
        Assert.Equal(13, recording.Columns.Count);
        var times = recording.Rows().Select(r => r.Time).ToList();
        Assert.Equal(("2004-03-10T18:00:00Z", "2005-04-04T14:00:00Z"), (times[0].ToString(), times[^1].ToString()));
        Assert.Equal((9357, 0L, 0L), (times.Count, recording.RowsWithoutTime, recording.ValuesUnreadable));
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(TimeSpan.FromHours(1), pair.Second - pair.First));
        Assert.InRange(recording.ValuesMissing, 10_000, 30_000);
    }

    [Fact]
    public void Rows_BeijingPm25_TimeInFourColumnsAndNa()
    {
        using var recording = Open(SharedData.Path("beijing-pm25", "pollution.csv"), new() { ValueColumns = ["pm2.5", "TEMP"] });
        var rows = recording.Rows().Select(r => (r.Time, Pm: r.Values[0], Temp: r.Values[1])).ToList();
        Assert.Equal((43_824, 2067), (rows.Count, rows.Count(r => double.IsNaN(r.Pm))));
        Assert.Equal("2010-01-01T00:00:00Z", rows[0].Time.ToString());
        Assert.Equal(-11, rows[0].Temp);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(TimeSpan.FromHours(1), pair.Second.Time - pair.First.Time));
    }

    [Theory]
    [InlineData("t;v\n10.03.2004 18:00;1,5\n10.03.2004 19:00;-2\n", ';', true, "2004-03-10T18:00:00Z", 1.5)]
    [InlineData("Date;Time;CO\n10/03/2004;18.00.00;2,6\n11/03/2004;19.00.00;2\n", ';', true, "2004-03-10T18:00:00Z", 2.6)]
    [InlineData("time\tv\n2020-01-02T03:04:05.678Z\t7\n2020-01-02T03:04:06+02:00\t8\n", '\t', false, "2020-01-02T03:04:05.678Z", 7)]
    [InlineData("ts,v\n1577934245,1e3\n1577934246,2\n", ',', false, "2020-01-02T03:04:05Z", 1000)]
    [InlineData("ts,v\n1577934245678,1\n1577934245679,2\n", ',', false, "2020-01-02T03:04:05.678Z", 1)]
    [InlineData("2020-01-02 03:04:05,1.5\n2020-01-02 03:04:06,2\n", ',', false, "2020-01-02T03:04:05Z", 1.5)]
    [InlineData("when,\"a, b\"\n01/02/2020 10:00,3\n01/13/2020 10:00,4\n", ',', false, "2020-01-02T10:00:00Z", 3)]
    [InlineData("when|v\n02/01/2020 10:00|3\n13/01/2020 10:00|4\n", '|', false, "2020-01-02T10:00:00Z", 3)]
    public void TryOpen_EachShape_IsFoundOut(string text, char separator, bool comma, string time, double value)
    {
        File.WriteAllText(_file, text);
        using var recording = Open(_file);
        Assert.Equal((separator, comma), (recording.Separator, recording.DecimalComma));
        var row = recording.Rows().First();
        Assert.Equal((time, value), (row.Time.ToString(), row.Values[0]));
    }

    [Fact]
    public void Rows_HostileValues_AreMissingAndCounted()
    {
        File.WriteAllText(_file, "time,v\n2020-01-01 00:00,1\n2020-01-01 00:01,Infinity\n2020-01-01 00:02,1e999\nnever,5\n2020-01-01 00:03,\n2020-01-01 00:04\n");
        using var recording = Open(_file, new() { TimeColumn = "time", ValueColumns = ["v"] });
        Assert.Equal([1, double.NaN, double.NaN, double.NaN, double.NaN], recording.Rows().Select(r => r.Values[0]).ToList());
        Assert.Equal((1, 4, 2), (recording.RowsWithoutTime, recording.ValuesMissing, recording.ValuesUnreadable));
    }

    [Fact]
    public void Rows_OtherZone_TimesAreItsOwnWithSummerTime()
    {
        File.WriteAllText(_file, "time,v\n2020-01-01 12:00,1\n2020-07-01 12:00,2\n");
        using var recording = Open(_file, new() { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") });
        Assert.Equal(["2020-01-01T11:00:00Z", "2020-07-01T10:00:00Z"], recording.Rows().Select(r => r.Time.ToString()));
    }

    [Theory]
    [InlineData("", null, "is empty")]
    [InlineData("a,b\n1,2\n", null, "No column holds times")]
    [InlineData("time,v\n2020-01-01 00:00,x\n", null, "No column holds numbers")]
    [InlineData("time,v\n2020-01-01 00:00,1\n", "w", "No column is called 'w'")]
    public void TryOpen_NotUsable_SaysWhy(string text, string? column, string what)
    {
        File.WriteAllText(_file, text);
        using var recording = CsvRecording.TryOpen(_file, new() { ValueColumns = column is null ? [] : [column] }, out var problem);
        Assert.Null(recording);
        Assert.Contains(what, problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryOpen_NoFile_SaysSo()
    {
        Assert.Null(CsvRecording.TryOpen(_file + ".none", new(), out var problem));
        Assert.Contains("cannot be read", problem!.Message, StringComparison.Ordinal);
    }

    private static CsvRecording Open(string file, CsvRecordingOptions? options = null)
    {
        var recording = CsvRecording.TryOpen(file, options ?? new(), out var problem);
        Assert.True(recording is not null, problem?.ToString());
        return recording;
    }
}
