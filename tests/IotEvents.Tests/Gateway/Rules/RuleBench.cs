using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>An engine with rules from text, a clock that the test moves, and readings by series name.</summary>
internal sealed class RuleBench : IDeviceDirectory
{
    public static readonly Timestamp Start = Timestamp.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly Dictionary<string, DeviceDescription> _devices = [];

    public RuleBench(string rules, bool quietBands = true, int stepsMax = 1_000_000, double lateness = 0, RuleEngineOptions? options = null)
    {
        Rules = Load(rules, out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Options = (options ?? new RuleEngineOptions()) with
        {
            QuietBands = quietBands,
            StepsMax = stepsMax,
            Lateness = TimeSpan.FromSeconds(lateness),
        };
        Engine = new RuleEngine(Rules, Catalog, this, Options);
    }

    public RuleSet Rules { get; private set; }

    public RuleEngineOptions Options { get; }

    public SeriesCatalog Catalog { get; } = new();

    public RuleEngine Engine { get; private set; }

    public RuleOutcome Outcome { get; } = new();

    public RuleReceipt? Receipt { get; private set; }

    public Dictionary<string, byte[]> Stored { get; } = [];

    public List<Transition> Transitions { get; } = [];

    public List<HistoryDigest> Digests { get; } = [];

    public string Log => string.Join(", ", Transitions.Select(Describe));

    public static RuleSet Load(string rules, out SettingsErrors errors)
    {
        errors = new SettingsErrors();
        return RuleSet.Load([SettingsFile.Parse("rules/test.yaml", rules, errors)], errors);
    }

    /// <summary>The rules file with one rule that matches every metric.</summary>
    public static string One(string raise, string more = "", string metric = "*") =>
        $"rules:\n- id: r\n  match: {{ metric: \"{metric}\" }}\n  raise: {raise}\n{string.Concat(
            more.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"  {line.Trim()}\n"))}";

    public static string Describe(Transition it) =>
        $"{(it.Kind == TransitionKind.Raised ? "raised" : it.Reason.Name())}@{(it.Time - Start).TotalSeconds}"
        + (it.Rule == "r" ? "" : $" {it.Rule}");

    public DeviceDescription Find(string device) =>
        _devices.GetValueOrDefault(device) ?? new DeviceDescription { Id = device, Name = device };

    public RuleBench With(DeviceDescription device)
    {
        _devices[device.Id] = device;
        return this;
    }

    public int Series(string name, string unit = "")
    {
        var slash = name.LastIndexOf('/');
        if (Catalog.TryGet(name, out var known))
        {
            return known.Id;
        }

        Catalog.Restore(Catalog.Count, name[..slash], name[(slash + 1)..], Units.Get(unit));
        return Catalog.Count - 1;
    }

    /// <summary>A reading so many seconds after the start, received when it was measured.</summary>
    public RuleBench Read(double seconds, double value, string series = "d/m", double delay = 0, Quality quality = Quality.Good)
    {
        Engine.Judge([Reading(seconds, value, series, delay, quality)], Outcome);
        Commit();
        return this;
    }

    /// <summary>The reading that <see cref="Read"/> judges.</summary>
    public Reading Reading(double seconds, double value, string series = "d/m", double delay = 0, Quality quality = Quality.Good)
    {
        var time = Start + TimeSpan.FromSeconds(seconds);
        return new Reading(Series(series), quality, time, time + TimeSpan.FromSeconds(delay), value);
    }

    public RuleBench Tick(double seconds)
    {
        Engine.Tick(Start + TimeSpan.FromSeconds(seconds), Outcome);
        Commit();
        return this;
    }

    /// <summary>The gateway hears nobody from one second to another, and waits as long again for devices to come back.</summary>
    public RuleBench Missed(double from, double to, double reconnect = 0)
    {
        Engine.Missed(new Outage(Start + TimeSpan.FromSeconds(from), Start + TimeSpan.FromSeconds(to), TimeSpan.FromSeconds(reconnect)), Outcome);
        Commit();
        return this;
    }

    /// <summary>What <c>rules explain</c> says of the rule <c>r</c>.</summary>
    public string Explain(string subject = "d/m") => string.Join('\n', Engine.Why("r", subject).SelectMany(it => it.ToLines()));

    /// <summary>Ends the engine and begins another one with what was stored.</summary>
    public RuleBench Restart(double seconds, string? rules = null)
    {
        if (rules is not null)
        {
            Rules = Load(rules, out var errors);
            Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        }

        Commit();
        Engine = new RuleEngine(Rules, Catalog, this, Options);
        Receipt = Engine.Restore(
            Stored.Select(it => KeyValuePair.Create(Encoding.Latin1.GetBytes(it.Key), it.Value)).ToList(),
            Start + TimeSpan.FromSeconds(seconds), Outcome);
        Commit();
        return this;
    }

    /// <summary>Puts other rules in force without a restart.</summary>
    public RuleBench Reload(double seconds, string rules, IDeviceDirectory? devices = null)
    {
        Rules = Load(rules, out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Receipt = Engine.Reload(Rules, devices ?? this, Start + TimeSpan.FromSeconds(seconds), Outcome);
        Commit();
        return this;
    }

    public void Commit()
    {
        foreach (var (key, value) in Engine.TakeCheckpoint())
        {
            var name = Encoding.Latin1.GetString(key);
            if (value is null)
            {
                Stored.Remove(name);
            }
            else
            {
                Stored[name] = value;
            }
        }

        Transitions.AddRange(Outcome.Transitions);
        Digests.AddRange(Outcome.Digests);
        Outcome.Clear();
    }
}
