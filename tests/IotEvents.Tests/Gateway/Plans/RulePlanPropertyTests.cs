using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.Gateway.Rules;
using Xunit;
using static IotEvents.Tests.Gateway.Plans.PlanWorld;

namespace IotEvents.Tests.Gateway.Plans;

/// <summary>
/// A plan of any edit of any rules, applied, yields exactly what it showed: the alerts of an engine that always had the new
/// rules, and the receipt of the engine in force. Seeded; a failure prints its seed.
/// </summary>
public sealed class RulePlanPropertyTests
{
    private const int Seeds = 40;

    private static readonly RuleBench Devices = new("rules: []");

    [Fact]
    public void Plan_OfAnyEdit_AppliedGivesItsAlertsAndItsReceipt()
    {
        var (alerts, fates) = (0, new HashSet<RuleFate>());
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = World(seed, withTicks: false);
            var (old, planned) = Edit(seed);
            var plan = Plan(world, old, planned);

            var live = Live(old, world);
            Same(seed, "the alerts in force", Said(plan.Alerts.Select(it => it.Old)), Said(live.Transitions));
            Same(seed, "the planned alerts", Said(plan.Alerts.Select(it => it.New)), Said(Live(planned, world).Transitions));
            var applied = Apply(live.Engine, planned, world);
            Same(seed, "the receipt", Lines(plan.Handover), Lines(applied));
            Same(seed, "what the change ends", Ends(plan.Handover), Ends(applied));
            alerts += plan.Alerts.Count;
            fates.UnionWith(plan.Handover.Receipt.Lines.Select(line => line.Fate));
        }

