using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Schedules;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <summary>Where a rule stands with one series, device or group.</summary>
public enum RuleState
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>The condition does not hold.</summary>
    Normal,

    /// <summary>The condition holds, but not yet for long enough.</summary>
    Pending,

    /// <summary>It fires.</summary>
    Firing,
}

/// <summary>One rule with one series, device or group: what it remembers, and when it must be looked at again.</summary>
internal sealed class RuleInstance : IStateOwner
{
    private static readonly List<Timestamp> Unwatched = [];

    // From where its next turn was looked for: what was judged ahead of a reading is judged again from there.
    private Timestamp _turnsFrom = Timestamp.None;

    /// <summary>What <see cref="RaisedLevel"/> is while it fires because of silence.</summary>
    public const int SilenceLevel = -1;

    /// <summary>The order of what happens at the same time: that of the rules in their set, then that of names.</summary>
    public static Comparer<(int Rule, string Subject)> Order { get; } = Comparer<(int Rule, string Subject)>.Create(static (a, b) =>
        a.Rule != b.Rule ? a.Rule.CompareTo(b.Rule) : string.CompareOrdinal(a.Subject, b.Subject));

    /// <summary>An instance that remembers nothing.</summary>
    public RuleInstance(Rule rule, int ruleIndex, Track track)
    {
        (Rule, RuleIndex, Track) = (rule, ruleIndex, track);
        Levels = new LevelState[rule.Levels.Count];
        Array.Fill(Levels, LevelState.Normal);
        Schedule = rule.Schedule is { } schedule ? new ScheduleCursor(schedule) : null;
    }

    /// <summary>The rule.</summary>
    public Rule Rule { get; }

    /// <summary>The rule's place in the set; orders what happens at the same time.</summary>
    public int RuleIndex { get; }

    /// <summary>The series, device or group.</summary>
    public Track Track { get; }

    /// <summary>The condition; null while it is set aside.</summary>
    public IJudgement? Judgement { get; set; }

    /// <summary>Why it is set aside; empty when it is not.</summary>
    public string Problem { get; set; } = "";

    /// <summary>The alert that says that it failed and is set aside; null while it works.</summary>
    public Transition? Failed { get; set; }

    /// <summary>The rule that watches whether this one flaps; null when none does.</summary>
    public Rule? FlappingRule { get; init; }

    /// <summary>When it raised and ended of late; event time, the oldest first. Only while a rule watches it.</summary>
    public List<Timestamp> Changes => FlappingRule is null ? Unwatched : field ??= [];

    /// <summary>The notice that it flaps; null while it does not.</summary>
    public Transition? Flap { get; set; }

    /// <summary>Until when its silence waits for a parent's; none when it does not.</summary>
    public Timestamp HeldUntil { get; set; } = Timestamp.None;

    /// <summary>When a silence that was hidden is told, if nothing comes; none when nothing is hidden.</summary>
    public Timestamp RevealAt { get; set; } = Timestamp.None;

    /// <summary>The same rule with the same series now, of an instance that judges what came too late; null otherwise.</summary>
    public RuleInstance? Live { get; set; }

    /// <summary>The names it was last bound against; see <see cref="RuleEngine"/>.</summary>
    public int BoundAt { get; set; }

    /// <summary>Where each level of the rule stands, in the order of the rule's levels: the mildest first.</summary>
    public LevelState[] Levels { get; }

    /// <summary>True when it fires because of silence.</summary>
    public bool Silent { get; set; }

    /// <summary>The level of <see cref="Raised"/>; <see cref="SilenceLevel"/> when silence raised it.</summary>
    public int RaisedLevel { get; set; }

    /// <summary>What was said when it began to fire; kept, so that it can be ended even when the rule is gone.</summary>
    public Transition? Raised { get; set; }

    /// <summary>When it last began to fire; event time. Never the same twice, because with rule and series it names the alert.</summary>
    public Timestamp RaisedAt { get; set; } = Timestamp.None;

    /// <summary>The event time up to which time itself has been judged.</summary>
    public Timestamp JudgedAt { get; set; } = Timestamp.None;

    /// <summary>When the condition may change by itself; none when it does not.</summary>
    public Timestamp ChangesAt { get; set; } = Timestamp.None;

    /// <summary>True when <see cref="ChangesAt"/> follows from what others said as it was last judged, and so must be remembered.</summary>
    public bool Foresees => Rule.LooksElsewhere && Rule.Asks.Needs.IsTimed;

    /// <summary>When the rule is active; null when it always is.</summary>
    public ScheduleCursor? Schedule { get; }

    /// <summary>When its schedule ends what pends or fires, or begins anew; none when nothing hangs on it.</summary>
    public Timestamp TurnsAt { get; set; } = Timestamp.None;

    /// <summary>Values that change nothing.</summary>
    public Band Band { get; set; } = Band.Empty;

    /// <summary>The gateway time it waits for in the queue of timers.</summary>
    public Timestamp QueuedAt { get; set; } = Timestamp.None;

    /// <inheritdoc/>
    public bool IsMarked { get; set; }

