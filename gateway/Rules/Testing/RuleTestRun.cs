using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>
/// Plays a test in virtual time, as the pipeline does live: what is received is judged, then time goes on to the next thing.
/// </summary>
/// <remarks>
/// The next thing is a reading, an override, or what the engine waits for by itself (<see cref="RuleEngine.NextDeadline"/>), so that a
/// <c>for</c> that ends between two readings fires at its end. Where the engine waits for late readings, the run goes on for
/// as long behind the end of the test, and what lies behind the end in event time is left out.
/// </remarks>
internal sealed class RuleTestRun
{
    private readonly RuleTest _test;
    private readonly RuleEngineOptions _options;
    private readonly Arrival[] _arrivals;
    private readonly ReadingGate _gate;
    private readonly SeriesCatalog _catalog;
    private readonly Series[] _series;
    private readonly RuleEngine _engine;
    private readonly RuleOutcome _outcome = new();
    private readonly List<Transition> _transitions = [];
    private readonly List<StateFound> _states = [];
    private readonly List<RefusedOverride> _refused = [];
    private Timestamp _now = Timestamp.None;
    private int _arrived;
    private int _commanded;

    private RuleTestRun(RuleTest test, RuleTestBed bed, RuleEngineOptions options, Arrival[] arrivals)
    {
        _test = test;
        _options = options;
        _arrivals = arrivals;
        _gate = bed.NewGate();
        _catalog = new SeriesCatalog(test.Series.Count);
        _series = [.. test.Series.Select(Add)];
        _engine = new RuleEngine(bed.Rules, _catalog, bed.Devices, options);
    }

    /// <summary>Where a rule stood with one of its series as a state was asked for.</summary>
    /// <param name="Status">Where it stood.</param>
    /// <param name="Explanation">What the engine said, on one line, with times since the start of the test.</param>
    internal sealed record Standing(RuleInstanceStatus Status, string Explanation);

    /// <summary>What was found where a state was asked for.</summary>
    /// <param name="Expected">What was asked for.</param>
    /// <param name="Standings">The rule with each series that fits.</param>
    internal sealed record StateFound(ExpectedState Expected, IReadOnlyList<Standing> Standings);

    /// <summary>An override that the engine would not have, with its reason.</summary>
    internal sealed record RefusedOverride(TestOverride Override, OverrideAnswer Answer);

    /// <summary>What was raised and ended, in the order of event time; at the same time, in the order it happened.</summary>
    public IReadOnlyList<Transition> Transitions => [.. _transitions.OrderBy(it => it.Time)];

    /// <summary>What was found where states were asked for, in the order of their times.</summary>
    public IReadOnlyList<StateFound> States => _states;

    /// <summary>The overrides of the test that were refused.</summary>
    public IReadOnlyList<RefusedOverride> Refused => _refused;

    /// <summary>Every rule with every series that it judges.</summary>
    public IReadOnlyList<RuleInstanceStatus> Instances => _engine.Instances;

    /// <summary>Plays a test.</summary>
    /// <param name="test">The test.</param>
    /// <param name="bed">What it is run with.</param>
    /// <param name="options">Settings of the engine, instead of those of the bed.</param>
    /// <param name="arrivals">Its readings in the order they are received.</param>
    /// <param name="until">Where to stop, since the start; null for the end of the test.</param>
    public static RuleTestRun Play(
        RuleTest test, RuleTestBed bed, RuleEngineOptions options, Arrival[] arrivals, TimeSpan? until = null)
    {
        var run = new RuleTestRun(test, bed, options, arrivals);
        run.Play(until ?? test.End);
        return run;
    }

    /// <summary>Where a rule stands now and why, in the lines of <c>rules explain</c>, with times since the start of the test.</summary>
    /// <param name="rule">The rule's id.</param>
    /// <param name="subject">The name of a series, device or group.</param>
    public IEnumerable<string> Explain(string rule, string subject) =>
        _engine.Why(rule, subject).SelectMany(it => it.ToLines()).Select(line => TestWords.SinceStart(line, _test.Start));

    private void Play(TimeSpan until)
    {
        foreach (var state in _test.States.TakeWhile(state => state.At <= until))
        {
            PlayTo(state.At);
            _states.Add(new StateFound(state, [.. _engine.Instances
                .Where(it => it.Rule == state.Rule && state.Fits(it.Series))
                .Select(it => new Standing(it, string.Join(' ', Explain(it.Rule, it.Series.Name))))]));
        }

        PlayTo(until);
    }

    private void PlayTo(TimeSpan at)
    {
        var end = _test.Start + at + _options.Lateness;
        while (Next is var now && now <= end)
        {
            LetTimePass(now);
            for (; NextCommand == now; _commanded++)
            {
                Command(_test.Overrides[_commanded], now);
            }

            for (; NextArrival == now; _arrived++)
            {
                Judge(_arrivals[_arrived]);
            }

            Tick(now);
        }

        LetTimePass(end);
        Tick(end);
    }

    private static Timestamp Never => new(long.MaxValue);

    private Timestamp Next => NextArrival < NextCommand ? NextArrival : NextCommand;

    private Timestamp NextArrival => _arrived < _arrivals.Length ? _arrivals[_arrived].ReceivedAt : Never;

    private Timestamp NextCommand => _commanded < _test.Overrides.Count ? _test.Start + _test.Overrides[_commanded].At : Never;

    private void Command(TestOverride wanted, Timestamp now)
    {
        var answer = wanted.Command(_engine, now, _outcome);
        if (answer.Change is null)
        {
            _refused.Add(new RefusedOverride(wanted, answer));
        }

        TakeTransitions();
    }

    private void Judge(in Arrival arrival)
    {
        var (at, _, value, quality) = arrival.Reading;
        var raw = new RawReading(
            _series[arrival.Series], _test.Series[arrival.Series].Unit, quality, _test.Start + at, arrival.ReceivedAt, value);
        if (_gate(raw, out var reading))
        {
            _engine.Judge(new ReadOnlySpan<Reading>(in reading), _outcome);
            TakeTransitions();
        }
    }

    private void LetTimePass(Timestamp before)
    {
        while (_engine.NextDeadline is { HasValue: true } deadline && deadline < before && deadline > _now)
        {
            Tick(deadline);
        }
    }

    private void Tick(Timestamp now)
    {
        _now = now;
        _engine.Tick(now, _outcome);
        TakeTransitions();
    }

    private void TakeTransitions()
    {
        foreach (var transition in _outcome.Transitions)
        {
            if (transition.Time <= _test.Start + _test.End)
            {
                _transitions.Add(transition);
            }
        }

        _outcome.Clear();
    }

    private Series Add(TestSeries series)
    {
        var isNew = _catalog.TryGetOrAdd(Encoding.UTF8.GetBytes(series.Device), Encoding.UTF8.GetBytes(series.Metric), out var added);
        return isNew ? added! : throw new ArgumentException($"The series '{series.Name}' is longer than a name may be.", nameof(series));
    }
}
