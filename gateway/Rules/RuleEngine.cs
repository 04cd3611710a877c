using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules;

/// <summary>Judges readings by rules, in event time. A pure function of what it is given: no clock, no disk, no network.</summary>
/// <remarks>
/// For the journal's thread only. Live and replay do the same for each batch: <see cref="Judge"/> its readings, then
/// <see cref="Tick"/> with the time it was recorded. Each series has a clock of its own, the time of its last reading; between
/// readings it goes on with the gateway's clock, so that a <c>for</c> elapses in silence, and a replay of old readings does
/// not time out at once.
/// </remarks>
public sealed class RuleEngine
{
    // These say that the value means nothing now. A reading whose time was merely replaced is judged.
    private const Quality Unusable = Quality.Retained | Quality.OutOfRange | Quality.Suspect;

    private readonly RuleSet _rules;
    private readonly SeriesCatalog _catalog;
    private readonly IDeviceDirectory _devices;
    private readonly RuleEngineOptions _options;
    private readonly RuleBinding _binding;
    private readonly TimerQueue _timers = new();
    private SeriesTrack?[] _tracks = new SeriesTrack?[64];

    /// <summary>An engine that remembers nothing yet.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="catalog">All series.</param>
    /// <param name="devices">Names, labels and attributes of devices.</param>
    /// <param name="options">Settings.</param>
    public RuleEngine(RuleSet rules, SeriesCatalog catalog, IDeviceDirectory devices, RuleEngineOptions options)
    {
        _rules = rules;
        _catalog = catalog;
        _devices = devices;
        _options = options;
        _binding = new RuleBinding(rules, catalog, devices, TrackOf);
    }

    /// <summary>Readings that were older than the one before of their series, and so were not judged.</summary>
    public long LateReadings { get; private set; }

    /// <summary>Readings that were not judged because of their quality: retained, out of range, or suspect.</summary>
    public long UnusableReadings { get; private set; }

    /// <summary>The gateway time at which <see cref="Tick"/> should be called at the latest; none when nothing waits.</summary>
    public Timestamp NextDeadline => _timers.Next;

    /// <summary>Every rule with every series it judges, in the order of the series.</summary>
    public IReadOnlyList<RuleInstanceStatus> Instances =>
        [.. _tracks.Where(track => track is not null).SelectMany(track => track!.Instances).Select(Describe)];

    /// <summary>Judges readings one after the other; how they are split over calls changes nothing.</summary>
    public void Judge(ReadOnlySpan<Reading> readings, RuleOutcome outcome)
    {
        foreach (ref readonly var reading in readings)
        {
            var track = TrackOf(reading.Series);
            if (!track.IsIdle)
            {
                JudgeOne(track, reading, outcome);
            }
        }
    }

    /// <summary>Lets time pass: what was due by then happens, each at its own time.</summary>
    /// <param name="now">The gateway's clock as recorded. Going back is harmless.</param>
    /// <param name="outcome">Takes what changes.</param>
    public void Tick(Timestamp now, RuleOutcome outcome)
    {
        while (_timers.TryTake(now, out var instance))
        {
            FireTimer(instance!, outcome);
            _timers.Wake(instance!);
            Settle(instance!.Track);
        }
    }

    /// <summary>The gateway's clock was set: nothing has elapsed by it, so what waits goes on waiting as long as it would have.</summary>
    /// <remarks>
    /// Only series of the clock as it was move along: one that was last judged by a trusted clock keeps its times when an
    /// untrusted clock becomes right.
    /// </remarks>
    /// <param name="step">The step, as recorded.</param>
    /// <param name="outcome">Takes the state that changes.</param>
    public void ClockStepped(in ClockStep step, RuleOutcome outcome)
    {
        foreach (var track in _tracks)
        {
            if (track is null || !track.HasTime || track.IsUntrusted == step.WasTrusted)
            {
                continue;
            }

            track.ClockStepped(step);
            foreach (var instance in track.Instances)
            {
                if (track.IsOnGatewayClock && instance.State == RuleState.Pending)
                {
                    instance.Since += step.By;
                    outcome.Mark(instance);
                }

                instance.QueuedAt = Timestamp.None;
            }

            Wake(track);
            Settle(track);
            if (track.KeepsState)
            {
                outcome.Mark(track);
            }
        }
    }