    /// <summary>Where it stands as a whole.</summary>
    public RuleState State => Raised is not null ? RuleState.Firing
        : PendingUntil.HasValue ? RuleState.Pending : RuleState.Normal;

    /// <summary>The worst level that fires; <see cref="SilenceLevel"/> when none does.</summary>
    public int FiringLevel => Array.FindLastIndex(Levels, level => level.State == RuleState.Firing);

    /// <summary>Since when the condition is true, of the level that fires or else of the one that fires next.</summary>
    public Timestamp Since
    {
        get
        {
            var firing = FiringLevel;
            return firing >= 0 ? Levels[firing].Since
                : Raised is not null ? Raised.Since
                : Array.Find(Levels, level => level.State == RuleState.Pending) is { State: RuleState.Pending } pending ? pending.Since
                : Timestamp.None;
        }
    }

    /// <summary>True when it learns what silence is from the series itself.</summary>
    public bool Learns => Rule.LearnsSilence;

    /// <summary>The silence that counts as such, without <c>for</c>; null while it has not been learned.</summary>
    public TimeSpan? SilenceTaken => Rule.MissingAfter ?? Track.LearnedSilence;

    /// <summary>When a level has been pending for long enough; none when none is pending.</summary>
    public Timestamp PendingUntil
    {
        get
        {
            var first = Timestamp.None;
            for (var i = 0; i < Levels.Length; i++)
            {
                if (Levels[i].State == RuleState.Pending)
                {
                    first = Timestamp.Earlier(first, Levels[i].Since + Rule.Levels[i].For);
                }
            }

            return first;
        }
    }

    /// <summary>When silence counts as such, if nothing comes; none when it means nothing here.</summary>
    public Timestamp SilentFrom
    {
        get
        {
            var own = OwnSilence;
            return own.HasValue && HeldUntil > own ? WithinSchedule(HeldUntil) : own;
        }
    }

    /// <summary>The same as far as it depends on nobody else.</summary>
    public Timestamp OwnSilence => SilenceAtAnyHour is { HasValue: true } silent ? WithinSchedule(silent) : Timestamp.None;

    /// <summary>True when silence would count sooner, were there no schedule.</summary>
    public bool SilenceAwaitsSchedule => Schedule is not null && SilentFrom is { HasValue: true } from && from != HeldUntil && from != SilenceAtAnyHour;

    private Timestamp SilenceAtAnyHour
    {
        get
        {
            var matters = Rule.Missing switch
            {
                MissingPolicy.Ok => State != RuleState.Normal || Array.Exists(Levels, static level => level.Bad != 0),

                // What is milder than the silence does not hide it.
                MissingPolicy.Alert => !Silent && (Raised is not { } raised || raised.Severity < Rule.Severity),
                _ => false,
            };

            // What a schedule has ended is not due once more before the next beginning.
            return matters && SilenceOver is { HasValue: true } silent ? JudgedAt > silent ? JudgedAt : silent : Timestamp.None;
        }
    }

    /// <summary>True when by then silence has ended what there was, and time alone begins nothing new.</summary>
    public bool IsOverAt(Timestamp time) => Rule.Missing == MissingPolicy.Ok && IsSilentAt(time);

    /// <summary>True when by then nothing has come for as long as silence takes.</summary>
    public bool IsSilentAt(Timestamp time) => SilenceOver is { HasValue: true } silent && time >= silent;

    // When nothing has come for as long as silence takes, whatever it means here; none when that is not known.
    private Timestamp SilenceOver => Track.HasTime && SilenceTaken is { } span
        ? Track.Time + span + Rule.SilentFor + Track.Unheard : Timestamp.None;

    /// <summary>When <c>keep_firing_for</c> is over for what time itself has ended; none when nothing is kept so.</summary>
    public Timestamp KeptUntil
    {
        get
        {
            var first = Timestamp.None;
            if (Rule.KeepFiringFor > TimeSpan.Zero && Judgement is IStatefulJudgement { EndsByTime: true })
            {
                foreach (ref readonly var level in Levels.AsSpan())
                {
                    first = level is { State: RuleState.Firing, GoodSince.HasValue: true }
                        ? Timestamp.Earlier(first, level.GoodSince + Rule.KeepFiringFor) : first;
                }
            }

            return first;
        }
    }

    /// <summary>The next event time at which something happens by itself; none when nothing does.</summary>
    public Timestamp Deadline => Timestamp.Earlier(
        Timestamp.Earlier(PendingUntil, SilentFrom), Timestamp.Earlier(TurnsAt, Timestamp.Earlier(RevealAt, ChangesAt)));

    /// <summary>True when nothing is lost with it.</summary>
    /// <remarks>
    /// When it last raised is remembered for good, so that the next one gets another name, wherever the clock is set. That is
    /// bounded: a row for each instance at most, of which there are as many as rules match series (100,000 at most), devices and
    /// groups; what no rule judges any more is deleted with the edit or start that ends it, and history when its backfill ends.
    /// </remarks>
    private bool IsPlain => Raised is null && Failed is null && Flap is null && Changes.Count == 0 && !Silent && !Foresees
        && !HeldUntil.HasValue && JudgedAt <= Track.Time && !RaisedAt.HasValue
        && Judgement is not IStatefulJudgement
        && Array.TrueForAll(Levels, static level => level.IsNormal);

