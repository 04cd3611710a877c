using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Binding;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <summary>Judges readings by rules, in event time. A pure function of what it is given: no clock, no disk, no network.</summary>
/// <remarks>
/// For the journal's thread only. Live and replay do the same for each batch: <see cref="Judge"/> its readings, then
/// <see cref="Tick"/> with the time it was recorded; so what it remembers is what a checkpoint held and the log after it says.
/// Each series has a clock of its own, the time of its last reading; between readings it goes on with the gateway's clock, so
/// that a <c>for</c> elapses in silence, and a replay of old readings does not time out at once.
/// </remarks>
public sealed partial class RuleEngine
{
    // These say that the value means nothing now. A reading whose time was merely replaced is judged.
    private const Quality Unusable = Quality.Retained | Quality.OutOfRange | Quality.Suspect;

    private readonly SeriesCatalog _catalog;
    private readonly RuleEngineOptions _options;
    private readonly Marks _marks = new();
    private readonly LastOutage _outages = new();
    private ReorderBuffer? _reorder;
    private readonly SecondLooks? _looks;
    private SeriesTrack?[] _tracks = new SeriesTrack?[64];
    private RuleSet _rules;
    private RuleBinding _binding;
    private InstanceJudge _judge;
    private TimerQueue _timers;
    private Hiding _hiding;

    /// <summary>An engine that remembers nothing yet.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="catalog">All series.</param>
    /// <param name="devices">Names, labels and attributes of devices.</param>
    /// <param name="options">Settings.</param>
    public RuleEngine(RuleSet rules, SeriesCatalog catalog, IDeviceDirectory devices, RuleEngineOptions options)
    {
        _catalog = catalog;
        _options = options;
        _digester = new HistoryDigester(options.HistoricalAfter);
        _overrides = new OverrideBook(_marks);
        _reorder = options.Lateness > TimeSpan.Zero ? new ReorderBuffer(options.Lateness) : null;
        _looks = _reorder is not null && options.SecondLook is { } look ? new SecondLooks(look(catalog, devices), catalog, _marks) : null;
        Use(rules, devices);
    }

    /// <summary>The rules in force.</summary>
    public RuleSet Rules => _rules;

    /// <summary>Readings that were older than the one before of their series, and so were not judged.</summary>
    public long LateReadings { get; private set; }

    /// <summary>Readings that were not judged because of their quality: retained, out of range, or suspect.</summary>
    public long UnusableReadings { get; private set; }

    /// <summary>Readings that waited for others and then repeated the one before of their series to the last bit.</summary>
    public long RepeatedReadings => _looks?.Repeats ?? 0;

    /// <summary>How often a rule was asked for its verdict. A reading that can change none asks none.</summary>
    public long Judgings { get; private set; }

