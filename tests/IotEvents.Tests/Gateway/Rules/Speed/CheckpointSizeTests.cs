using IotEvents.Gateway.Rules;
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
    [InlineData("raise: value > -1, for: 30d, missing: alert")]
    [InlineData("levels: [ { severity: info, raise: value > 5 }, { severity: critical, raise: value > 50 } ]")]
    [InlineData("kind: change, by: 50, within: 10m")]
    [InlineData("kind: absence")]
    [InlineData("kind: absence, after: 1h")]
    [InlineData("kind: stuck, after: 1h")]
    [InlineData("kind: stuck, after: 1h, tolerance: 9")]
    [InlineData(States)]
    [InlineData("kind: anomaly, window: 30d, season: none")]
    public void Checkpoint_AfterReadingsThatChangeNothing_HoldsNoInstance(string rule)
    {
        var bench = new RuleBench(Text(rule));
        for (var i = 0; i < 100; i++)
        {
            bench.Read(i, i % 3);
        }

        Assert.Empty(InstancesAfter(bench, 100, i => i % 3));
        Assert.Empty(bench.Transitions);
    }

    [Theory]
    [InlineData("raise: value > 5, clear: value < 3")]
    [InlineData("levels: [ { severity: info, raise: value > 5 }, { severity: critical, raise: value > 50 } ]")]
    [InlineData("raise: avg_over_time(10s) > 5")]
    [InlineData("raise: value > 5, missing: alert")]
    [InlineData("kind: change, by: 4, within: 10m")]
    [InlineData("kind: stuck, after: 30s, tolerance: 1")]
    [InlineData(States)]
    public void Checkpoint_WhileItGoesOnFiring_HoldsNoInstance(string rule)
    {
        var bench = new RuleBench(Text(rule)).Read(0, 1).Read(1, 2);
        for (var i = 2; i < 100; i++)
        {
            bench.Read(i, 8 + (i % 2));
        }

        Assert.StartsWith("raised@", bench.Log, StringComparison.Ordinal);
        Assert.Empty(InstancesAfter(bench, 100, i => 8 + (i % 2)));
        Assert.Single(bench.Transitions);
    }

    [Theory]
    [InlineData("raise: value > 5, for: 1h")]
    [InlineData(States)]
    [InlineData("kind: stuck, after: 1h, tolerance: 9")]
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
    [InlineData("kind: stuck, after: 2m, readings: 2")]
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

    // The rows about instances in a checkpoint after 30 readings; that it holds the series is sure.
    private static List<byte[]> InstancesAfter(RuleBench bench, int from, Func<int, double> value)
    {
        for (var i = from; i < from + 30; i++)
        {
            bench.Engine.Judge([bench.Reading(i, value(i))], bench.Outcome);
        }

        var rows = bench.Engine.TakeCheckpoint();
        Assert.Contains(rows, row => row.Key[0] == (byte)StateOf.Series);
        return [.. rows.Where(row => row.Key[0] == (byte)StateOf.Instance).Select(row => row.Key)];
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
