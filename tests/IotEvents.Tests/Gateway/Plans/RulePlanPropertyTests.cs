using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.Gateway.Rules;
using IotEvents.Tests.Gateway.Rules.Worlds;
using Xunit;

namespace IotEvents.Tests.Gateway.Plans;

/// <summary>
/// A plan of any edit of any rules and routes, applied, yields exactly what it showed: the alerts and the notifications of a
/// gateway that always had them, and the receipt of the engine in force. Seeded; a failure prints its seed.
/// </summary>
public sealed class RulePlanPropertyTests
{
    private const int Seeds = 40;

    private static readonly RuleEngineOptions Options = new();

    [Fact]
    public void Plan_OfAnyEdit_AppliedGivesItsAlertsItsNotificationsAndItsReceipt()
    {
        var (alerts, told, fates) = (0, 0, new HashSet<RuleFate>());
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (log, edit, routes) = (Log(seed), new RuleEdit(seed), Routes(seed));
            var plan = Plan(log, edit.Old, edit.New, routes);

            var (live, said) = Live(edit.Old, log);
            var always = Live(edit.New, log).Said;
            Same(seed, "the alerts in force", Said(plan.Alerts.Select(it => it.Old)), Said(said));
            Same(seed, "the planned alerts", Said(plan.Alerts.Select(it => it.New)), Said(always));
            Same(seed, "the notifications in force", Counts(plan.Before), Counts(Queued(said, new AlertsOptions())));
            Same(seed, "the planned notifications", Counts(plan.After), Counts(Queued(always, routes)));
            var applied = Apply(live, edit.New, log);
            Same(seed, "the receipt", Lines(plan.Handover), Lines(applied));
            Same(seed, "what the change ends", Ends(plan.Handover), Ends(applied));
            alerts += plan.Alerts.Count;
            told += plan.After.Values.Sum();
            fates.UnionWith(plan.Handover.Receipt.Lines.Select(line => line.Fate));
        }

