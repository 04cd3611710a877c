using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Reads the list <c>expect</c> of a test.</summary>
/// <param name="rules">The rules that are tested.</param>
/// <param name="series">The series of the test.</param>
/// <param name="start">When it begins.</param>
internal sealed class ExpectationReader(RuleSet rules, IReadOnlyList<TestSeries> series, Timestamp start)
{
    private const int ExpectationsMax = 2_000;

    private static readonly string[] Verbs = ["raised", "ended", "pending", "firing", "normal"];

    private readonly List<ExpectedAlert> _alerts = [];
    private readonly List<ExpectedState> _states = [];

    /// <summary>The alerts, in the order of their times.</summary>
    public IReadOnlyList<ExpectedAlert> Alerts => [.. _alerts.OrderBy(it => it.At)];

    /// <summary>The states, in the order of their times.</summary>
    public IReadOnlyList<ExpectedState> States => [.. _states.OrderBy(it => it.At)];

    /// <summary>The latest time at which something may be expected.</summary>
    public TimeSpan End => _alerts.Select(it => it.At + it.Within).Concat(_states.Select(it => it.At)).DefaultIfEmpty().Max();

    /// <summary>Reads the list.</summary>
    /// <param name="test">The test; its key <c>expect</c> is read.</param>
    public void Read(SettingsMap test)
    {
        var items = test.Maps("expect");
        if (items.Count > ExpectationsMax)
        {
            test.Refuse("expect", $"There are {items.Count} expectations; at most {ExpectationsMax} are read", "split the test");
            return;
        }

        foreach (var item in items)
        {
            ReadItem(item);
            item.Done();
        }
    }

    private void ReadItem(SettingsMap item)
    {
        var at = TestTime.Read(item, start);
        var verbs = Verbs.Where(item.Has).ToList();
        if (verbs.Count != 1)
        {
            item.Refuse(verbs.Count == 0 ? "" : verbs[1], "An expectation says one thing about one rule",
                "add one of raised: RULE, ended: RULE, pending: RULE, firing: RULE, normal: RULE");
        }

        var rule = verbs.Count == 0 ? "" : item.RequiredText(verbs[0], "freezer-warm");
        if (rule.Length > 0 && !rules.Rules.Any(it => it.Id == rule))
        {
            item.Refuse(verbs[0], $"No rule is called '{rule}'", TestWords.Mend(rule, rules.Rules.Select(it => it.Id)));
        }

        // Which groups there are is known only when they appear.
        var isOfGroup = rules.Rules.Any(it => it.Id == rule && it.Scope == RuleScope.Group);
        var device = isOfGroup ? item.OptionalText("group") : TestNames.Read(item, "device", series, it => it.Device);
        var metric = TestNames.Read(item, "metric", series, it => it.Metric);
        switch (verbs.FirstOrDefault())
        {
            case "raised" or "ended":
                _alerts.Add(ReadAlert(item, at, rule, device, metric, isRaised: verbs[0] == "raised"));
                break;
            case { } state:
                _states.Add(new ExpectedState
                {
                    At = at,
                    Rule = rule,
                    State = state == "pending" ? RuleState.Pending : state == "firing" ? RuleState.Firing : RuleState.Normal,
                    Device = device,
                    Metric = metric,
                    Explain = item.OptionalText("explain"),
                });
                break;
        }
    }

    private static ExpectedAlert ReadAlert(
        SettingsMap item, TimeSpan at, string rule, string? device, string? metric, bool isRaised) => new()
        {
            At = at,
            Within = item.Duration("within", TimeSpan.Zero, TimeSpan.Zero, RuleTestReader.Longest),
            Kind = isRaised ? TransitionKind.Raised : TransitionKind.Ended,
            Rule = rule,
            Device = device,
            Metric = metric,
            Severity = item.Has("severity") ? item.Choice("severity", Severity.Info,
                ("info", Severity.Info), ("warning", Severity.Warning), ("critical", Severity.Critical)) : null,
            Reason = !isRaised && item.Has("reason") ? item.Choice("reason", EndReason.Recovered, [.. Reasons()]) : null,
            Value = item.Measure("value") is { } value ? new Quantity(value.Value, value.Unit) : null,
            Summary = item.OptionalText("summary"),
            Historical = item.Has("historical") ? item.Flag("historical", false) : null,
        };

    private static IEnumerable<(string Name, EndReason Value)> Reasons() =>
        Enum.GetValues<EndReason>().Where(reason => reason != EndReason.None).Select(reason => (reason.Name(), reason));
}