    /// <inheritdoc/>
    public KeyValuePair<byte[], byte[]?> Save() =>
        new(StateKey.OfInstance(Rule.Id, Track.KeyName), IsPlain ? null : InstanceState.Of(this).Write());

    /// <summary>Takes over what was remembered, of this rule or of what it was before an edit.</summary>
    /// <param name="memory">What was remembered.</param>
    /// <param name="isSame">True when the rule still asks the same; otherwise levels find each other by their severity.</param>
    public void Take(InstanceState memory, bool isSame)
    {
        (RaisedAt, JudgedAt, Raised) = (memory.RaisedAt, memory.JudgedAt, memory.Raised);
        Silent = memory.Silent && Rule.Missing == MissingPolicy.Alert;
        for (var i = 0; i < Levels.Length && (isSame || memory.Kind == Rule.Kind); i++)
        {
            var from = isSame || memory.Levels.Count == 1 && Levels.Length == 1 ? i
                : memory.Levels.ToList().FindIndex(level => level.Severity == Rule.Levels[i].Severity);
            Levels[i] = from >= 0 && from < memory.Levels.Count ? memory.Levels[from].State : LevelState.Normal;
        }

        RaisedLevel = isSame && memory.RaisedLevel is { } level && level < Levels.Length ? level : FiringLevel;
        ChangesAt = isSame && memory.ChangesAt is { } changesAt ? changesAt : Timestamp.None;
        (HeldUntil, RevealAt, Flap) = (memory.HeldUntil, memory.RevealAt, memory.Flap);
        Changes.AddRange(FlappingRule is null ? [] : memory.Changes);
        if (isSame && memory.Failed is { } failed)
        {
            (Failed, Problem) = (failed, failed.Explanation);
        }
    }

    /// <summary>The clock that its times are of was set: what it waits for moves along.</summary>
    public void Shift(TimeSpan by)
    {
        foreach (ref var level in Levels.AsSpan())
        {
            level.Since = level.State == RuleState.Pending ? level.Since + by : level.Since;
            level.GoodSince = level.GoodSince.MovedBy(by);
        }

        for (var i = 0; i < Changes.Count; i++)
        {
            Changes[i] += by;
        }

        JudgedAt = JudgedAt.MovedBy(by);
        ChangesAt = ChangesAt.MovedBy(by);
        HeldUntil = HeldUntil.MovedBy(by);
        RevealAt = RevealAt.MovedBy(by);
        TurnsAt = Timestamp.None;
        Band = Band.Empty;
    }

    /// <summary>Notes for which values nothing would happen if the last reading came again, and when time itself may change something.</summary>
    public void Settle(in Frame frame)
    {
        AwaitChange(frame);
        Band = QuietAround(frame);
    }

    /// <summary>Works out when time itself may change something, after an instant was judged.</summary>
    public void AwaitChange(in Frame frame)
    {
        ChangesAt = Judgement?.NextChange(frame) ?? Timestamp.None;
        if (KeptUntil is { HasValue: true } kept && kept > frame.Time)
        {
            ChangesAt = Timestamp.Earlier(ChangesAt, kept);
        }

        AwaitTurn(frame);
    }

    /// <summary>Works out when the schedule ends what pends or fires, or begins anew: what holds then was not judged before.</summary>
    public void AwaitTurn(in Frame frame)
    {
        if (Schedule is null || (State == RuleState.Normal && Schedule.IsActive(frame.Time)))
        {
            TurnsAt = Timestamp.None;
        }
        else if (!(TurnsAt > frame.Time) || frame.Time < _turnsFrom)
        {
            (TurnsAt, _turnsFrom) = (Schedule.Schedule.NextChange(frame.Time), frame.Time);
        }
    }

    // Outside the schedule nobody waits: what is silent then counts from the next beginning on.
    private Timestamp WithinSchedule(Timestamp time) =>
        Schedule is null || Schedule.IsActive(time) ? time : Schedule.Schedule.NextChange(time);

    private Band QuietAround(in Frame frame)
    {
        var band = Silent || Rule.Times is not null || Flap is not null || Rule.Asks.Needs.IsTimed ? Band.Empty : Band.All;
        for (var i = 0; i < Levels.Length && !band.IsEmpty; i++)
        {
            var fires = Levels[i].State == RuleState.Firing;
            var isSettled = Levels[i] switch
            {
                { State: RuleState.Normal } => Judgement!.Raise(i, frame) == Truth.False,
                { State: RuleState.Pending } => Judgement!.Raise(i, frame) == Truth.True,
                { GoodSince.HasValue: true } => false,
                _ => Judgement!.Clear(i, frame) == Truth.False,
            };
            band = isSettled ? band.And(Judgement!.Steady(i, fires, frame.Value)) : Band.Empty;
        }

        return band;
    }
}
