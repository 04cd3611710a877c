using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Cli.Benchmark;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli.Benchmark;

public sealed class LabelledFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-nab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_SeriesAndWindows()
    {
        Write("labels.json", """
            { "b": { "windows": [] },
              "a": { "points": ["x"], "windows": [["2014-04-10 16:15:00.000000", "2014-04-12 01:45:00.000000"]] } }
            """);
        Write("b.csv", "timestamp,value\n2014-04-01 00:00:00,1\n");
        Write("a.csv", "timestamp,value\n2014-04-01 00:05:00,20.5\n2014-04-01 00:00:00,7\n2014-04-01 00:05:00,-1e3\n");

        var series = LabelledFolder.Read(_folder);

        Assert.Equal(["a", "b"], series.Select(one => one.Name));
        Assert.Equal([new LabelledWindow(At(10, 16, 15), At(12, 1, 45))], series[0].Windows);
        // The one that is older than the one before is not judged in the gateway either.
        Assert.Equal([new Point(At(1, 0, 5), 20.5), new Point(At(1, 0, 5), -1000)], series[0].Points);
        Assert.Empty(series[1].Windows);
    }

    [Theory]
    [InlineData(null, "x", "labels.json")]
    [InlineData("{", "x", "labels.json")]
    [InlineData("[]", "x", "labels.json")]
    [InlineData("{}", "x", "names no series")]
    [InlineData("""{ "a": {} }""", "timestamp,value\n2014-04-01 00:00:00,1", "no windows")]
    [InlineData("""{ "a": { "windows": [["2014-04-10 00:00:00"]] } }""", "timestamp,value\n2014-04-01 00:00:00,1", "window 1 of 'a'")]
    [InlineData("""{ "a": { "windows": [["2014-04-10 00:00:00", "2014-04-09 00:00:00"]] } }""", "timestamp,value\n2014-04-01 00:00:00,1", "window 1 of 'a'")]
    [InlineData("""{ "a": { "windows": [["2014-04-01 00:00:00", "2014-04-03 00:00:00"], ["2014-04-02 00:00:00", "2014-04-04 00:00:00"]] } }""", "timestamp,value\n2014-04-01 00:00:00,1", "window 2 of 'a'")]
    [InlineData("""{ "../a": { "windows": [] } }""", "x", "no name of a file")]
    [InlineData("""{ "b": { "windows": [] } }""", "x", "b.csv")]
    [InlineData("""{ "a": { "windows": [] } }""", "timestamp,value\n", "has no readings")]
    [InlineData("""{ "a": { "windows": [] } }""", "timestamp,value\n2014-04-01 00:00:00", "a.csv:2")]
    [InlineData("""{ "a": { "windows": [] } }""", "timestamp,value\n2014-04-01 00:00:00,1\n2014-04-31 00:00:00,1", "a.csv:3")]
    [InlineData("""{ "a": { "windows": [] } }""", "timestamp,value\n2014-04-01 00:00:00,NaN", "a.csv:2")]
    public void Read_Wrong_SaysWhereAndWhat(string? labels, string values, string message)
    {
        if (labels is not null)
        {
            Write("labels.json", labels);
        }

        Write("a.csv", values);
        var problem = Assert.Throws<LabelledFolderException>(() => LabelledFolder.Read(_folder));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    private static Timestamp At(int day, int hour, int minute) =>
        Timestamp.From(new DateTimeOffset(2014, 4, day, hour, minute, 0, TimeSpan.Zero));

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
