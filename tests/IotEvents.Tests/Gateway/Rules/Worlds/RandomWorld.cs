using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Tests.Gateway.Rules.Worlds;

/// <summary>
/// A seeded log: series that come and pause, one that appears late, readings of bad quality, retained ones, some far too late,
/// overrides that are set and cleared, a clock that is set, and times in which the gateway hears nobody.
/// </summary>
internal sealed class RandomWorld : IDeviceDirectory
{
    private const int Steps = 250;
    private const int LateSeries = 5;

    private static readonly (string Device, string Metric)[] Names =
        [("a", "m"), ("a", "other"), ("b", "m"), ("b", "other"), ("hub", "m"), ("c", "m")];

    private static readonly Quality[] Qualities =
        [Quality.Suspect, Quality.OutOfRange, Quality.Retained, Quality.TimeReceived, Quality.Suspect | Quality.SuspectStuck];

    private readonly Random _random;
    private readonly Random? _outages;
    private readonly bool _stepsClock;
    private readonly double _pause;
    private double _now;
    private bool _isTrusted;

    private RandomWorld(int seed, bool stepsClock, double pause)
    {
        (_random, _stepsClock, _pause) = (new Random(seed), stepsClock, pause);
        _outages = seed % 3 == 1 ? new Random(seed) : null;
        _isTrusted = !stepsClock || seed % 3 > 0;
    }

    /// <summary>The log of a seed, as it came and was recorded.</summary>
    public static List<WorldStep> Log(int seed) => new RandomWorld(seed, seed % 2 == 0, seed % 5 == 0 ? 60 : 1).Live();

    /// <summary>One reading in each batch, received as it is measured, by a clock that nobody sets.</summary>
    public static List<WorldStep> Ordered(int seed) => new RandomWorld(seed, stepsClock: false, 1).Singly();

    /// <summary>Devices with labels, attributes and a parent.</summary>
    public static IDeviceDirectory Devices { get; } = new RandomWorld(0, false, 1);

    /// <summary>The series that are known from the beginning.</summary>
    public static SeriesCatalog Catalog()
    {
        var catalog = new SeriesCatalog();
        for (var i = 0; i < LateSeries; i++)
        {
            Add(catalog, i);
        }

        return catalog;
    }

    /// <summary>All series of a whole log.</summary>
    public static SeriesCatalog WholeCatalog()
    {
        var catalog = Catalog();
        Add(catalog, LateSeries);
        return catalog;
    }

    /// <summary>Makes sure that the catalog knows what a batch names, as the pipeline does before it is judged.</summary>
    public static void Meet(SeriesCatalog catalog, WorldStep step)
    {
        if (catalog.Count == LateSeries && step.Readings.Any(reading => reading.Series == LateSeries))
        {
            Add(catalog, LateSeries);
        }
    }

    public DeviceDescription Find(string device) => new()
    {
        Id = device,
        Name = $"device {device}",
        Parent = device is "b" or "c" ? "hub" : null,
        Labels = new Dictionary<string, string> { ["site"] = device is "a" or "c" ? "hamburg" : "kiel" },
        Attributes = device == "hub" ? [] : new Dictionary<string, Quantity> { ["limit"] = new(device == "a" ? 6 : 4, Unit.None) },
    };

    private static void Add(SeriesCatalog catalog, int series) =>
        catalog.Restore(series, Names[series].Device, Names[series].Metric, Unit.None);

    private List<WorldStep> Live()
    {
        var log = new List<WorldStep>();
        var silent = -1;
        for (var i = 0; i < Steps; i++)
        {
            _now += _random.Next(1, 12) * (_random.Next(14) == 0 ? 9 : 1) * _pause;
            silent = _random.Next(20) == 0 ? _random.Next(-1, Names.Length) : silent;
            var clock = _stepsClock && _random.Next(40) == 0 ? SetClock() : (ClockStep?)null;
            var outage = log.Count > 0 && _outages?.Next(25) == 0 ? Missed(clock is { } step ? log[^1].RecordedAt + step.By : log[^1].RecordedAt) : (Outage?)null;
            var series = Enumerable.Range(0, i < Steps / 3 ? LateSeries : Names.Length).Where(one => one != silent && _random.Next(3) > 0);
            var readings = series.Select(one => Reading(one, _random.Next(40) == 0 ? 1500 * _pause : _random.NextDouble())).ToArray();
            var recorded = _now + _random.Next(0, 5);
            log.Add(new WorldStep(readings, At(recorded)) { Clock = clock, Outage = outage, Command = Command(At(recorded)) });
        }

        return log;
    }

    private Outage Missed(Timestamp from) => new(from, At(_now), TimeSpan.FromSeconds(_outages!.Next(0, 30) * _pause));

    private List<WorldStep> Singly()
    {
        var log = new List<WorldStep>();
        for (var i = 0; i < Steps; i++)
        {
            _now += _random.Next(1, 12) * (_random.Next(14) == 0 ? 9 : 1);
            foreach (var one in Enumerable.Range(0, Names.Length).Where(_ => _random.Next(3) > 0))
            {
                var reading = Reading(one, 0);
                log.Add(new WorldStep([reading], reading.ReceivedAt));
            }

            if (Command(At(_now + 0.5)) is { } command)
            {
                log.Add(new WorldStep([], At(_now + 0.5)) { Command = command });
            }
        }

        return log;
    }

    private Reading Reading(int series, double delay)
    {
        var quality = (_random.Next(10) == 0 ? Qualities[_random.Next(Qualities.Length)] : Quality.Good)
            | (_isTrusted ? Quality.Good : Quality.TimeUntrusted);
        // The devices of even numbers have a clock of their own.
        delay = (quality & Quality.TimeReceived) != 0 ? 0 : delay;
        var stamp = _now + (series / 100.0);
        return new Reading(series, quality, At(stamp - delay), At(stamp), _random.Next(0, 11));
    }

    private ClockStep SetClock()
    {
        var (from, wasTrusted) = (_now, _isTrusted);
        _isTrusted = _isTrusted || _random.Next(2) == 0;
        _now += _random.Next(4) == 0 && _isTrusted != wasTrusted ? 0 : _random.Next(-3000, 30000);
        return new ClockStep(At(from), At(_now), wasTrusted, _isTrusted);
    }

    private Action<RuleEngine, RuleOutcome>? Command(Timestamp now)
    {
        if (_random.Next(15) > 0)
        {
            return null;
        }

        var (device, value, isClear) = (Names[_random.Next(4)].Device, _random.Next(0, 10), _random.Next(3) == 0);
        var until = now + TimeSpan.FromSeconds(_random.Next(5, 200) * _pause);
        return (engine, outcome) => _ = isClear
            ? engine.ClearOverride(device, "limit", "a test", now, outcome)
            : engine.SetOverride(new AttributeOverride(device, "limit", new Quantity(value, Unit.None), now, until, "a test", "a test"), outcome);
    }

    private static Timestamp At(double seconds) => RuleBench.Start + TimeSpan.FromSeconds(seconds);
}
