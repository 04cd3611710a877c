using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Worlds;

/// <summary>Judges a log by rules, the way the pipeline does, with crashes, checkpoints and reloads wherever they are wanted.</summary>
internal sealed class WorldRun
{
    private readonly RuleSet _rules;
    private readonly RuleOutcome _outcome = new();
    private readonly StringBuilder _said = new();
    private RuleEngine _engine;

    public WorldRun(RuleSet rules) => (_rules, _engine) = (rules, null!);

    public WorldRun(string rules)
        : this(RuleBench.Load(rules, out var errors)) => Assert.True(errors.IsEmpty, $"{string.Join('\n', errors.All)}\n{rules}");

    public RuleEngineOptions Options { get; init; } = new() { StepsMax = 150 };

    public SeriesCatalog Catalog { get; init; } = RandomWorld.Catalog();

    public IDeviceDirectory Devices { get; init; } = RandomWorld.Devices;

    /// <summary>What the checkpoints have stored, by key.</summary>
    public SortedDictionary<string, byte[]> Stored { get; } = new(StringComparer.Ordinal);

    public Func<int, bool> Checkpoints { get; init; } = static _ => false;

    public Func<int, bool> Crashes { get; init; } = static _ => false;

    public Func<int, bool> Reloads { get; init; } = static _ => false;

    /// <summary>True when no rule is in force for a moment at each reload.</summary>
    public bool ReloadsForget { get; init; }

    /// <summary>True when nothing that was stored is taken over.</summary>
    public bool Forgets { get; init; }

    /// <summary>True when it wakes for what is due before the next step, as a gateway does that has time.</summary>
    public bool IsAwake { get; init; }

    /// <summary>Is shown everything that is said, and when it was recorded.</summary>
    public Action<Transition, Timestamp> Said { get; init; } = static (_, _) => { };

    /// <summary>The engine as it is after the last step.</summary>
    public RuleEngine Engine => _engine;

    /// <summary>All that was said, a line each.</summary>
    public string Judge(List<WorldStep> log)
    {
        _engine = NewEngine();
        var replayFrom = 0;
        for (var i = 0; i < log.Count; i++)
        {
            while (IsAwake && _engine.NextDeadline is { HasValue: true } due && due < (log[i].Outage?.From ?? log[i].RecordedAt))
            {
                _engine.Tick(due, _outcome);
                Say(due);
            }

            Judge(log[i]);
            if (Reloads(i))
            {
                if (ReloadsForget)
                {
                    _engine.Reload(RuleSet.Empty, Devices, log[i].RecordedAt, _outcome);
                }

                _engine.Reload(_rules, Devices, log[i].RecordedAt, _outcome);
            }

            log[i].Command?.Invoke(_engine, _outcome);
            _engine.Tick(log[i].RecordedAt, _outcome);
            Say(log[i].RecordedAt);
            if (log[i].Command is not null || Checkpoints(i))
            {
                Store();
                replayFrom = i + 1;
            }

            if (Crashes(i))
            {
                Restart(log[replayFrom..(i + 1)], log[i].RecordedAt);
            }
        }

        return _said.ToString();
    }

    private RuleEngine NewEngine() => new(_rules, Catalog, Devices, Options);

    private void Judge(WorldStep step)
    {
        RandomWorld.Meet(Catalog, step);
        if (step.Clock is { } clock)
        {
            _engine.ClockStepped(clock, _outcome);
        }

        if (step.Outage is { } outage)
        {
            _engine.Missed(outage, _outcome);
        }

        _engine.Judge(step.Readings, _outcome);
    }

    private void Restart(List<WorldStep> since, Timestamp now)
    {
        _engine = NewEngine();
        if (!Forgets)
        {
            _engine.Restore(Stored.Select(it => KeyValuePair.Create(Encoding.Latin1.GetBytes(it.Key), it.Value)).ToList(), now, _outcome);
            Say(now);
        }

        foreach (var step in since)
        {
            Judge(step);
            _engine.Tick(step.RecordedAt, _outcome);
            _outcome.Clear();
        }
    }

    private void Say(Timestamp recordedAt)
    {
        foreach (var it in _outcome.Transitions)
        {
            Said(it, recordedAt);
            _said.Append(it.ToString()).Append('\n');
        }

        _outcome.Digests.ForEach(it => _said.Append($"digest of {it.Raised} from {it.From} to {it.To}: {string.Join(", ", it.Rules)}\n"));
        _outcome.Overrides.ForEach(it => _said.Append(it.ToString()).Append('\n'));
        _outcome.Clear();
    }

    private void Store()
    {
        foreach (var (key, value) in _engine.TakeCheckpoint())
        {
            var name = Encoding.Latin1.GetString(key);
            _ = value is null ? Stored.Remove(name) : (Stored[name] = value) is null;
        }
    }
}
