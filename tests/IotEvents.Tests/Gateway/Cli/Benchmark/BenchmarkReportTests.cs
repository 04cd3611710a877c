using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Cli.Benchmark;
using IotEvents.Gateway.Rules.Anomaly;
using IotEvents.Tests.TestKit;
using Spectre.Console;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli.Benchmark;

public sealed class BenchmarkReportTests
{
    [Fact]
    public void Threshold_IsMadeOfTheFirstPart()
    {
        // The first 15 of 100 readings are 1 to 15, so the limits are 1 and 15; later only 16 and 0 are beyond them.
        var series = Hourly([.. Enumerable.Range(1, 15).Select(i => (double)i), .. Enumerable.Range(0, 85).Select(i => i switch { 20 => 16.0, 60 => 0, _ => 15 })], (35, 36));
        var score = ScoredMethods.Threshold(series);
        Assert.Equal((2, 1, 1), (score.Alerts, score.TrueAlerts, score.Found));
    }

    [Fact]
    public void Threshold_OfManyReadings_LeavesOneOfAHundredOut()
    {
        // 200 readings first: the second smallest and the second greatest are the limits.
        var first = Enumerable.Range(1, 200).Select(i => (double)i);
        var rest = Enumerable.Repeat(100.0, 1134).ToArray();
        (rest[100], rest[200], rest[300], rest[400]) = (198, 199, 2, 1);
        var score = ScoredMethods.Threshold(Hourly([.. first, .. rest], (400, 400)));
        Assert.Equal((2, 1), (score.Alerts, score.TrueAlerts));
    }

    [Theory]
    [InlineData(50.0)]
    [InlineData(-50.0)]
    public void BestThreshold_FindsTheLimitOnEitherSide(double peak)
    {
        var values = Enumerable.Range(0, 100).Select(i => (double)(i % 7)).ToArray();
        values[60] = peak;
        var score = ScoredMethods.BestThreshold(Hourly(values, (55, 65)));
        Assert.Equal((1.0, 1, 0), (score.F1, score.Alerts, score.FalseAlerts));
    }

    [Fact]
    public void BestThreshold_WithoutWindows_IsNone() =>
        Assert.Equal(0, ScoredMethods.BestThreshold(Hourly([.. Enumerable.Range(0, 50).Select(i => (double)i)])).Alerts);

    [Fact]
    public void Anomaly_AlertsOfTheFirstPart_DoNotCount()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 1000).Select(_ => random.NextDouble()).ToArray();
        (values[100], values[500], values[700]) = (99, 99, 99);
        var score = ScoredMethods.Anomaly(Hourly(values, (499, 501)), new AnomalySettings());
        Assert.Equal((2, 1, TimeSpan.FromHours(1)), (score.Alerts, score.TrueAlerts, score.MeanDelay));
    }

    [Fact]
    public void Totals_TellTheHalvesApart()
    {
        var one = Hourly([1, 2, 3, 4], (2, 3));
        var report = BenchmarkReport.Of([one with { Name = "TravelTime_387" }, one with { Name = "mine" }], (_, _) => { });
        Assert.Equal(["tuned half", "held-out half", "all"], report.Totals.Select(row => row.Name));
        Assert.Equal([1, 1, 2], report.Totals.Select(row => row.Scores[0].Windows));
        Assert.Equal(["held-out half", "all"], BenchmarkReport.Of([one], (_, _) => { }).Totals.Select(row => row.Name));
    }

    [Fact]
    public void Benchmark_WithDefaults_IsBetterThanAThresholdAndSaysSo()
    {
        var report = BenchmarkReport.Of(LabelledFolder.Read(Checkout.Data("nab")), (_, _) => { });
        foreach (var row in report.Totals)
        {
            var (anomaly, threshold, best) = (row.Scores[0], row.Scores[1], row.Scores[2]);
            // As printed in the documentation: about half is found, and half of what is told is true, on both halves.
            Assert.True(anomaly.F1 > 0.45, $"{row.Name}: {anomaly}");
            Assert.True(anomaly.Precision > 2 * threshold.Precision, $"{row.Name}: {anomaly} and {threshold}");
            Assert.True(anomaly.AlertsPerWeek < threshold.AlertsPerWeek / 5, $"{row.Name}: {anomaly} and {threshold}");
            Assert.True(best.F1 >= threshold.F1, $"{row.Name}: {best} and {threshold}");
        }

        Assert.All(report.Series.Where(row => row.Scores[0].Windows == 0), row => Assert.Equal(0, row.Scores[0].Alerts));
    }

    [Fact]
    public void Table_IsAlignedAndSaysWhatItsWordsMean()
    {
        var text = Print(BenchmarkReport.Of([Hourly([1, 2, 3, 4], (2, 3))], (_, _) => { }));
        var lines = text.Split('\n');
        var heading = Array.FindIndex(lines, line => line.Contains("alerts/week", StringComparison.Ordinal));
        var row = Array.FindIndex(lines, line => line.Contains("threshold", StringComparison.Ordinal));
        Assert.True(heading >= 0 && row > heading, text);
        Assert.Equal(lines[heading].IndexOf("found", StringComparison.Ordinal) + 5, lines[row].IndexOf("of 1", StringComparison.Ordinal) + 4);
        Assert.Contains("counted once", text, StringComparison.Ordinal);
        Assert.Contains("held-out", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_HasTheSameNumbers()
    {
        using var output = new MemoryStream();
        BenchmarkJson.Write(output, BenchmarkReport.Of([Hourly([1, 1, 1, 1, 1, 1, 1, 1, 1, 5], (8, 9))], (_, _) => { }));
        using var json = JsonDocument.Parse(output.ToArray());
        var series = json.RootElement.GetProperty("series")[0];
        var threshold = series.GetProperty("methods")[1];
        Assert.Equal(("s", true, "threshold", 1, 1, 1.0, 3600.0, JsonValueKind.Null), (
            series.GetProperty("name").GetString(), series.GetProperty("heldOut").GetBoolean(), threshold.GetProperty("method").GetString(),
            threshold.GetProperty("found").GetInt32(), threshold.GetProperty("alerts").GetInt32(), threshold.GetProperty("f1").GetDouble(),
            threshold.GetProperty("medianDelaySeconds").GetDouble(), series.GetProperty("methods")[0].GetProperty("precision").ValueKind));
        Assert.Equal(2, json.RootElement.GetProperty("totals").GetArrayLength());
    }

    private static string Print(BenchmarkReport report)
    {
        using var text = new StringWriter();
        BenchmarkTable.Write(AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) }), report);
        return text.ToString();
    }

    // A reading each hour, and windows from one reading to another.
    private static LabelledSeries Hourly(double[] values, params (int From, int To)[] windows) => new(
        "s", [.. values.Select((value, i) => new Point(At(i), value))], [.. windows.Select(it => new LabelledWindow(At(it.From), At(it.To)))]);

    private static Timestamp At(int hour) => Timestamp.From(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)) + TimeSpan.FromHours(hour);
}
