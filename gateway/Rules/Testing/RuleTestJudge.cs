using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Runs tests and says what came of them.</summary>
internal static class RuleTestJudge
{
    private const int SeriesShownMax = 3;
    private const int ReadingsBefore = 3;
    private const int ReadingsAfter = 3;

    /// <summary>Runs a test with its readings in order.</summary>
    public static RuleTestResult Run(RuleTest test, RuleTestBed bed)
    {
        var arrivals = Arrival.Of(test);
        var run = RuleTestRun.Play(test, bed, bed.Options, arrivals);
        return Result(test, null, Timeline.Compare(test, run), at => RuleTestRun.Play(test, bed, bed.Options, arrivals, at));
    }

    /// <summary>Runs a test with its readings shuffled, once for each seed: the alerts must be those of the readings in order.</summary>
    /// <param name="test">The test.</param>
    /// <param name="bed">What it is run with.</param>
    /// <param name="options">Settings of the engine, which has to wait for late readings.</param>
    /// <param name="lateness">Each reading comes less than this later than it was measured.</param>
    /// <param name="seeds">One run for each.</param>
    public static IEnumerable<RuleTestResult> RunShuffled(
        RuleTest test, RuleTestBed bed, RuleEngineOptions options, TimeSpan lateness, IEnumerable<int> seeds)
    {
        var inOrder = RuleTestRun.Play(test, bed, options, Arrival.Of(test));
        foreach (var seed in seeds)
        {
            var arrivals = Arrival.Shuffled(test, lateness, seed);
            var shuffled = RuleTestRun.Play(test, bed, options, arrivals);
            yield return Result(
                test, seed, Timeline.Compare(test, inOrder, shuffled), at => RuleTestRun.Play(test, bed, options, arrivals, at));
        }
    }

    private static RuleTestResult Result(
        RuleTest test, int? seed, IReadOnlyList<TimelineRow> rows, Func<TimeSpan, RuleTestRun> playUntil)
    {
        var first = rows.FirstOrDefault(row => !row.IsSame);
        if (first is null)
        {
            return new RuleTestResult(test, seed, rows, null);
        }

        // What is missing is explained where it should have been, what is there where it is.
        var entry = first.Happened ?? first.Expected!;
        var about = About(test, entry);
        var why = new List<string>();
        if (entry.Because.Length > 0)
        {
            why.Add(entry.Because);
        }

        if (entry.Rule.Length > 0)
        {
            var run = playUntil(entry.At);
            var names = run.Instances.Where(it => it.Rule == entry.Rule && Concerns(entry, it.Series))
                .Select(it => it.Series.Name).Distinct().Take(SeriesShownMax).ToList();
            why.AddRange((names.Count > 0 ? names : about.ConvertAll(series => series.Name))
                .Select(name => string.Join('\n', run.Explain(entry.Rule, name))).Distinct().SelectMany(lines => lines.Split('\n')));
        }

        var around = about.ConvertAll(series => new SeriesExcerpt(series, Around(series.Readings, entry.At)));
        return new RuleTestResult(test, seed, rows, new RuleTestFailure(first, entry.At, why, around));
    }

    private static bool Concerns(TimelineEntry entry, Series series) =>
        (entry.Device is null || series.Device == entry.Device) && (entry.Metric is null || series.Metric == entry.Metric);

    // For a group, and a device as a whole, any series may be what it is about.
    private static List<TestSeries> About(RuleTest test, TimelineEntry entry)
    {
        var about = test.Series
            .Where(series => (entry.Device is null || series.Device == entry.Device)
                && (entry.Metric is null or "" || series.Metric == entry.Metric))
            .ToList();
        return [.. (about.Count == 0 ? test.Series : about).Take(SeriesShownMax)];
    }

    private static List<TestReading> Around(IReadOnlyList<TestReading> readings, TimeSpan at)
    {
        var after = 0;
        while (after < readings.Count && readings[after].At <= at)
        {
            after++;
        }

        var from = Math.Max(0, after - ReadingsBefore - 1);
        return [.. readings.Skip(from).Take(after - from + ReadingsAfter)];
    }
}
