using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>
/// What the engine says is a function of the log: whatever crashes, whatever is shuffled within the lateness, the same alerts
/// to the letter. Seeded; a failure prints its seed.
/// </summary>
public sealed class RuleMemoryPropertyTests
{
    private const int Seeds = 25;
    private const int Steps = 250;

    private static readonly string[] OfSeries =
    [
        "value > 5", "value < 3", "change > 2", "value > 4 and change < 0", "avg_over_time(40s) > 5", "max_over_time(1m) >= 9",
        "quantile_over_time(0.5, 1m) > 5", "stddev_over_time(1m) > 3", "rate(1m) > 0.05", "increase(30s) > 4", "delta(1m) > 3",
        "deriv(1m) > 0.02", "predict_linear(1m, 30s) > 8", "changes(1m) > 4", "count_over_time(1m) < 3", "absent_over_time(25s)",
        "avg_over_time(other, 1m) > 5", "value > other", "avg_over_time(tumbling 30s) > 5", "sum_over_time(session 20s) > 30",
        "count of device(\"*\").m where value > 6 >= 2", "value reaches 9 within 1m over 1m",
    ];

    private static readonly string[] OfDevices = ["m > other", "avg_over_time(m, 1m) > other", "m > 5 and other < 4"];

    private static readonly string[] OfGroups =
        ["any of members where value > 8", "count of members where avg_over_time(30s) > 5 >= 2", "avg of members > 6", "all of members where value > 2"];

    [Fact]
    public void Replay_FromACheckpointAfterACrashAnywhere_SaysTheSame() => ForEachSeed((seed, rules) =>
    {
        var log = World(seed);
        var straight = Run(rules, log, crash: _ => false, checkpoint: _ => false);
        var random = new Random(seed + 7);
        var crashed = Run(rules, log, crash: _ => random.Next(9) == 0, checkpoint: _ => random.Next(12) == 0);
        Assert.True(straight == crashed, $"seed {seed}\n{rules}\n{Difference(straight, crashed)}");
    });

    [Fact]
    public void Replay_WithoutWhatACheckpointHeld_SaysSomethingElse()
    {
        // The control: were the memory of no use, forgetting it would change nothing.
        var different = 0;
        ForEachSeed((seed, rules) =>
        {
            var log = World(seed);
            var forgetful = Run(rules, log, crash: i => i % 10 == 9, checkpoint: i => i % 10 == 9, forgets: true);
            different += Run(rules, log, crash: _ => false, checkpoint: _ => false) == forgetful ? 0 : 1;
        });
        Assert.True(different > Seeds / 2, $"only {different} of {Seeds} differ");
    }

    [Fact]
    public void Judge_AnyOrderWithinTheLateness_SaysTheSame() => ForEachSeed((seed, rules) =>
    {
        const int Lateness = 30;
        var ordered = World(seed, withTicks: false);
        var random = new Random(seed + 3);
        var shuffled = ordered.SelectMany(batch => batch.Readings)
            .Select(reading => reading with { ReceivedAt = reading.Time + TimeSpan.FromSeconds(random.Next(0, Lateness + 1)) })
            .OrderBy(reading => reading.ReceivedAt).ThenBy(_ => random.Next())
            .Select(reading => new Batch([reading], reading.ReceivedAt)).ToList();
        var end = new Batch([], ordered[^1].RecordedAt + TimeSpan.FromHours(1));
        var first = Run(rules, [.. ordered, end], _ => false, _ => false, Lateness);
        var second = Run(rules, [.. shuffled, end], _ => false, _ => false, Lateness);
        var (a, b) = (Sorted(first), Sorted(second));
        Assert.True(a == b, $"seed {seed}\n{rules}\n{Difference(a, b)}");
        Assert.DoesNotContain("Historical = True", second, StringComparison.Ordinal);
    });

    [Fact]
    public void Reload_WithTheSameRules_ChangesNothing() => ForEachSeed((seed, rules) =>
    {
        var log = World(seed);
        var random = new Random(seed + 11);
        var straight = Run(rules, log, _ => false, _ => false);
        var reloaded = Run(rules, log, _ => false, _ => false, reload: _ => random.Next(10) == 0);
        Assert.True(straight == reloaded, $"seed {seed}\n{rules}\n{Difference(straight, reloaded)}");
    });

