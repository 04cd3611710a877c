using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Benchmarks.Rules;

/// <summary>Devices with the metrics <c>m0</c>, <c>m1</c>, …; each stands at one of a hundred sites, which is a label of it.</summary>
internal sealed class Fleet : IDeviceDirectory
{
    /// <summary>How many sites there are.</summary>
    public const int Sites = 100;

    private readonly Dictionary<string, DeviceDescription> _devices = new(StringComparer.Ordinal);
    private Timestamp _now = Timestamp.FromUnixMilliseconds(1_790_000_000_000);

    /// <summary>A fleet whose series are in the catalog and have had no reading.</summary>
    /// <param name="devices">How many devices.</param>
    /// <param name="metrics">How many metrics each has.</param>
    public Fleet(int devices, int metrics)
    {
        for (var i = 0; i < devices; i++)
        {
            var id = $"d{i}";
            var labels = new Dictionary<string, string> { ["site"] = $"s{i % Sites}" };
            _devices[id] = new DeviceDescription { Id = id, Name = id, Labels = labels };
            for (var metric = 0; metric < metrics; metric++)
            {
                Catalog.Restore((i * metrics) + metric, id, $"m{metric}", Unit.None);
            }
        }
    }

    /// <summary>All series: the metrics of the first device, of the second, and so on.</summary>
    public SeriesCatalog Catalog { get; } = new();

    /// <summary>What changed since it was last cleared.</summary>
    public RuleOutcome Outcome { get; } = new();

    /// <summary>The time of the last round of readings.</summary>
    public Timestamp Now => _now;

    /// <inheritdoc/>
    public DeviceDescription Find(string device) =>
        _devices.GetValueOrDefault(device) ?? new DeviceDescription { Id = device, Name = device };

    /// <summary>So many rules from one text in which <c>{i}</c> is the rule's number, and one more unless it is empty.</summary>
    public static RuleSet Load(int count, string rule, string more = "") => Load(Enumerable.Range(0, count)
        .Select(i => rule.Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
        .Concat(more.Length > 0 ? [more] : []));

    /// <summary>Rules from their texts, a thousand in a file.</summary>
    public static RuleSet Load(IEnumerable<string> rules)
    {
        var errors = new SettingsErrors();
        var files = rules.Chunk(1000).Select((part, i) =>
            SettingsFile.Parse($"rules/{i}.yaml", "rules:\n- " + string.Join("\n- ", part) + "\n", errors));
        var set = RuleSet.Load(files, errors);
        return errors.IsEmpty ? set : throw new InvalidOperationException(errors.All[0].ToString());
    }

    /// <summary>An engine to which every series has appeared.</summary>
    public RuleEngine Start(RuleSet rules, RuleEngineOptions? options = null)
    {
        var engine = new RuleEngine(rules, Catalog, this, options ?? new RuleEngineOptions());
        engine.Restore([], _now, Outcome);
        return engine;
    }

    /// <summary>One reading of each series, so much after the last round.</summary>
    /// <param name="engine">Who judges them.</param>
    /// <param name="after">The time since the last round.</param>
    /// <param name="value">The value of a series.</param>
    public void Read(RuleEngine engine, TimeSpan after, Func<int, double> value)
    {
        _now += after;
        Span<Reading> reading = stackalloc Reading[1];
        for (var series = 0; series < Catalog.Count; series++)
        {
            reading[0] = new Reading(series, Quality.Good, _now, _now, value(series));
            engine.Judge(reading, Outcome);
        }

        engine.Tick(_now, Outcome);
    }
}