    /// <summary>Takes over stored state. Call once, after the catalog is restored and before the first reading.</summary>
    /// <param name="state">Everything the outcomes gave, by key.</param>
    /// <param name="now">The gateway's clock; alerts of changed and removed rules end then.</param>
    /// <param name="outcome">Takes those ends, and the keys nobody needs any more.</param>
    public void Restore(IEnumerable<KeyValuePair<byte[], byte[]>> state, Timestamp now, RuleOutcome outcome)
    {
        var instances = new List<(byte[] Key, string Rule, Series Series, byte[] Value)>();
        foreach (var (key, value) in state)
        {
            if (StateKey.Parse(key) is not (var rule, var name) || !_catalog.TryGet(name, out var series))
            {
                outcome.Delete(key);
            }
            else if (rule is not null)
            {
                instances.Add((key, rule, series, value));
            }
            else if (!TrackOf(series.Id).TryRestore(value))
            {
                outcome.Delete(key);
            }
        }

        foreach (var (key, rule, series, value) in instances)
        {
            RestoreInstance(key, InstanceState.Read(value, rule, series), rule, series, now, outcome);
        }

        foreach (var track in _tracks)
        {
            if (track is not null)
            {
                // A timer may fire before the next reading, and then has to say why.
                Array.ForEach(track.Instances, _binding.Bind);
                Wake(track);
                Settle(track);
            }
        }
    }

    /// <summary>Where a rule stands with a series and why, in words; one line per thing.</summary>
    public string Explain(string rule, int series)
    {
        var track = (uint)series < (uint)_tracks.Length ? _tracks[series] : null;
        var instance = track?.Instances.FirstOrDefault(it => it.Rule.Id == rule);
        return instance is null
            ? $"The rule '{rule}' does not judge this series, or the series has had no reading yet."
            : InstanceWords.Explain(instance);
    }

    private void JudgeOne(SeriesTrack track, in Reading reading, RuleOutcome outcome)
    {
        if ((reading.Quality & Unusable) != 0)
        {
            UnusableReadings++;
            return;
        }

        var isUntrusted = (reading.Quality & Quality.TimeUntrusted) != 0;
        var isNewClock = track.HasTime && isUntrusted != track.IsUntrusted;
        if (track.HasTime && !isNewClock && reading.Time < track.Time)
        {
            LateReadings++;
            return;
        }

        if (track.Unit != track.Series.Unit)
        {
            track.Unit = track.Series.Unit;
            _binding.UnitBecameKnown(track);
        }

        if (isNewClock)
        {
            Rebase(track, reading.Time);
        }
        else if (reading.Time > track.QuietUntil)
        {
            FireTimersBefore(track, reading.Time, outcome);
        }

        var isQuiet = _options.QuietBands && track.Band.Contains(reading.Value) && reading.Time < track.QuietUntil && !isNewClock;
        var isHistorical = reading.ReceivedAt - reading.Time > _options.HistoricalAfter;
        var isFirst = !track.HasTime;
        var isSooner = track.Advance(reading, isHistorical, isUntrusted);
        if (!isQuiet)
        {
            JudgeInstances(track, outcome);
        }

        if (isSooner || isNewClock || isFirst || track.Delay < track.QueuedDelay)
        {
            Wake(track);
        }

        if (!isQuiet || isSooner)
        {
            Settle(track);
        }

        if (track.KeepsState)
        {
            outcome.Mark(track);
        }
    }

