using System.Globalization;

namespace IotEvents.Benchmarks.Rules;

/// <summary>
/// <c>fleet</c>: what rules over a whole fleet take, measured once: memory for each instance of a kind, the time to load and
/// bind 10,000 rules for 10,000 devices, and the bytes of a checkpoint.
/// </summary>
internal static class FleetProgram
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // One rule for all series, so that each pays for its series alone too.
    private static readonly (string Kind, int Rounds, TimeSpan Step, string Rule)[] Kinds =
    [
        ("threshold with for", 3, Minute, "{ id: r{i}, match: { metric: m0 }, raise: value > 80, clear: value < 70, for: 5m }"),
        ("three levels", 3, Minute, "{ id: r{i}, match: { metric: m0 }, for: 5m, levels: [ { severity: info, raise: value > 70 }, "
            + "{ severity: warning, raise: value > 80 }, { severity: critical, raise: value > 90 } ] }"),
        ("absence, after: 1h", 30, Minute, "{ id: r{i}, kind: absence, match: { metric: m0 }, after: 1h }"),
        ("absence, learned", 30, Minute, "{ id: r{i}, kind: absence, match: { metric: m0 } }"),
        ("window of 60 points", 200, TimeSpan.FromSeconds(10), "{ id: r{i}, match: { metric: m0 }, raise: avg_over_time(10m) > 80 }"),
        ("states", 3, Minute, "{ id: r{i}, kind: states, match: { metric: m0 }, states: { idle: { on: [ { when: value > 80, to: busy } ] }, "
            + "busy: { on: [ { when: value < 70, to: idle }, { after: 2h, to: long } ] }, long: { severity: warning } } }"),
        ("stuck", 3, Minute, "{ id: r{i}, kind: stuck, match: { metric: m0 }, after: 1h }"),
        ("change within 10m", 60, Minute, "{ id: r{i}, kind: change, match: { metric: m0 }, by: 50, within: 10m }"),
        ("anomaly", 200, TimeSpan.FromMinutes(20), "{ id: r{i}, kind: anomaly, match: { metric: m0 } }"),
    ];

    /// <summary>Runs all of it and writes a table for each part.</summary>
    public static int Run()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Memory();
        Everything();
        Subjects();
        Checkpoints();
        return 0;
    }

    private static void Memory()
    {
        Say("| kind, 10,000 instances of one rule | bytes per instance and series | bytes for each of 9 more on the series |");
        Say("|---|---|---|");
        foreach (var (kind, rounds, step, rule) in Kinds)
        {
            var one = Held(1, 10_000, rounds, step, rule) / 10_000.0;
            var ten = Held(10, 1_000, rounds, step, rule) / 1_000.0;
            Say($"| {kind} | {one:N0} | {(ten - one) / 9:N0} |");
        }
    }

    private static long Held(int rules, int devices, int rounds, TimeSpan step, string rule)
    {
        var fleet = new Fleet(devices, 1);
        var set = Fleet.Load(rules, rule);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var engine = fleet.Start(set);
        for (var round = 0; round < rounds; round++)
        {
            var at = round;
            fleet.Read(engine, step, series => 20 + ((series + at) % 7));
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(engine);
        GC.KeepAlive(fleet);
        return held;
    }

    /// <summary>Ten rules for each metric and site, ten metrics of each device: each series is judged by ten rules.</summary>
    private static void Everything()
    {
        const int Devices = 10_000, Metrics = 10, Rules = 10_000;
        Say($"\n{Rules:N0} rules, {Devices:N0} devices with {Metrics} metrics: each rule judges the {Devices / Fleet.Sites} devices of a site");
        var fleet = new Fleet(Devices, Metrics);
        var watch = CpuWatch.StartNew();
        var text = Enumerable.Range(0, Rules).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{{ id: r{i}, match: {{ metric: m{i % Metrics}, labels: {{ site: s{i / Metrics % Fleet.Sites} }} }}, "
            + $"raise: value > {80 + (i / 1000)}, clear: value < {70 + (i / 1000)}, for: 5m }}"));
        var set = Fleet.Load(text);
        Say($"- load and check: {watch.Elapsed.TotalSeconds:F2} s");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        watch.Restart();
        var engine = fleet.Start(set);
        Say($"- bind: {watch.Elapsed.TotalSeconds:F2} s");
        watch.Restart();
        fleet.Read(engine, Minute, series => 20 + (series % 7));
        Say($"- first reading of {fleet.Catalog.Count:N0} series, which makes the conditions computable: {watch.Elapsed.TotalSeconds:F2} s");
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        var instances = engine.Instances.Count;
        Say($"- {instances:N0} instances: {held / 1e6:N0} MB, {(double)held / instances:N0} bytes each, their series included");
        var times = new double[9];
        for (var i = 0; i < times.Length; i++)
        {
            var at = i;
            watch.Restart();
            fleet.Read(engine, Minute, series => 20 + ((series + at) % 7));
            times[i] = watch.Elapsed.TotalNanoseconds / fleet.Catalog.Count;
        }

        Array.Sort(times);
        Say($"- a quiet reading of each series in turn: {times[times.Length / 2]:N0} ns (median of {times.Length} rounds)");
    }

    private static void Subjects()
    {
        Say("\n10,000 rules about devices or groups, 10,000 devices with 2 metrics");
        foreach (var (name, rule) in new[]
        {
            ("a device each", "{ id: r{i}, match: { device: d{i} }, raise: m0 > 80 and m1 > 80 }"),
            ("a group of one each", "{ id: r{i}, match: { device: d{i}, metric: m0 }, group: all, raise: any of members where value > 80 }"),
            ("a selector each", "{ id: r{i}, match: { device: d{i}, metric: m0 }, raise: value > max of device(\"d{i}\").m1 }"),
        })
        {
            var fleet = new Fleet(10_000, 2);
            var set = Fleet.Load(10_000, rule);
            var watch = CpuWatch.StartNew();
            var engine = fleet.Start(set);
            var bound = watch.Elapsed;
            watch.Restart();
            fleet.Read(engine, Minute, series => 20 + (series % 7));
            Say($"- {name}: bind {bound.TotalSeconds:F2} s, first readings {watch.Elapsed.TotalSeconds:F2} s");
        }
    }

    private static void Checkpoints()
    {
        const int Devices = 10_000, Taken = 12, Minutes = 5;
        Say($"\n| {Devices:N0} instances, each read each minute, 1 % beyond the limit; a checkpoint each {Minutes} minutes | mean of {Taken} checkpoints |");
        Say("|---|---|");
        foreach (var (kind, _, _, rule) in Kinds)
        {
            var fleet = new Fleet(Devices, 1);
            var engine = fleet.Start(Fleet.Load(1, rule));
            for (var i = 0; i < 200; i++)
            {
                fleet.Read(engine, TimeSpan.FromMinutes(20), series => 20 + ((series + i) % 7));
            }

            engine.TakeCheckpoint();
            var rows = new List<KeyValuePair<byte[], byte[]?>>();
            for (var minute = 0; minute < Taken * Minutes; minute++)
            {
                fleet.Read(engine, Minute, series => (series + minute) % 100 == 0 ? 85 : 20 + ((series + minute) % 7));
                rows.AddRange(minute % Minutes == Minutes - 1 ? engine.TakeCheckpoint() : []);
            }

            var parts = rows.GroupBy(row => (char)row.Key[0]).OrderBy(group => group.Key).Select(group =>
                $"{Name(group.Key)} {group.Count() / Taken:N0} rows, {group.Sum(row => row.Key.Length + (row.Value?.Length ?? 0)) / Taken / 1000:N0} kB");
            Say($"| {kind} | {string.Join("; ", parts)} |");
        }
    }

    // The processor's time: others use the machine too.
    private struct CpuWatch
    {
        private TimeSpan _start;

        public readonly TimeSpan Elapsed => Environment.CpuUsage.TotalTime - _start;

        public static CpuWatch StartNew() => new() { _start = Environment.CpuUsage.TotalTime };

        public void Restart() => _start = Environment.CpuUsage.TotalTime;
    }

    private static string Name(char of) => of switch { 'i' => "instances", 's' => "series", 'p' => "points", _ => of.ToString() };

    private static void Say(string line) => Console.WriteLine(line);
}