        Assert.True(alerts > 20 * Seeds && told > 20 * Seeds, $"only {alerts} alerts and {told} notifications");
        Assert.Equal([RuleFate.Kept, RuleFate.Reset, RuleFate.Dropped], fates.Order());
    }

    [Fact]
    public void Plan_OfARenamedRule_ComparesItsAlertsOfBothIds()
    {
        var (same, moved) = (0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var edit = new RuleEdit(seed);
            var plan = Plan(Log(seed), edit.Old, edit.New, new AlertsOptions());
            Assert.DoesNotContain(plan.Alerts, it => edit.Renamed.Contains(it.Rule));
            foreach (var renamed in plan.Alerts.Where(it => it.Old is { } old && old.Rule != it.Rule))
            {
                Assert.True(edit.Renamed.Contains(renamed.Old!.Rule), $"seed {seed}: {renamed.Old.Rule} is not renamed");
                same += renamed.Change == AlertChange.Same ? 1 : 0;
                moved += renamed.Change == AlertChange.Same ? 0 : 1;
            }
        }

        Assert.True(same > Seeds && moved > Seeds, $"only {same} stay and {moved} do not");
    }

    [Fact]
    public void Handover_OfACopyFromCheckpointAndLog_IsThatOfTheEngineItself()
    {
        var lines = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (log, edit, random) = (RandomWorld.Log(seed), new RuleEdit(seed), new Random(seed + 5));
            var live = new WorldRun(edit.Old) { Options = Options };
            live.Judge(log);
            var copy = new WorldRun(edit.Old)
            {
                Options = Options,
                Checkpoints = _ => random.Next(40) == 0,
                Crashes = step => step == log.Count - 1,
            };
            copy.Judge(log);
            var (itself, copied) = (Apply(live.Engine, edit.New, log), Apply(copy.Engine, edit.New, log));

            Same(seed, "the receipt", Lines(copied), Lines(itself));
            Same(seed, "what the change ends", Ends(copied), Ends(itself));
            lines += copied.Receipt.Lines.Count;
        }

        Assert.True(lines > 2 * Seeds, $"only {lines} lines");
    }

    [Fact]
    public void Plan_OfOtherRulesThanApplied_IsSeenToDiffer()
    {
        // The control: the comparisons above must notice rules and routes that are not those of the plan.
        var (alerts, notifications, receipts) = (0, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (log, edit) = (Log(seed), new RuleEdit(seed));
            var other = new RuleEdit(seed + 1000).New;
            var plan = Plan(log, edit.Old, edit.New, Routes(seed));
            alerts += Said(plan.Alerts.Select(it => it.New)) == Said(Live(other, log).Said) ? 0 : 1;
            notifications += Counts(plan.After) == Counts(Queued(Live(edit.New, log).Said, Routes(seed + 1))) ? 0 : 1;
            receipts += Lines(plan.Handover) == Lines(Apply(Live(edit.Old, log).Engine, other, log)) ? 0 : 1;
        }

        Assert.True(
            alerts == Seeds && notifications > Seeds * 3 / 4 && receipts > Seeds * 3 / 4,
            $"alerts differ {alerts} times, notifications {notifications}, receipts {receipts} of {Seeds}");
    }

    /// <summary>What a plan knows: nobody sets an attribute meanwhile.</summary>
    private static List<WorldStep> Log(int seed) => RandomWorld.Ordered(seed).FindAll(step => step.Command is null);

    private static RulePlan Plan(List<WorldStep> log, RuleSet old, RuleSet @new, AlertsOptions routes) => RulePlan.Make(
        Of(old, new AlertsOptions()), Of(@new, routes), RandomWorld.WholeCatalog(), log.SelectMany(step => step.Readings),
        log[^1].RecordedAt, null, null, TestContext.Current.CancellationToken);

    private static PlannedRules Of(RuleSet rules, AlertsOptions routes) => new(rules, RandomWorld.Devices, routes, Options);

    private static AlertsOptions Routes(int seed)
    {
        var random = new Random(seed);
        Severity[] all = [Severity.Info, Severity.Warning, Severity.Critical];
        return new AlertsOptions
        {
            Routes = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new AlertRoute
            {
                Severities = random.Next(2) == 0 ? [] : [all[random.Next(3)]],
                Rule = random.Next(2) == 0 ? "*" : $"*{random.Next(7)}",
                Device = random.Next(2) == 0 ? "*" : "a*",
                To = random.Next(2) == 0 ? ["phone"] : ["mail", "phone"],
            })],
        };
    }

    /// <summary>A gateway that always had these rules.</summary>
    private static (RuleEngine Engine, List<(Transition It, Timestamp At)> Said) Live(RuleSet rules, List<WorldStep> log)
    {
        var said = new List<(Transition, Timestamp)>();
        var run = new WorldRun(rules) { Options = Options, IsAwake = true, Said = (it, at) => said.Add((it, at)) };
        run.Judge(log);
        return (run.Engine, said);
    }

    /// <summary>What the gateway's own alert book puts into the outbox.</summary>
    private static Dictionary<(string Channel, DateOnly Day), int> Queued(List<(Transition It, Timestamp At)> said, AlertsOptions options)
    {
        var (book, changes) = (new AlertBook(options, new Outbox(options, TimeProvider.System)), new AlertChanges());
        foreach (var (it, at) in said)
        {
            book.Apply([it], at, changes);
        }

        return changes.Outbox.CountBy(it => (it.Channel, DateOnly.FromDateTime(it.QueuedAt.ToDateTimeOffset().UtcDateTime))).ToDictionary();
    }

    private static RuleHandover Apply(RuleEngine engine, RuleSet rules, List<WorldStep> log) =>
        RuleHandover.Make(engine, rules, RandomWorld.Devices, log[^1].RecordedAt);

    private static string Said(IEnumerable<Alert?> alerts) => Sorted(alerts.OfType<Alert>()
        .Select(it => $"{it.Id} {it.Rule} {it.Subject} {it.Severity} {it.RaisedAt} {it.EndedAt} {it.Reason} '{it.HiddenBy}'"));

    private static string Said(List<(Transition It, Timestamp At)> said)
    {
        var transitions = said.ConvertAll(it => it.It).FindAll(it => !it.Historical);
        var ends = transitions.Where(it => it.Kind == TransitionKind.Ended).ToLookup(AlertLife.IdOf);
        return Sorted(transitions.Where(it => it.Kind == TransitionKind.Raised).DistinctBy(AlertLife.IdOf)
            .Select(it => (Raise: it, End: ends[AlertLife.IdOf(it)].FirstOrDefault()))
            .Select(it => $"{AlertLife.IdOf(it.Raise)} {it.Raise.Rule} {it.Raise.Series.Name} {it.Raise.Severity} "
                + $"{it.Raise.RaisedAt} {it.End?.Time ?? Timestamp.None} {it.End?.Reason ?? EndReason.None} '{it.Raise.HiddenBy}'"));
    }

    private static string Counts(IReadOnlyDictionary<(string Channel, DateOnly Day), int> notifications) =>
        Sorted(notifications.Select(it => $"{it.Key.Channel} {it.Key.Day:O} {it.Value}"));

    private static string Lines(RuleHandover handover) =>
        string.Join('\n', handover.Receipt.Lines.Select(line => $"{line.Fate} {line.Rule} {line.Subject} {line.State} {line.Why}"));

    private static string Ends(RuleHandover handover) =>
        string.Join('\n', handover.Ended.Select(it => $"{it.Rule} {it.Series.Name} {it.RaisedAt} {it.Time} {it.Reason}"));

    private static string Sorted(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    private static void Same(int seed, string what, string expected, string actual)
    {
        var (a, b) = (expected.Split('\n'), actual.Split('\n'));
        Assert.True(
            expected == actual,
            $"seed {seed}: {what}\n{string.Join('\n', a.Except(b).Take(5))}\nand really\n{string.Join('\n', b.Except(a).Take(5))}");
    }

    /// <summary>Rules, and an edit of them: some stay, some ask something else, some get another id, some go, some come.</summary>
    private sealed class RuleEdit
    {
        public RuleEdit(int seed)
        {
            var random = new Random(seed);
            var (before, after) = (Texts(random.Next()), Texts(random.Next()));
            var text = new StringBuilder("rules:\n");
            for (var i = 0; i < before.Length; i++)
            {
                var (id, mine, others) = ($"r{i}\n", before[i][3..], after[i][3..]);
                var kind = random.Next(6);
                text.Append(kind switch
                {
                    0 or 1 => $"- id: {id}{mine}",
                    2 or 3 => $"- id: {id}{others}",
                    4 => $"- id: renamed{i}\n  was: {id}{(random.Next(2) == 0 ? mine : others)}",
                    _ => random.Next(2) == 0 ? "" : $"- id: new{i}\n{others}",
                });
                if (kind == 4)
                {
                    Renamed.Add($"r{i}");
                }
            }

            text.Append("- id: always\n  match: { metric: m }\n  raise: value > 6\n");
            Old = Load("rules:\n" + string.Concat(before.Select(rule => $"- id: {rule}")));
            New = Load(text.ToString());
        }

        public RuleSet Old { get; }

        public RuleSet New { get; }

        /// <summary>The ids that are gone because their rules have another one.</summary>
        public HashSet<string> Renamed { get; } = [];

        private static string[] Texts(int seed) => RandomRules.Of(seed).Split("- id: ")[1..];

        private static RuleSet Load(string text)
        {
            var rules = RuleBench.Load(text, out var errors);
            Assert.True(errors.IsEmpty, $"{text}\n{string.Join('\n', errors.All)}");
            return rules;
        }
    }
}