    /// <summary>The gateway time at which <see cref="Tick"/> should be called at the latest; none when nothing waits.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            var first = Timestamp.Earlier(_timers.Next, Timestamp.Earlier(_reorder?.Next ?? Timestamp.None, NextBackfillEnd));
            return _overrides.HasAny && (!first.HasValue || _overrides.NextEnd < first) ? _overrides.NextEnd : first;
        }
    }

    /// <summary>Judges readings one after the other; how they are split over calls changes nothing.</summary>
    public void Judge(ReadOnlySpan<Reading> readings, RuleOutcome outcome)
    {
        foreach (ref readonly var reading in readings)
        {
            while (reading.ReceivedAt >= _overrides.NextEnd)
            {
                // What was due before the override ended is still judged with it.
                Tick(_overrides.NextEnd, outcome);
            }

            // After a start with no lateness any more there may be something that waited.
            if (_reorder is null || (_options.Lateness == TimeSpan.Zero && !_reorder.Next.HasValue))
            {
                Accept(reading, outcome);
                continue;
            }

            // What waits is let go between the timers, each at its own time: how readings are split over calls changes nothing.
            _marks.Add(_reorder);
            _reorder.Hold(reading);
            var hasElapsed = outcome.HasElapsed;
            Tick(reading.ReceivedAt, outcome);
            outcome.HasElapsed = hasElapsed;
        }
    }

    /// <summary>Lets time pass: what was due by then happens, each at its own time.</summary>
    /// <param name="now">The gateway's clock as recorded. Going back is harmless.</param>
    /// <param name="outcome">Takes what changes.</param>
    public void Tick(Timestamp now, RuleOutcome outcome)
    {
        while (NextDeadline is { HasValue: true } next && next <= now)
        {
            if (_overrides.NextEnd <= next)
            {
                EndOverrides(next, outcome);
                continue;
            }

            // A reading that is let go just when a waiting ends is judged first.
            if (_reorder is not null && _reorder.TryLetGo(next, out var reading))
            {
                outcome.HasElapsed = true;
                _marks.Add(_reorder);
                if (_looks is null || _looks.TryLook(ref reading))
                {
                    Accept(reading, outcome);
                }
            }
            else if (_timers.TryTake(next, out var instance))
            {
                FireTimer(instance!, outcome);
                _timers.Wake(instance!);
                Settle(instance!.Track);
            }
            else
            {
                EndBackfills(next, outcome);
            }
        }
    }

    /// <summary>What of its memory has changed since this was last called, to be stored; a null value means: delete the key.</summary>
    public List<KeyValuePair<byte[], byte[]?>> TakeCheckpoint() => _marks.Take();

    /// <summary>True when a checkpoint would have something to store.</summary>
    public bool HasChanged => !_marks.IsEmpty;

    private void Accept(in Reading reading, RuleOutcome outcome)
    {
        var track = TrackOf(reading.Series);
        if (track.IsIdle)
        {
            return;
        }

        if (track.Any is { } any && (reading.Quality & Quality.Retained) == 0)
        {
            JudgeReading(any, reading, outcome);
        }

        if ((reading.Quality & Unusable) != 0)
        {
            UnusableReadings++;
            track.LeftOut = track.LeftOut.With(reading.Quality);
            return;
        }

        foreach (var watcher in track.Watchers)
        {
            // What ends before this reading ends by what was so before it.
            if (reading.Time > watcher.QuietUntil)
            {
                FireTimersBefore(watcher, reading.Time, outcome);
            }
        }

        if (JudgeReading(track, reading, outcome))
        {
            foreach (var watcher in track.Watchers)
            {
                JudgeSubject(watcher, track, outcome);
            }
        }
        else
        {
            JudgeLate(track, reading, outcome);
        }
    }

    /// <returns>False when it is older than the last of its series.</returns>
    private bool JudgeReading(SeriesTrack track, in Reading reading, RuleOutcome outcome)
    {
        var isUntrusted = (reading.Quality & Quality.TimeUntrusted) != 0;
        var isNewClock = track.HasTime && isUntrusted != track.IsUntrusted;
        if (track.HasTime && !isNewClock && reading.Time < track.Time)
        {
            return false;
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

        var isCalm = _options.QuietBands && !isNewClock && track.IsCalm(reading.Time, reading.Value);
        var isFirst = !track.HasTime;
        var wasHistorical = track.IsHistorical;
        var isSooner = track.Advance(reading, TakenUpAt(reading), track.IsBackfill || IsHistorical(reading), isUntrusted);
        if (_outages.CameBefore(reading) && !track.IsBackfill)
        {
            track.Miss(_outages.Last, _options.Lateness);
        }

        _marks.Add(track);
        isCalm &= wasHistorical == track.IsHistorical;
        var asked = isCalm ? track.Restless : track.Instances;
        if (!asked.IsEmpty)
        {
            JudgeInstances(track, asked, outcome);
        }

        if (isSooner || isNewClock || isFirst || track.Delay < track.QueuedDelay)
        {
            Wake(track);
        }

        if (!isCalm || isSooner)
        {
            Settle(track);
        }
        else if (!asked.IsEmpty)
        {
            track.SettleRestless();
        }

        return true;
    }

    private void JudgeSubject(SubjectTrack subject, SeriesTrack from, RuleOutcome outcome)
    {
        var isNewClock = subject.HasTime && from.IsUntrusted != subject.IsUntrusted;
        if (isNewClock)
        {
            Rebase(subject, from.Time);
        }

        subject.Advance(from);
        _marks.Add(subject);
        JudgeInstances(subject, subject.Instances, outcome);
        Wake(subject);
        Settle(subject);
    }

    private void JudgeInstances(Track track, ReadOnlySpan<RuleInstance> instances, RuleOutcome outcome)
    {
        var frame = track.At(track.Time);
        var mayBeDue = track.Time >= track.QuietUntil;
        foreach (var instance in instances)
        {
            BindIfOutdated(instance);
            var isDue = mayBeDue && instance.Deadline is { HasValue: true } until && track.Time >= until;
            if (instance.Judgement is not null && (isDue || !_options.QuietBands || !instance.Band.Contains(frame.Value)
                || instance.Raised is { Historical: true }))
            {
                Guard(instance, frame, outcome, isReading: true);
                _timers.Wake(instance);
            }
        }
    }

    private void FireTimersBefore(Track track, Timestamp time, RuleOutcome outcome)
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
        // It may fire before the first reading after a start, and then has to say why.
        BindIfOutdated(instance);
        Guard(instance, instance.Track.At(instance.Track.Time), outcome, isReading: false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Border: one rule that throws is set aside; the others go on.")]
    private void Guard(RuleInstance instance, in Frame frame, RuleOutcome outcome, bool isReading)
    {
        try
        {
            Judgings++;
            _binding.Steps.Refill();
            if (isReading)
            {
                _judge.OnReading(instance, frame, outcome);
                var changesAt = instance.ChangesAt;
                instance.Settle(frame);
                if (instance.ChangesAt != changesAt && instance.Foresees)
                {
                    _marks.Add(instance);
                }
            }
            else
            {
                _judge.OnTime(instance, outcome);
            }
        }
        catch (Exception error)
        {
            _judge.SetAside(instance, Failure(error), outcome);
        }
    }

    private static string Failure(Exception error) => $"The rule failed: {error.Message}";

    // The gateway's clock was set, or lost: times before and after do not compare, so what is pending begins anew.
    private void Rebase(Track track, Timestamp time)
    {
        foreach (var instance in track.Instances)
        {
            foreach (ref var level in instance.Levels.AsSpan())
            {
                level.Since = level.State == RuleState.Pending ? time : level.Since;
                level.GoodSince = level.GoodSince.HasValue ? time : level.GoodSince;
            }

            (instance.Judgement as IStatefulJudgement)?.Rebase(time);
            instance.JudgedAt = Timestamp.None;
            instance.Band = Band.Empty;
            _marks.Add(instance);
        }
    }

    // Readings that are waited for are none of the past, however long the waiting is.
    private bool IsHistorical(in Reading reading) =>
        reading.ReceivedAt - reading.Time is var delay && delay > _options.HistoricalAfter && delay > _options.Lateness;

    // What waits for others is taken up at a time that does not depend on how long it was on its way.
    private Timestamp TakenUpAt(in Reading reading) => _reorder?.TakenUpAt(reading) ?? reading.ReceivedAt;

    private void Wake(Track track)
    {
        track.QueuedDelay = track.HasTime ? track.Delay : TimeSpan.MinValue;
        foreach (var instance in track.Instances)
        {
            _timers.Wake(instance);
        }
    }

    private static void Settle(Track track) => track.Settle();
}
