namespace IotEvents.Gateway.Rules.Testing;

/// <summary>What one run of a test came to.</summary>
/// <param name="Test">The test.</param>
/// <param name="Seed">The seed its readings were shuffled with; null when they came in order.</param>
/// <param name="Rows">What was expected beside what happened, in the order of time.</param>
/// <param name="Failure">What helps to understand the first difference; null when there is none.</param>
internal sealed record RuleTestResult(RuleTest Test, int? Seed, IReadOnlyList<TimelineRow> Rows, RuleTestFailure? Failure)
{
    /// <summary>True when all is as expected.</summary>
    public bool Passed => Failure is null;
}

/// <summary>One line of the comparison.</summary>
/// <param name="Expected">What was expected; null when it was not.</param>
/// <param name="Happened">What happened; null when nothing did.</param>
/// <param name="Problem">In what the two differ, in a few words; empty when they do not.</param>
internal sealed record TimelineRow(TimelineEntry? Expected, TimelineEntry? Happened, string Problem)
{
    /// <summary>When, since the start of the test; the earlier of the two.</summary>
    public TimeSpan At => Expected is null ? Happened!.At : Happened is null || Expected.At < Happened.At ? Expected.At : Happened.At;

    /// <summary>True when there is nothing to complain about.</summary>
    public bool IsSame => Problem.Length == 0;
}

/// <summary>Something on the time line.</summary>
/// <param name="At">When, since the start of the test.</param>
/// <param name="Text">What, in words.</param>
/// <param name="Rule">The rule it is about.</param>
/// <param name="Device">The device or group it is about; null when that was not said.</param>
/// <param name="Metric">The metric it is about, empty for a device as a whole; null when that was not said.</param>
/// <param name="Because">Why it happened; empty when it is not known.</param>
internal sealed record TimelineEntry(TimeSpan At, string Text, string Rule, string? Device, string? Metric, string Because = "");

/// <summary>What helps to understand a difference.</summary>
/// <param name="First">The first line that differs.</param>
/// <param name="At">The time that is looked at, since the start of the test.</param>
/// <param name="Why">Why it happened, or where the rule stood instead, in lines.</param>
/// <param name="Around">What was sent about that time, series by series.</param>
internal sealed record RuleTestFailure(TimelineRow First, TimeSpan At, IReadOnlyList<string> Why, IReadOnlyList<SeriesExcerpt> Around);

/// <summary>The readings of a series around a time.</summary>
/// <param name="Series">The series.</param>
/// <param name="Readings">Some readings before and after, in the order they were measured.</param>
internal sealed record SeriesExcerpt(TestSeries Series, IReadOnlyList<TestReading> Readings);
