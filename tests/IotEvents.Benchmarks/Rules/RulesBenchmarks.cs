using System.Globalization;
using BenchmarkDotNet.Attributes;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Benchmarks.Rules;

/// <summary>What one reading costs in the rules: far from every limit, and across one limit with every reading.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RulesBenchmarks
{
    private const int ReadingsCount = 10_000;

    private readonly RuleOutcome _outcome = new();
    private readonly Reading[] _readings = new Reading[ReadingsCount];
    private RuleEngine _engine = null!;
    private TimeSpan _shift;

    /// <summary>How many rules judge the series.</summary>
    [Params(10, 100)]
    public int Rules { get; set; }

    /// <summary>True when each reading crosses the limit of one rule, which waits too long to fire.</summary>
    [Params(false, true)]
    public bool Crossing { get; set; }

    /// <summary>Makes the engine.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var text = "rules:\n" + string.Concat(Enumerable.Range(0, Rules).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"- id: r{i}\n  match: {{ metric: m }}\n  raise: value > {100 + i}\n  clear: value < {95 + i}\n  for: 1h\n")));
        var errors = new SettingsErrors();
        var rules = RuleSet.Load([SettingsFile.Parse("rules.yaml", text, errors)], errors);
        var catalog = new SeriesCatalog();
        catalog.Restore(0, "d", "m", Unit.None);
        _engine = new RuleEngine(rules, catalog, new NoDescriptions(), new RuleEngineOptions());
    }

    /// <summary>Judges the readings of 10,000 s.</summary>
    [Benchmark(OperationsPerInvoke = ReadingsCount)]
    public int Judge()
    {
        for (var i = 0; i < _readings.Length; i++)
        {
            _shift += TimeSpan.FromSeconds(1);
            var time = Timestamp.FromUnixMilliseconds(0) + _shift;
            _readings[i] = new Reading(0, Quality.Good, time, time, Crossing && i % 2 == 0 ? 100.5 : 50 + (i % 40));
        }

        _engine.Judge(_readings, _outcome);
        var transitions = _outcome.Transitions.Count;
        _outcome.Clear();
        return transitions;
    }

    private sealed class NoDescriptions : IDeviceDirectory
    {
        public DeviceDescription Find(string device) => new() { Id = device, Name = device };
    }
}
