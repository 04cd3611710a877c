using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>Seeded random rules on seeded random readings. A failure prints its seed.</summary>
public sealed class RulePropertyTests
{
    private const int Seeds = 300;

    private static readonly string[] Conditions =
    [
        "value > 5", "value >= 5", "value < 3", "value <= 3", "value == 4", "value != 4", "value > 3 and value < 7",
        "value < 2 or value > 8", "not (value > 2 and value <= 6)", "change > 2", "value > previous",
        "value > 4 and change < 0", "value > 5 or change > 3", "value > other", "abs(change) >= 3", "5 < value", "value > 10",
        "value / other > 1", "value > 1 / 0", "max(value, previous) > 7",
        "avg_over_time(30s) > 5", "count_over_time(20s) >= 3", "absent(15s)", "rate(20s) > 0.1 or value > 8", "max_over_time(tumbling 20s) > 7",
        "avg_over_time(session 8s max 40s) > 5", "absent(other, 25s) and value > 3", "value reaches 9 within 20s", "value between 3 and 6",
        "value > 6 and avg_over_time(30s) > 5", "rate(20s) > 0.1 or not (value < 7 and change < 1)", "value < 3 or (other > 4 and value > 6)",
        "any of device(\"*\").other where value > 5", "value > avg of device(\"*\").m where not absent(10s)",
        "count of device(\"*\").metric(\"*\") where value > 4 and count_over_time(30s) > 2 >= 2",
    ];

    [Fact]
    public void QuietBands_OnOrOff_SameTransitions() => ForEachSeed((seed, rules) =>
    {
        var with = Play(new RuleBench(rules), seed);
        var without = Play(new RuleBench(rules, quietBands: false), seed);
        Assert.True(with == without, $"seed {seed}\n{rules}\nwith    {with}\nwithout {without}");
    });

    [Fact]
    public void Judge_ReadingsSplitOverCalls_SameTransitions() => ForEachSeed((seed, rules) =>
    {
        var single = Play(new RuleBench(rules), seed);
        var together = Play(new RuleBench(rules), seed, maxBatch: 7);
        Assert.True(single == together, $"seed {seed}\n{rules}\nsingle   {single}\ntogether {together}");
    });

    [Fact]
    public void Restore_AtAnyPlace_SameTransitions() => ForEachSeed((seed, rules) =>
    {
        var random = new Random(seed);
        var straight = Play(new RuleBench(rules), seed);
        var restarted = Play(new RuleBench(rules), seed, restart: () => random.Next(5) == 0);
        Assert.True(straight == restarted, $"seed {seed}\n{rules}\nstraight  {straight}\nrestarted {restarted}");
    });

    [Fact]
    public void Judge_AgainstANaiveOracle_SameTransitions()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            double raise = random.Next(3, 8), clear = raise - random.Next(0, 3);
            int wait = random.Next(0, 4) * 10, silence = random.Next(1, 5) * 10;
            var policy = random.Next(2) == 0 ? "ok" : "hold";
            var rules = RuleBench.One($"value > {raise}",
                $"clear: value <= {clear}\nfor: {wait}s\nmissing: {policy}\nmissing_after: {silence}s");
            var bench = new RuleBench(rules);
            var readings = new List<(double Time, double Value)>();
            var time = 0;
            for (var i = 0; i < 60; i++)
            {
                time += random.Next(0, 30);
                readings.Add((time, random.Next(0, 11)));
                bench.Read(time, readings[^1].Value);
            }

            var expected = Naive(readings, v => v > raise, v => v <= clear, wait, policy == "ok" ? silence : double.PositiveInfinity);
            Assert.True(expected == bench.Log, $"seed {seed}\n{rules}\nexpected {expected}\nis       {bench.Log}");
        }
    }

    // Walks event time in steps of a second and asks at each what is so: slow, and written without looking at the engine.
    private static string Naive(
        List<(double Time, double Value)> readings, Func<double, bool> raise, Func<double, bool> clear, double wait, double silence)
    {
        var log = new List<string>();
        double? since = null, last = null;
        var fires = false;
        for (var now = 0.0; now <= readings[^1].Time; now++)
        {
            var here = readings.Where(it => it.Time == now).Select(it => it.Value).ToList();
            foreach (var value in here)
            {
                if (fires)
                {
                    if (clear(value))
                    {
                        log.Add($"recovered@{now}");
                        (fires, since) = (false, null);
                    }
                }
                else
                {
                    since = raise(value) ? since ?? now : null;
                    if (since is { } from && now - from >= wait)
                    {
                        log.Add($"raised@{now}");
                        fires = true;
                    }
                }
            }

            last = here.Count > 0 ? now : last;
            if (here.Count > 0 || now == readings[^1].Time)
            {
                continue;
            }

            if (now - last >= silence)
            {
                if (fires)
                {
                    log.Add($"went-silent@{now}");
                }

                (fires, since) = (false, null);
            }

            if (!fires && since is { } start && now - start >= wait)
            {
                log.Add($"raised@{now}");
                fires = true;
            }
        }

        return string.Join(", ", log);
    }

    private static void ForEachSeed(Action<int, string> check)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            check(seed, RandomRules(new Random(seed)));
        }
    }

    private static string RandomRules(Random random)
    {
        var text = "rules:\n";
        for (var i = 0; i < random.Next(1, 5); i++)
        {
            text += $"- id: r{i}\n  match: {{ metric: m }}\n  raise: {Pick()}\n"
                + (random.Next(3) == 0 ? $"  clear: {Pick()}\n" : "")
                + $"  for: {random.Next(0, 3) * random.Next(1, 20)}s\n  missing: {new[] { "ok", "hold", "alert" }[random.Next(3)]}\n"
                + (random.Next(2) == 0 ? $"  missing_after: {random.Next(5, 40)}s\n" : "");
        }

        return text;

        string Pick() => Conditions[random.Next(Conditions.Length)];
    }

    // The same world for a seed: readings of two series with jittering delays, and ticks between them.
    private static string Play(RuleBench bench, int seed, int maxBatch = 1, Func<bool>? restart = null)
    {
        var random = new Random(seed);
        var split = new Random(seed + 1);
        int m = bench.Series("d/m"), other = bench.Series("d/other");
        var batch = new List<Reading>();
        double now = 0, time = 0;
        for (var i = 0; i < 120; i++)
        {
            now += random.Next(0, 12) * (random.Next(10) == 0 ? 8 : 1);
            time = Math.Max(time, now - random.Next(0, 4));
            var quality = random.Next(12) == 0 ? Quality.Suspect : Quality.Good;
            batch.Add(new Reading(random.Next(6) == 0 ? other : m, quality, At(time), At(now), random.Next(0, 11)));
            var isTick = random.Next(3) == 0;
            if (isTick || batch.Count >= split.Next(1, maxBatch + 1))
            {
                bench.Engine.Judge(batch.ToArray(), bench.Outcome);
                batch.Clear();
                bench.Commit();
            }

            if (isTick)
            {
                bench.Tick(now + random.Next(0, 3));
                if (restart?.Invoke() == true)
                {
                    bench.Restart(now);
                }
            }
        }

        bench.Engine.Judge(batch.ToArray(), bench.Outcome);
        bench.Commit();
        return string.Join(", ", bench.Transitions.Select(it => $"{RuleBench.Describe(it)} {it.Value} {it.Summary} {it.Explanation}"));
    }

    private static Timestamp At(double seconds) => RuleBench.Start + TimeSpan.FromSeconds(seconds);
}
