using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.Gateway.Rules;

namespace IotEvents.Tests.Gateway.Plans;

/// <summary>Seeded rules and what comes, of what a plan knows too: nobody sets a clock or an attribute meanwhile.</summary>
internal static class PlanWorld
{
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

    public static void Store(RuleEngine engine, Dictionary<string, byte[]> stored)
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

    public static string RandomRules(Random random)
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

    public static List<Batch> World(int seed, bool withTicks = true)
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

    public static SeriesCatalog Catalog()
    {
        var catalog = new SeriesCatalog();
        foreach (var (id, device, metric) in new[] { (0, "a", "m"), (1, "a", "other"), (2, "b", "m"), (3, "b", "other") })
        {
            catalog.Restore(id, device, metric, Unit.None);
        }

        return catalog;
    }

    private static Timestamp At(double seconds) => RuleBench.Start + TimeSpan.FromSeconds(seconds);

    public sealed record Batch(Reading[] Readings, Timestamp RecordedAt);
}
