using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Plays a test in virtual time, as the pipeline does live: what is received is judged, then time goes on to the next thing.</summary>
/// <remarks>
/// The next thing is a reading, or what the engine waits for by itself (<see cref="RuleEngine.NextDeadline"/>), so that a
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
    private Timestamp _now = Timestamp.None;

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

    /// <summary>What was raised and ended, in the order of event time; at the same time, in the order it happened.</summary>
    public IReadOnlyList<Transition> Transitions => [.. _transitions.OrderBy(it => it.Time)];

    /// <summary>What was found where states were asked for, in the order of their times.</summary>
    public IReadOnlyList<StateFound> States => _states;

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

    /// <summary>Where a rule stands now with a series, device or group, and why: one line per thing, with times since the start of the test.</summary>
    public string Explain(string rule, string subject) => TestWords.SinceStart(_engine.Explain(rule, subject), _test.Start);

    private void Play(TimeSpan until)
    {
        var next = 0;
        foreach (var state in _test.States.TakeWhile(state => state.At <= until))
        {
            PlayTo(state.At, ref next);
            _states.Add(new StateFound(state, [.. _engine.Instances
                .Where(it => it.Rule == state.Rule && state.Fits(it.Series))
                .Select(it => new Standing(it, Explain(it.Rule, it.Series.Name).ReplaceLineEndings(" ")))]));
        }

        PlayTo(until, ref next);
    }

    private void PlayTo(TimeSpan at, ref int next)
    {
        var end = _test.Start + at + _options.Lateness;
        while (next < _arrivals.Length && _arrivals[next].ReceivedAt <= end)
        {
            var now = _arrivals[next].ReceivedAt;
            LetTimePass(now);
            for (; next < _arrivals.Length && _arrivals[next].ReceivedAt == now; next++)
            {
                Judge(_arrivals[next]);
            }

            Tick(now);
        }

        LetTimePass(end);
        Tick(end);
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
