using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Lays what was expected beside what happened.</summary>
internal static class Timeline
{
    /// <summary>The lines of a comparison, in the order of time.</summary>
    /// <param name="test">The test.</param>
    /// <param name="run">Its run.</param>
    public static IReadOnlyList<TimelineRow> Compare(RuleTest test, RuleTestRun run)
    {
        var happened = run.Transitions.Where(it => test.LooksAt(it.Rule) || IsForbidden(test, it.Rule)).ToList();
        var rows = test.Alerts is null
            ? [.. happened.Where(it => IsForbidden(test, it.Rule)).Select(it => Extra(test, it))]
            : Alerts(test.Alerts, happened, test);
        rows.AddRange(run.States.Select(found => State(found)));
        rows.AddRange(run.Refused.Select(Refused));
        rows.AddRange(Idle(test, run));
        return [.. rows.OrderBy(row => row.At)];
    }

    /// <summary>The lines of a comparison of two runs: the alerts of the one are what is expected of the other.</summary>
    public static IReadOnlyList<TimelineRow> Compare(RuleTest test, RuleTestRun inOrder, RuleTestRun shuffled)
    {
        var expected = inOrder.Transitions.Where(it => test.LooksAt(it.Rule)).Select(it => new ExpectedAlert
        {
            At = it.Time - test.Start,
            Kind = it.Kind,
            Rule = it.Rule,
            Device = it.Series.Device,
            Metric = it.Series.Metric,
            Severity = it.Severity,
            Reason = it.Kind == TransitionKind.Ended ? it.Reason : null,
            Value = new Quantity(it.Value, it.Series.Unit),
            Historical = it.Historical ? true : null,
        }).ToList();
        var rows = Alerts(expected, shuffled.Transitions.Where(it => test.LooksAt(it.Rule)).ToList(), test);
        return [.. rows.OrderBy(row => row.At)];
    }

    private static List<TimelineRow> Alerts(IReadOnlyList<ExpectedAlert> expected, List<Transition> happened, RuleTest test)
    {
        var expectedOf = AlertMatching.Match(expected, happened, test.Start);
        var matched = expectedOf.ToHashSet();
        var rows = new List<TimelineRow>();
        var left = new List<Transition>();
        for (var i = 0; i < happened.Count; i++)
        {
            if (expectedOf[i] < 0)
            {
                left.Add(happened[i]);
            }
            else
            {
                rows.Add(Row(test, expected[expectedOf[i]], happened[i], ""));
            }
        }

        for (var i = 0; i < expected.Count; i++)
        {
            if (!matched.Contains(i))
            {
                rows.Add(Unmatched(test, expected[i], left));
            }
        }

        rows.AddRange(left.Select(it => Extra(test, it)));
        return rows;
    }

    // What comes close belongs on the same line: then the line can say in what it is wrong.
    private static TimelineRow Unmatched(RuleTest test, ExpectedAlert expected, List<Transition> left)
    {
        var near = left
            .Where(it => it.Kind == expected.Kind && it.Rule == expected.Rule
                && (expected.Device is null || expected.Device == it.Series.Device)
                && (expected.Metric is null || expected.Metric == it.Series.Metric))
            .MinBy(it => (it.Time - test.Start - expected.At).Duration());
        if (near is null)
        {
            return new TimelineRow(Entry(expected), null, "did not happen");
        }

        left.Remove(near);
        return Row(test, expected, near, string.Join(", ", AlertWords.Differences(expected, near, test.Start)));
    }

    private static TimelineRow Extra(RuleTest test, Transition it) =>
        new(null, Entry(test, it, withSummary: false), IsForbidden(test, it.Rule) ? "must never fire" : "not expected");

    private static TimelineRow Row(RuleTest test, ExpectedAlert expected, Transition happened, string problem) =>
        new(Entry(expected), Entry(test, happened, expected.Summary is not null), problem);

    private static TimelineEntry Entry(ExpectedAlert it) => new(it.At, AlertWords.Say(it), it.Rule, it.Device, it.Metric);

    private static TimelineEntry Entry(RuleTest test, Transition it, bool withSummary) => new(
        it.Time - test.Start, AlertWords.Say(it, withSummary), it.Rule, it.Series.Device, it.Series.Metric,
        TestWords.SinceStart(it.Explanation, test.Start));

    private static TimelineRow State(RuleTestRun.StateFound found)
    {
        var expected = found.Expected;
        var fits = found.Standings.Where(it => it.Status.State == expected.State && it.Status.Problem.Length == 0).ToList();
        var isRight = expected.State == RuleState.Normal
            ? fits.Count > 0 && fits.Count == found.Standings.Count
            : fits.Count > 0;
        var isExplained = expected.Explain is null || fits.Exists(it => Glob.Matches(expected.Explain, it.Explanation));
        var shown = isRight ? fits[0] : found.Standings.OrderBy(it => it.Status.State == expected.State).FirstOrDefault();
        var happened = shown is null ? null : new TimelineEntry(
            expected.At, $"{AlertWords.StateName(shown.Status.State)} {expected.Rule}, {shown.Status.Series.Name}", expected.Rule,
            shown.Status.Series.Device, shown.Status.Series.Metric);
        var problem = shown is null ? "judges no series yet"
            : !isRight ? shown.Status.Problem.Length > 0 ? "set aside" : $"is {AlertWords.StateName(shown.Status.State)}"
            : isExplained ? "" : "another explanation";
        return new TimelineRow(
            new TimelineEntry(expected.At, AlertWords.Say(expected), expected.Rule, expected.Device, expected.Metric), happened, problem);
    }

    private static TimelineRow Refused(RuleTestRun.RefusedOverride it) => new(
        new TimelineEntry(it.Override.At, it.Override.Words, "", it.Override.Device, null, $"{it.Answer.Problem}. {it.Answer.Mend}."),
        null, "refused");

    // A test that nothing was judged in would pass for whatever reason.
    private static IEnumerable<TimelineRow> Idle(RuleTest test, RuleTestRun run)
    {
        var judging = run.Instances.Where(it => test.LooksAt(it.Rule) || IsForbidden(test, it.Rule)).ToList();
        foreach (var instance in judging.Where(it => it.Problem.Length > 0))
        {
            yield return new TimelineRow(null, new TimelineEntry(
                test.End, $"{instance.Rule} is set aside, {instance.Series.Name}", instance.Rule,
                instance.Series.Device, instance.Series.Metric, instance.Problem), "set aside");
        }

        if (judging.Count == 0)
        {
            yield return new TimelineRow(
                null, new TimelineEntry(test.End, "no rule judges any series of this test", "", null, null), "proves nothing");
        }
    }

    private static bool IsForbidden(RuleTest test, string rule) => test.Never.Any(pattern => Glob.Matches(pattern, rule));
}