    private void JudgeInstances(SeriesTrack track, RuleOutcome outcome)
    {
        var frame = track.Frame;
        foreach (var instance in track.Instances)
        {
            if (_binding.IsOutdated(instance))
            {
                _binding.Bind(instance);
            }

            var isDue = instance.PendingUntil is { HasValue: true } until && track.Time >= until;
            if (instance.Judgement is not null && (isDue || !_options.QuietBands || !instance.Band.Contains(frame.Value)))
            {
                JudgeGuarded(instance, frame, outcome);
                _timers.Wake(instance);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Border: one rule that throws is set aside; the others go on.")]
    private void JudgeGuarded(RuleInstance instance, in Frame frame, RuleOutcome outcome)
    {
        try
        {
            Step(instance, frame, outcome);
            instance.FindBand(frame);
        }
        catch (Exception error)
        {
            instance.Judgement = null;
            instance.Problem = $"The rule failed: {error.Message}";
        }
    }

    private void Step(RuleInstance instance, in Frame frame, RuleOutcome outcome)
    {
        var track = instance.Track;
        var judgement = instance.Judgement!;
        if (instance.State == RuleState.Firing)
        {
            // After silence the first reading decides: whatever is not bad is an end of the silence.
            var isOver = instance.Silent
                ? judgement.Raise(frame) != Truth.True
                : judgement.Clear(frame) == Truth.True;
            instance.Silent = false;
            outcome.Mark(instance);
            if (isOver)
            {
                End(instance, EndReason.Recovered, track.Time, outcome);
            }

            return;
        }

        var raise = judgement.Raise(frame);
        if (raise == Truth.False && instance.State == RuleState.Pending)
        {
            SetState(instance, RuleState.Normal, outcome);
        }
        else if (raise == Truth.True && instance.State == RuleState.Normal)
        {
            instance.Since = track.Time;
            SetState(instance, RuleState.Pending, outcome);
        }

        if (raise == Truth.True && track.Time >= instance.PendingUntil)
        {
            Raise(instance, track.Time, isSilence: false, outcome);
        }
    }

    private void FireTimersBefore(SeriesTrack track, Timestamp time, RuleOutcome outcome)
    {
        foreach (var instance in track.Instances)
        {
            while (instance.Problem.Length == 0 && instance.Deadline is { HasValue: true } deadline && deadline < time)
            {
                FireTimer(instance, outcome);
            }
        }

        Settle(track);
    }

    private void FireTimer(RuleInstance instance, RuleOutcome outcome)
    {
        // Where silence is fine and begins just when the waiting ends, there is nothing any more that could be bad.
        var due = instance.Deadline;
        var isSilence = due == instance.SilentFrom
            && (instance.Rule.Missing == MissingPolicy.Ok || due != instance.PendingUntil);
        if (!isSilence)
        {
            Raise(instance, due, isSilence: false, outcome);
        }
        else if (instance.Rule.Missing == MissingPolicy.Alert)
        {
            instance.Since = instance.Track.Time;
            Raise(instance, due, isSilence: true, outcome);
        }
        else if (instance.State == RuleState.Firing)
        {
            End(instance, EndReason.WentSilent, due, outcome);
        }
        else
        {
            SetState(instance, RuleState.Normal, outcome);
        }

        instance.Band = Band.Empty;
        instance.Track.Band = Band.Empty;
    }

    private void Raise(RuleInstance instance, Timestamp time, bool isSilence, RuleOutcome outcome)
    {
        instance.RaisedAt = time;
        instance.Silent = isSilence;
        instance.Raised = InstanceWords.Raised(instance, _devices.Find(instance.Track.Series.Device), time);
        SetState(instance, RuleState.Firing, outcome);
        outcome.Transitions.Add(instance.Raised);
    }

    private void End(RuleInstance instance, EndReason reason, Timestamp time, RuleOutcome outcome)
    {
        outcome.Transitions.Add(InstanceWords.Ended(instance, _devices.Find(instance.Track.Series.Device), reason, time));
        instance.Raised = null;
        SetState(instance, RuleState.Normal, outcome);
    }

    private static void SetState(RuleInstance instance, RuleState state, RuleOutcome outcome)
    {
        instance.State = state;
        if (state == RuleState.Normal)
        {
            instance.Silent = false;
        }

        outcome.Mark(instance);
        outcome.Mark(instance.Track);
    }

    // The gateway's clock was set, or lost: times before and after do not compare, so what is pending begins anew.
    private static void Rebase(SeriesTrack track, Timestamp time)
    {
        foreach (var instance in track.Instances)
        {
            if (instance.State == RuleState.Pending)
            {
                instance.Since = time;
            }

            instance.Band = Band.Empty;
        }
    }

    private void RestoreInstance(
        byte[] key, InstanceState? state, string rule, Series series, Timestamp now, RuleOutcome outcome)
    {
        var instance = Array.Find(TrackOf(series.Id).Instances, it => it.Rule.Id == rule);
        if (state is not null && instance is not null && instance.Rule.Judgement == state.Judgement)
        {
            instance.State = state.State;
            instance.Since = state.Since;
            instance.Silent = state.Silent;
            instance.Raised = state.Raised;
            instance.RaisedAt = state.Raised?.Time ?? Timestamp.None;
            return;
        }

        outcome.Delete(key);
        if (state?.Raised is { } raised)
        {
            outcome.Transitions.Add(raised with { Kind = TransitionKind.Ended, Reason = EndReason.RuleChanged, Time = now });
        }
    }

    private void Wake(SeriesTrack track)
    {
        track.QueuedDelay = track.HasTime ? track.Delay : TimeSpan.MinValue;
        foreach (var instance in track.Instances)
        {
            _timers.Wake(instance);
        }
    }

    /// <summary>Works out again what holds for all rules of a series together.</summary>
    private static void Settle(SeriesTrack track)
    {
        var band = Band.All;
        var quietUntil = new Timestamp(long.MaxValue);
        var keeps = track.IsWatched;
        foreach (var instance in track.Instances)
        {
            keeps |= instance.NeedsClock;
            if (instance.Problem.Length > 0)
            {
                continue;
            }

            band = band.And(instance.Band);
            var deadline = instance.Deadline;
            quietUntil = deadline.HasValue && deadline < quietUntil ? deadline : quietUntil;
        }

        track.Band = band;
        track.QuietUntil = quietUntil;
        track.KeepsState = keeps;
    }

    private SeriesTrack TrackOf(int series)
    {
        if (series < _tracks.Length && _tracks[series] is { } track)
        {
            return track;
        }

        if (series >= _tracks.Length)
        {
            Array.Resize(ref _tracks, Math.Max(series + 1, _tracks.Length * 2));
        }

        return _tracks[series] = _binding.Appear(_catalog[series]);
    }

    private static RuleInstanceStatus Describe(RuleInstance instance) => new(
        instance.Rule.Id, instance.Track.Series, instance.State, instance.Since, instance.RaisedAt, instance.Problem);
}
