using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;

namespace IotEvents.Tests.Gateway.Rules.Worlds;

/// <summary>
/// Seeded raw readings of sensors that fail as sensors do: what a DS18B20 sends after power-on and a DHT22 after a failed read,
/// spikes, steps that are true, gaps, stretches that are stuck, repeats, numbers sent in another unit, last-known values, values
/// that the sender itself calls suspect.
/// </summary>
internal sealed class SensorWorld : IDeviceDirectory
{
    /// <summary>By how much a reading may come late.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMinutes(10);

    private const int Steps = 420;
    private const int StepSeconds = 60;

    private static readonly Sensor[] Sensors =
    [
        new("boiler", "temperature", "Cel", 84, 0.3, [85, -127, 0]),
        new("probe", "temperature", "Cel", 20, 0.2, [85, -127, 0, 65535, 327.67]),
        new("far", "temperature", "degF", 70, 0.3, [185, -196.6, 65535, -999, 3276.7]),
        new("dht", "temperature", "", 22, 0.1, [0, 85, -9999]),
        new("dht", "humidity", "%RH", 45, 0.6, [0, 6553.5, 99.9]),
        new("meter", "power", "kW", 20, 3, [65535, 32.767, -0.999, 65.535]),
        new("old", "temperature", "Cel", 18, 0.2, [85, -127]) { HasClock = false },
    ];

    private readonly Random _random;
    private readonly List<RawReading> _readings = [];

    private SensorWorld(int seed) => _random = new Random(seed);

    /// <summary>Rules that a mark more or less makes say something else.</summary>
    public static string Rules => """
        rules:
        - { id: hot, match: { metric: temperature }, raise: value > 60 degC }
        - { id: cold, match: { metric: temperature }, raise: value < 5 degC, for: 2m }
        - { id: step, match: { metric: temperature }, kind: change, by: 4 K, within: 5m }
        - { id: mean, match: { metric: temperature }, raise: avg_over_time(20m) > 23 degC }
        - { id: peak, match: { metric: temperature }, raise: max_over_time(15m) > 84.6 degC }
        - { id: few, match: { metric: "*" }, raise: count_over_time(5m) < 3 }
        - { id: many, match: { metric: "*" }, raise: count_over_time(10m) > 9 }
        - { id: still, match: { metric: temperature }, kind: stuck, after: 20m }
        - { id: dry, match: { metric: humidity }, raise: value < 43 %RH, times: 2 of 3 }
        - { id: lost, match: { metric: "*" }, kind: absence, after: 4m }
        - { id: mute, match: { metric: temperature }, raise: value > 1000 degC, missing: alert, missing_after: 3m }
        - { id: any, match: { metric: temperature }, raise: value > 80 degC, quality: any }
        - { id: load, match: { metric: power }, raise: value > 26000 W }
        - { id: pair, match: { device: dht }, raise: temperature > 22 degC and humidity < 46 %RH }
        - { id: site, match: { metric: temperature }, group: all, raise: "count of members where value > 24 degC >= 2" }
        """;

    /// <summary>Ignores what one of the devices is known for.</summary>
    public static IDeviceDirectory Devices { get; } = new SensorWorld(0);

    /// <summary>The series of the world, before anything of them came.</summary>
    public static SeriesCatalog Catalog()
    {
        var catalog = new SeriesCatalog();
        foreach (var sensor in Sensors)
        {
            catalog.TryGetOrAdd(Encoding.UTF8.GetBytes(sensor.Device), Encoding.UTF8.GetBytes(sensor.Metric), out _);
        }

        return catalog;
    }

    /// <summary>The log of a seed: the readings as the normalizer gave them, in the order in which they came.</summary>
    /// <param name="seed">The seed of what was measured.</param>
    /// <param name="catalog">A fresh one; gets the units.</param>
    /// <param name="order">The seed of the order of coming; null when each comes as it is measured.</param>
    public static List<WorldStep> Log(int seed, SeriesCatalog catalog, int? order)
    {
        var world = new SensorWorld(seed);
        for (var i = 0; i < Sensors.Length; i++)
        {
            world.Play(Sensors[i], catalog[i]);
        }

        var normalizer = new Normalizer(Devices, new NormalizeOptions());
        var log = new List<WorldStep>();
        foreach (var raw in Arrivals(world._readings, order))
        {
            if (normalizer.TryNormalize(raw, out var reading))
            {
                log.Add(new WorldStep([reading], reading.ReceivedAt));
            }
        }

        log.Add(new WorldStep([], log[^1].RecordedAt + TimeSpan.FromHours(1)));
        return log;
    }