        Assert.True(alerts > 20 * Seeds, $"only {alerts} alerts");
        Assert.Equal([RuleFate.Kept, RuleFate.Reset, RuleFate.Dropped], fates.Order());
    }

    [Fact]
    public void Handover_OfACopyFromCheckpointAndLog_IsThatOfTheEngineItself()
    {
        var lines = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = World(seed);
            var (old, planned) = Edit(seed);
            var (live, copy) = (Recorded(old, world), Copy(old, world, seed));
            var (itself, copied) = (Apply(live, planned, world), Apply(copy, planned, world));

            Same(seed, "the receipt", Lines(copied), Lines(itself));
            Same(seed, "what the change ends", Ends(copied), Ends(itself));
            lines += copied.Receipt.Lines.Count;
        }

        Assert.True(lines > 2 * Seeds, $"only {lines} lines");
    }

    [Fact]
    public void Plan_OfOtherRulesThanApplied_IsSeenToDiffer()
    {
        // The control: the comparisons above must notice rules that are not those of the plan.
        var (alerts, receipts) = (0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = World(seed, withTicks: false);
            var (old, planned) = Edit(seed);
            var other = Edit(seed + 1000).Planned;
            var plan = Plan(world, old, planned);
            alerts += Said(plan.Alerts.Select(it => it.New)) == Said(Live(other, world).Transitions) ? 0 : 1;
            receipts += Lines(plan.Handover) == Lines(Apply(Live(old, world).Engine, other, world)) ? 0 : 1;
        }

        Assert.True(alerts == Seeds && receipts > Seeds * 3 / 4, $"alerts differ {alerts} times, receipts {receipts} of {Seeds}");
    }

    private static RulePlan Plan(List<Batch> world, RuleSet old, RuleSet planned) => RulePlan.Make(
        Of(old), Of(planned), Catalog(), world.SelectMany(batch => batch.Readings), world[^1].RecordedAt, null, null,
        TestContext.Current.CancellationToken);

    private static PlannedRules Of(RuleSet rules) => new(rules, Devices, new AlertsOptions(), new RuleEngineOptions());

    /// <summary>Rules, and an edit of them: some stay, some ask something else, some get another id, some go, some come.</summary>
    private static (RuleSet Old, RuleSet Planned) Edit(int seed)
    {
        var random = new Random(seed);
        var (before, after) = (Rules(RandomRules(random)), Rules(RandomRules(random)));
        var text = new StringBuilder("rules:\n");
        for (var i = 0; i < before.Length; i++)
        {
            var (id, mine, others) = ($"r{i}\n", before[i][3..], after[i][3..]);
            text.Append(random.Next(6) switch
            {
                0 or 1 => $"- id: {id}{mine}",
                2 or 3 => $"- id: {id}{others}",
                4 => $"- id: renamed{i}\n  was: {id}{(random.Next(2) == 0 ? mine : others)}",
                _ => random.Next(2) == 0 ? "" : $"- id: new{i}\n{others}",
            });
        }

        text.Append("- id: always\n  match: { metric: m }\n  raise: value > 6\n");
        return (Load("rules:\n" + string.Concat(before.Select(rule => $"- id: {rule}"))), Load(text.ToString()));
    }

    private static string[] Rules(string text) => text.Split("- id: ")[1..];

    private static RuleSet Load(string text)
    {
        var rules = RuleBench.Load(text, out var errors);
        Assert.True(errors.IsEmpty, $"{text}\n{string.Join('\n', errors.All)}");
        return rules;
    }

    /// <summary>A gateway that wakes for each message as it comes, and for what is due before the next one.</summary>
    private static (RuleEngine Engine, List<Transition> Transitions) Live(RuleSet rules, List<Batch> world)
    {
        var (engine, outcome) = (new RuleEngine(rules, Catalog(), Devices, new RuleEngineOptions()), new RuleOutcome());
        foreach (var reading in world.SelectMany(batch => batch.Readings))
        {
            while (engine.NextDeadline is { HasValue: true } due && due < reading.ReceivedAt)
            {
                engine.Tick(due, outcome);
            }

            engine.Judge([reading], outcome);
            engine.Tick(reading.ReceivedAt, outcome);
        }

        engine.Tick(world[^1].RecordedAt, outcome);
        return (engine, outcome.Transitions);
    }

    /// <summary>An engine that judged the log, batch by batch.</summary>
    private static RuleEngine Recorded(RuleSet rules, List<Batch> world)
    {
        var (engine, outcome) = (new RuleEngine(rules, Catalog(), Devices, new RuleEngineOptions()), new RuleOutcome());
        foreach (var batch in world)
        {
            engine.Judge(batch.Readings, outcome);
            engine.Tick(batch.RecordedAt, outcome);
        }

        return engine;
    }

    /// <summary>What a journal keeps of it: checkpoints now and then, and the log behind the last.</summary>
    private static RuleEngine Copy(RuleSet rules, List<Batch> world, int seed)
    {
        var random = new Random(seed + 5);
        var (engine, outcome) = (new RuleEngine(rules, Catalog(), Devices, new RuleEngineOptions()), new RuleOutcome());
        var (stored, next) = (new Dictionary<string, byte[]>(), 0);
        for (var i = 0; i < world.Count; i++)
        {
            engine.Judge(world[i].Readings, outcome);
            engine.Tick(world[i].RecordedAt, outcome);
            if (random.Next(40) == 0)
            {
                Store(engine, stored);
                next = i + 1;
            }
        }

        var copy = new RuleEngine(rules, Catalog(), Devices, new RuleEngineOptions());
        copy.Restore(
            stored.Select(it => KeyValuePair.Create(Encoding.Latin1.GetBytes(it.Key), it.Value)).ToList(), Timestamp.None, new RuleOutcome());
        foreach (var batch in world.Skip(next))
        {
            copy.Judge(batch.Readings, outcome);
            copy.Tick(batch.RecordedAt, outcome);
        }

        return copy;
    }

    private static RuleHandover Apply(RuleEngine engine, RuleSet rules, List<Batch> world) =>
        RuleHandover.Make(engine, rules, Devices, world[^1].RecordedAt);

    private static string Said(IEnumerable<PlannedAlert?> alerts) => Sorted(alerts.OfType<PlannedAlert>()
        .Select(it => $"{it.Id} {it.Rule} {it.Subject} {it.Severity} {it.RaisedAt} {it.EndedAt} {it.Reason}"));

    private static string Said(List<Transition> transitions)
    {
        var ends = transitions.Where(it => it.Kind == TransitionKind.Ended && !it.Historical)
            .ToLookup(it => (it.Rule, it.Series.Name, it.RaisedAt));
        return Sorted(transitions.Where(it => it.Kind == TransitionKind.Raised && !it.Historical)
            .DistinctBy(it => (it.Rule, it.Series.Name, it.RaisedAt))
            .Select(it => (Raise: it, End: ends[(it.Rule, it.Series.Name, it.RaisedAt)].FirstOrDefault()))
            .Select(it => $"{AlertIds.Alert(it.Raise.Rule, it.Raise.Series.Name, it.Raise.RaisedAt)} {it.Raise.Rule} {it.Raise.Series.Name} "
                + $"{it.Raise.Severity} {it.Raise.RaisedAt} {it.End?.Time ?? Timestamp.None} {it.End?.Reason ?? EndReason.None}"));
    }

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
}
