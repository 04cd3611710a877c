using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Speed;

/// <summary>What has not changed is not written again, and what is not written is found again.</summary>
public sealed class CheckpointSizeTests
{
    private const string States = "kind: states, states: { low: { on: [ { when: value > 5, to: high } ] }, "
        + "high: { severity: info, on: [ { when: value < 5, to: low } ] } }";

    [Theory]
    [InlineData("raise: value > 5")]
    [InlineData("raise: avg_over_time(10m) > 50")]
    [InlineData("kind: absence, after: 1h")]
    [InlineData(States)]
    [InlineData("kind: anomaly, window: 30d, season: none")]
    public void Checkpoint_AfterReadingsThatChangeNothing_HoldsNoInstance(string rule)
    {
        var bench = new RuleBench(Text(rule));
        for (var i = 0; i < 100; i++)
        {
            bench.Read(i, i % 3);
        }

        for (var i = 100; i < 130; i++)
        {
            bench.Engine.Judge([bench.Reading(i, i % 3)], bench.Outcome);
        }

        var keys = bench.Engine.TakeCheckpoint().Select(row => (char)row.Key[0]).ToList();
        Assert.DoesNotContain('i', keys);
        Assert.Contains('s', keys);
    }

    [Theory]
    [InlineData("raise: value > 5, for: 1h")]
    [InlineData(States)]
    [InlineData("kind: stuck, after: 1h")]
    public void Checkpoint_AfterOneThatDoes_HoldsIt(string rule)
    {
        var bench = new RuleBench(Text(rule)).Read(0, 1).Read(1, 2);
        bench.Engine.Judge([bench.Reading(2, 8)], bench.Outcome);
        Assert.Contains('i', bench.Engine.TakeCheckpoint().Select(row => (char)row.Key[0]));
    }

    [Theory]
    [InlineData("kind: anomaly, window: 2h, learn: 30m, season: none, sensitivity: 4, for: 3m")]
    [InlineData("kind: anomaly, window: 6h, learn: 2h, sensitivity: 3, missing: alert, missing_after: 10m")]
    [InlineData("kind: stuck, after: 3m, tolerance: 1")]
    [InlineData("kind: states, states: { low: { on: [ { when: value > 5, to: high } ] }, high: { on: [ { when: value < 5, to: low }, "
        + "{ after: 4m, to: long } ] }, long: { severity: info, on: [ { when: value < 3, to: low }, { after: 9m, to: low } ] } }")]
    public void Restore_OfCheckpointsThatLeaveOutWhatDidNotChange_SaysTheSame(string rule)
    {
        var transitions = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var straight = Play(rule, seed, restarts: false);
            var restarted = Play(rule, seed, restarts: true);
            Assert.True(straight.Said == restarted.Said, $"seed {seed}\n{straight.Said}\n{restarted.Said}");
            Assert.True(straight.Explained == restarted.Explained, $"seed {seed}\n{straight.Explained}\n{restarted.Explained}");
            transitions += straight.Count;
        }

        Assert.True(transitions > 20, $"only {transitions} transitions in all");
    }

    // Each reading is committed at once, so a restart needs no log.
    private static (string Said, string Explained, int Count) Play(string rule, int seed, bool restarts)
    {
        var random = new Random(seed);
        var again = new Random(seed + 1);
        var bench = new RuleBench(Text(rule));
        var (now, high) = (0, 0);
        for (var i = 0; i < 600; i++)
        {
            now += random.Next(20, 90) * (random.Next(60) == 0 ? 20 : 1);
            high = high > 0 ? high - 1 : random.Next(40) == 0 ? random.Next(1, 9) : 0;
            bench.Tick(now - 1).Read(now, (high > 0 ? 30 : 4) + random.Next(0, 4));
            if (restarts && again.Next(5) == 0)
            {
                bench.Restart(now);
            }
        }

        return (string.Join('\n', bench.Transitions.Select(it => $"{RuleBench.Describe(it)} {it.Value} {it.Explanation}")),
            bench.Explain(), bench.Transitions.Count);
    }

    private static string Text(string rule) => $"rules:\n- {{ id: r, match: {{ metric: m }}, {rule} }}\n";
}
