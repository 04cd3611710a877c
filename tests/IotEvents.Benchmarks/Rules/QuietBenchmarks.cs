using BenchmarkDotNet.Attributes;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Benchmarks.Rules;

/// <summary>What a reading costs that changes no verdict: the test that it does not, its steps, and all of it.</summary>
[Config(typeof(CpuTimeConfig))]
[MemoryDiagnoser]
public class QuietBenchmarks
{
    private const int ReadingsCount = 10_000;
    private const string Threshold = "{ id: r{i}, match: { metric: m0 }, raise: value > 1{i}00, clear: value < 90, for: 1h }";

    private readonly Reading[] _readings = new Reading[ReadingsCount];
    private readonly Fleet _fleet = new(1, 1);
    private RuleEngine _engine = null!;
    private RuleEngine _asking = null!;
    private SeriesTrack _track = null!;

    /// <summary>How many rules judge the series.</summary>
    [Params(1, 10, 100, 1000)]
    public int Thresholds { get; set; }

    /// <summary>Engines that have judged the first readings.</summary>
    [GlobalSetup]
    public void Start()
    {
        for (var i = 0; i < _readings.Length; i++)
        {
            var time = _fleet.Now + TimeSpan.FromSeconds(i);
            _readings[i] = new Reading(0, Quality.Good, time, time, 20 + (i % 7));
        }

        var rules = Fleet.Load(Thresholds, Threshold);
        (_engine, _asking) = (_fleet.Start(rules), _fleet.Start(rules, new RuleEngineOptions { QuietBands = false }));
        _track = new SeriesTrack(_fleet.Catalog[0]);
        _track.Instances = [.. rules.Rules.Select((rule, i) => new RuleInstance(rule, i, _track) { Band = new Band(double.NegativeInfinity, 100 * (i + 1)) })];
        _track.Settle();
        _engine.Judge(_readings, _fleet.Outcome);
        _asking.Judge(_readings, _fleet.Outcome);
    }

    /// <summary>Only moves the times of the readings on, which all the others do too.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = ReadingsCount)]
    public long Times() => MoveOn();

    /// <summary>Whether the value lies in the quiet band, and the time before anything happens by itself.</summary>
    [Benchmark(OperationsPerInvoke = ReadingsCount)]
    public int Band()
    {
        MoveOn();
        var quiet = 0;
        foreach (ref readonly var reading in _readings.AsSpan())
        {
            quiet += _track.IsCalm(reading.Time, reading.Value) ? 1 : 0;
        }

        return quiet;
    }

    /// <summary>Moves the clock and values of the series to the reading, as every reading does.</summary>
    [Benchmark(OperationsPerInvoke = ReadingsCount)]
    public long Advance()
    {
        MoveOn();
        foreach (ref readonly var reading in _readings.AsSpan())
        {
            _track.Advance(reading, reading.ReceivedAt, isHistorical: false, isUntrusted: false);
        }

        return _track.Version;
    }

    /// <summary>All that the engine does.</summary>
    [Benchmark(OperationsPerInvoke = ReadingsCount)]
    public long Judge()
    {
        MoveOn();
        _engine.Judge(_readings, _fleet.Outcome);
        return _engine.Judgings;
    }

    /// <summary>The same when every rule is asked each time.</summary>
    [Benchmark(OperationsPerInvoke = ReadingsCount)]
    public long JudgeWithoutBands()
    {
        MoveOn();
        _asking.Judge(_readings, _fleet.Outcome);
        return _asking.Judgings;
    }

    private long MoveOn()
    {
        var by = TimeSpan.FromSeconds(ReadingsCount);
        foreach (ref var reading in _readings.AsSpan())
        {
            reading = reading with { Time = reading.Time + by, ReceivedAt = reading.ReceivedAt + by };
        }

        return _readings[^1].Time.Nanoseconds;
    }
}