    [Fact]
    public void Evidence_OfEveryRaise_DecidesTheSameAgain()
    {
        var raises = 0;
        ForEachSeed((seed, rules) =>
        {
            var set = RuleBench.Load(rules, out _);
            var engine = new RuleEngine(set, Catalog(), new RuleBench("rules: []"), new RuleEngineOptions { Evidence = true });
            var outcome = new RuleOutcome();
            foreach (var batch in World(seed))
            {
                engine.Judge(batch.Readings, outcome);
                engine.Tick(batch.RecordedAt, outcome);
                foreach (var raise in outcome.Transitions.Where(it => it.Kind == TransitionKind.Raised && !it.Evidence.Json.IsEmpty))
                {
                    raises++;
                    var verdict = EvidenceVerifier.Verify(raise.Evidence.Json.Span);
                    Assert.True(verdict.IsSame, $"seed {seed}\n{rules}\n{raise}\n{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
                }

                outcome.Clear();
            }
        });
        Assert.True(raises > Seeds, $"only {raises} raises");
    }

    private static void ForEachSeed(Action<int, string> check)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            check(seed, RandomRules(new Random(seed)));
        }
    }

    private static string Run(
        string rules, List<Batch> log, Func<int, bool> crash, Func<int, bool> checkpoint,
        double lateness = 0, bool forgets = false, Func<int, bool>? reload = null)
    {
        var set = RuleBench.Load(rules, out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        var options = new RuleEngineOptions { Lateness = TimeSpan.FromSeconds(lateness) };
        var directory = new RuleBench("rules: []");
        var engine = new RuleEngine(set, Catalog(), directory, options);
        var (said, outcome, stored, replayFrom) = (new StringBuilder(), new RuleOutcome(), new Dictionary<string, byte[]>(), 0);
        for (var i = 0; i < log.Count; i++)
        {
            if (reload?.Invoke(i) == true)
            {
                engine.Reload(set, directory, log[i].RecordedAt, outcome);
            }

            engine.Judge(log[i].Readings, outcome);
            engine.Tick(log[i].RecordedAt, outcome);
            outcome.Transitions.ForEach(it => said.Append(it.ToString()).Append('\n'));
            outcome.Clear();
            if (checkpoint(i))
            {
                Store(engine, stored);
                replayFrom = i + 1;
            }

            if (crash(i))
            {
                engine = new RuleEngine(set, Catalog(), directory, options);
                if (!forgets)
                {
                    engine.Restore(stored.Select(it => KeyValuePair.Create(Encoding.Latin1.GetBytes(it.Key), it.Value)).ToList(), log[i].RecordedAt, outcome);
                }

                for (var j = replayFrom; j <= i; j++)
                {
                    engine.Judge(log[j].Readings, outcome);
                    engine.Tick(log[j].RecordedAt, outcome);
                }

                outcome.Clear();
            }
        }

        return said.ToString();
    }

    internal static void Store(RuleEngine engine, Dictionary<string, byte[]> stored)
    {
        foreach (var (key, value) in engine.TakeCheckpoint())
        {
            if (value is null)
            {
                stored.Remove(Encoding.Latin1.GetString(key));
            }
            else
            {
                stored[Encoding.Latin1.GetString(key)] = value;
            }
        }
    }

    internal static string RandomRules(Random random)
    {
        var text = new StringBuilder("rules:\n");
        for (var i = 0; i < 6; i++)
        {
            var scope = random.Next(5);
            var (match, conditions) = scope == 0 ? ("{ device: \"*\" }", OfDevices)
                : scope == 1 ? ("{ metric: m }\n  group: all", OfGroups) : ("{ metric: m }", OfSeries);
            text.Append($"- id: r{i}\n  match: {match}\n  for: {random.Next(0, 3) * random.Next(1, 20)}s\n")
                .Append($"  keep_firing_for: {random.Next(0, 2) * random.Next(1, 30)}s\n")
                .Append($"  missing: {(new[] { "ok", "hold", "alert" })[random.Next(3)]}\n")
                .Append(random.Next(2) == 0 ? $"  missing_after: {random.Next(5, 60)}s\n" : "")
                .Append(random.Next(4) == 0 ? $"  times: {random.Next(1, 3)} of {random.Next(3, 6)}\n" : "")
                .Append(scope > 1 && random.Next(4) == 0 ? "  quality: any\n" : "");
            text.Append(random.Next(4) == 0
                ? $"  levels:\n  - {{ severity: info, raise: '{Pick()}' }}\n  - {{ severity: critical, raise: '{Pick()}', for: 7s }}\n"
                : $"  raise: '{Pick()}'\n");

            string Pick() => conditions[random.Next(conditions.Length)];
        }

        return text.ToString();
    }

    internal static List<Batch> World(int seed, bool withTicks = true)
    {
        var random = new Random(seed);
        var log = new List<Batch>();
        var now = 0.0;
        for (var i = 0; i < Steps; i++)
        {
            now += random.Next(1, 12) * (random.Next(14) == 0 ? 9 : 1);
            var readings = new List<Reading>();
            foreach (var series in Enumerable.Range(0, 4).Where(_ => random.Next(3) > 0))
            {
                var quality = random.Next(15) == 0 ? Quality.Suspect : Quality.Good;
                var delay = !withTicks ? 0 : random.Next(40) == 0 ? 1500 : random.NextDouble();
                readings.Add(new Reading(series, quality, At(now - delay + (series / 100.0)), At(now + (series / 100.0)), random.Next(0, 11)));
            }

            log.Add(new Batch([.. readings], At(now + (withTicks ? random.Next(0, 5) : 0.05))));
        }

        return log;
    }

    internal static SeriesCatalog Catalog()
    {
        var catalog = new SeriesCatalog();
        foreach (var (id, device, metric) in new[] { (0, "a", "m"), (1, "a", "other"), (2, "b", "m"), (3, "b", "other") })
        {
            catalog.Restore(id, device, metric, Unit.None);
        }

        return catalog;
    }

    /// <summary>What happens at the same instant to two series has no order; what other series showed just then belongs to that order.</summary>
    private static string Sorted(string said) => string.Join(
        '\n', said.Split('\n').Select(line => line.Split(", Explanation")[0]).Order(StringComparer.Ordinal));

    private static string Difference(string left, string right)
    {
        var (a, b) = (left.Split('\n'), right.Split('\n'));
        var at = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(i => a[i] != b[i], Math.Min(a.Length, b.Length));
        return $"line {at} of {a.Length} and {b.Length}\n{a.ElementAtOrDefault(at)}\n{b.ElementAtOrDefault(at)}";
    }

    private static Timestamp At(double seconds) => RuleBench.Start + TimeSpan.FromSeconds(seconds);

    internal sealed record Batch(Reading[] Readings, Timestamp RecordedAt);
}