    /// <summary>The same readings while somebody sets the gateway's clock now and then: what it stamps moves along.</summary>
    public static List<WorldStep> WithClockSteps(List<WorldStep> log, int seed)
    {
        var random = new Random(seed);
        var offset = TimeSpan.Zero;
        return [.. log.Select(Move)];

        WorldStep Move(WorldStep step)
        {
            var from = step.RecordedAt + offset;
            offset += random.Next(250) == 0 ? TimeSpan.FromSeconds(random.Next(-3000, 30000)) : TimeSpan.Zero;
            var now = step.RecordedAt + offset;
            return new WorldStep([.. step.Readings.Select(it => it with { ReceivedAt = now, Time = it.Time + Own(it) })], now)
            {
                Clock = from == now ? null : new ClockStep(from, now, WasTrusted: true, IsTrusted: true),
            };
        }

        TimeSpan Own(in Reading reading) => (reading.Quality & Quality.TimeReceived) != 0 ? offset : TimeSpan.Zero;
    }

    public DeviceDescription Find(string device) => new()
    {
        Id = device,
        Name = device,
        Units = device switch
        {
            "far" => new Dictionary<string, Unit> { ["temperature"] = Units.Get("Cel") },
            "meter" => new Dictionary<string, Unit> { ["power"] = Units.Get("W") },
            _ => new Dictionary<string, Unit>(),
        },
        IgnoredSignatures = device == "old" ? ["disconnected-127"] : [],
    };

    private static IEnumerable<RawReading> Arrivals(List<RawReading> readings, int? order)
    {
        var random = new Random(order ?? 0);
        return readings
            .Select(raw => order is null || !raw.Time.HasValue ? raw
                : raw with { ReceivedAt = raw.Time + new TimeSpan(random.NextInt64(Lateness.Ticks)) })
            .OrderBy(raw => raw.ReceivedAt);
    }

    private void Play(Sensor sensor, Series series)
    {
        var (value, stuckFrom) = (sensor.Base, _random.Next(2) == 0 ? _random.Next(60, 200) : Steps);
        for (var step = 0; step < Steps; step++)
        {
            var isStuck = step >= stuckFrom && step < stuckFrom + 210;
            var drift = (sensor.Base - value) * 0.1;
            value = isStuck ? value : Math.Round(value + drift + ((_random.NextDouble() - 0.5) * sensor.Noise * 2), 1);
            switch (isStuck ? 99 : _random.Next(60))
            {
                case 0 or 1 or 2:
                    // A glitch, one or a few.
                    var glitch = sensor.Numbers[_random.Next(sensor.Numbers.Length)];
                    for (var left = _random.Next(1, 4); left > 0; left--)
                    {
                        Send(sensor, series, step++, glitch);
                    }

                    break;
                case 3:
                    Send(sensor, series, step++, value + _random.Next(30, 200));
                    break;
                case 4:
                    // A step that is true: a second value near the first confirms it.
                    value += _random.Next(40, 90);
                    break;
                case 5:
                    step += _random.Next(6, 20);
                    Send(sensor, series, step++, _random.Next(2) == 0 ? sensor.Numbers[0] : value);
                    break;
                case 6:
                    Send(sensor, series, step, value);
                    break;
                case 7:
                    Send(sensor, series, step++, _random.Next(2) == 0 ? value : sensor.Numbers[0], Quality.Suspect);
                    break;
                case 8:
                    Send(sensor, series, step++, sensor.Numbers[0], Quality.Retained);
                    break;
            }

            Send(sensor, series, step, value);
        }
    }

    private void Send(Sensor sensor, Series series, int step, double value, Quality quality = Quality.Good)
    {
        var time = RuleBench.Start + TimeSpan.FromSeconds((step * StepSeconds) + series.Id);
        var unit = sensor.Unit.Length == 0 ? Unit.None : Units.Get(sensor.Unit);
        _readings.Add(new RawReading(series, unit, quality, sensor.HasClock ? time : Timestamp.None, time, value));
    }

    /// <summary>What a sensor sends when it is well, and the numbers it sends when it is not.</summary>
    private sealed record Sensor(string Device, string Metric, string Unit, double Base, double Noise, double[] Numbers)
    {
        public bool HasClock { get; init; } = true;
    }
}
