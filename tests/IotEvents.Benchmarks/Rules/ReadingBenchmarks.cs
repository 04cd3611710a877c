using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Benchmarks.Rules;

/// <summary>What one reading costs in the rules, by what they ask and where they stand. Nothing is raised meanwhile.</summary>
[Config(typeof(CpuTimeConfig))]
[MemoryDiagnoser]
public class ReadingBenchmarks
{
    private const int ReadingsCount = 10_000;
    private const string Threshold = "{ id: r{i}, match: { metric: m0 }, raise: value > 1{i}00, clear: value < 90, for: 1h }";
    private const string Mean = "{ id: mean, match: { metric: m0 }, raise: avg_over_time(10m) > 1000 }";

    private static readonly Dictionary<string, Setup> Setups = new()
    {
        ["1 threshold, quiet"] = new(1, Threshold),
        ["10 thresholds, quiet"] = new(10, Threshold),
        ["100 thresholds, quiet"] = new(100, Threshold),
        ["100 thresholds, one crossed each time"] = new(99, Threshold, "{ id: low, match: { metric: m0 }, raise: value > 23, for: 1h }"),
        ["100 thresholds beside a window"] = new(100, Threshold, Mean),
        ["a window of 600 readings, behind a quiet limit"] = new(1, "{ id: r, match: { metric: m0 }, raise: value > 80 and avg_over_time(10m) > 70 }"),
        ["pending"] = new(1, "{ id: r, match: { metric: m0 }, raise: value > 1, for: 300d }"),
        ["firing"] = new(1, "{ id: r, match: { metric: m0 }, raise: value > 1, clear: value < 0 }"),
        ["a window of 600 readings"] = new(1, Mean),
        ["any of 100 devices"] = new(1, "{ id: r, match: { metric: m0 }, group: all, raise: any of members where value > 80 }") { Devices = 100 },
        ["absence"] = new(1, "{ id: r, kind: absence, match: { metric: m0 }, after: 1m }"),
        ["absence, learned"] = new(1, "{ id: r, kind: absence, match: { metric: m0 } }"),
        ["states"] = new(1, "{ id: r, kind: states, match: { metric: m0 }, states: { low: { on: [ { when: value > 23, to: high } ] }, "
            + "high: { on: [ { when: value < 22, to: low }, { after: 2h, to: long } ] }, long: { severity: warning } } }"),
        ["stuck"] = new(1, "{ id: r, kind: stuck, match: { metric: m0 }, after: 1h }"),
        ["anomaly"] = new(1, "{ id: r, kind: anomaly, match: { metric: m0 } }"),
        ["10 thresholds, out of order by up to 30 s"] = new(10, Threshold) { Lateness = TimeSpan.FromSeconds(60) },
    };

    private readonly Reading[] _readings = new Reading[ReadingsCount];
    private Fleet _fleet = null!;
    private RuleEngine _engine = null!;
    private Setup _setup = null!;
    private long _second;

    /// <summary>Each of them.</summary>
    public static IEnumerable<string> Names => Setups.Keys;

    /// <summary>Which rules.</summary>
    [ParamsSource(nameof(Names))]
    public string Rules { get; set; } = "";

    /// <summary>Makes the engine; a day has passed when it is measured.</summary>
    [GlobalSetup]
    public void Start()
    {
        _setup = Setups[Rules];
        _fleet = new Fleet(_setup.Devices, 1);
        var rules = Fleet.Load(_setup.Count, _setup.Rule, _setup.More);
        _engine = _fleet.Start(rules, new RuleEngineOptions { Lateness = _setup.Lateness });
        for (var i = 0; i < 10; i++)
        {
            Judge();
        }
    }

    /// <summary>Judges the readings of 10,000 s.</summary>
    [Benchmark(OperationsPerInvoke = ReadingsCount)]
    public int Judge()
    {
        for (var i = 0; i < _readings.Length; i++)
        {
            _second++;
            var received = _fleet.Now + TimeSpan.FromSeconds(_second);
            var late = _setup.Lateness > TimeSpan.Zero ? TimeSpan.FromSeconds(_second * 7 % 31) : TimeSpan.Zero;
            _readings[i] = new Reading((int)(_second % _setup.Devices), Quality.Good, received - late, received, 20 + (_second % 7));
        }

        _engine.Judge(_readings, _fleet.Outcome);
        _engine.Tick(_readings[^1].ReceivedAt, _fleet.Outcome);
        var transitions = _fleet.Outcome.Transitions.Count;
        _fleet.Outcome.Clear();
        return transitions;
    }

    private sealed record Setup(int Count, string Rule, string More = "")
    {
        public int Devices { get; init; } = 1;

        public TimeSpan Lateness { get; init; }
    }
}

/// <summary>What it costs to read and check rules.</summary>
[Config(typeof(CpuTimeConfig))]
[MemoryDiagnoser]
public class LoadBenchmarks
{
    private const int Count = 10_000;

    /// <summary>Reads 10,000 rules from their text; the time is that of one.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    [SuppressMessage("Performance", "CA1822", Justification = "BenchmarkDotNet calls methods of an instance.")]
    public int Load() => Fleet.Load(
        Count, "{ id: r{i}, match: { metric: temperature, labels: { site: s{i} } }, raise: value > 80 °C, clear: value < 75 °C, for: 5m }", "").Rules.Count;
}
