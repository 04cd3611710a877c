using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Tracks;

/// <summary>Something that rules judge, with its own clock in event time: a series, a device, or a group.</summary>
/// <remarks>
/// All rules of a track share its clock, so a reading that changes no verdict costs the same for one rule as for a hundred.
/// Between readings the clock goes on with the gateway's.
/// </remarks>
internal abstract class Track(Series subject) : IStateOwner
{
    private static readonly Timestamp EndOfTime = new(long.MaxValue);

    private RuleInstance[] _restless = [];
    private int _restlessCount;
    private Timestamp _calmUntil = EndOfTime;

    /// <summary>What alerts name: the series; for a device or a group one that is in no catalog, with the number -1.</summary>
    public Series Series => subject;

    /// <summary>Its name in keys of state: the subject's, with a mark where there are several tracks of one series.</summary>
    public virtual string KeyName => subject.Name;

    /// <summary>True for readings that came too late: time passes with them alone, and what they raise is history.</summary>
    public virtual bool IsBackfill => false;

    /// <summary>The rules that judge it, in the order of the rule set.</summary>
    public RuleInstance[] Instances
    {
        get;
        set => (field, _restless, _restlessCount, Band) = (value, [], 0, Band.Empty);
    } = [];

    /// <summary>
    /// Those of them that no value leaves as they are, in the same order: they are asked with every reading. None where all are
    /// such; then nothing is quiet.
    /// </summary>
    public ReadOnlySpan<RuleInstance> Restless => _restless.AsSpan(0, _restlessCount);

    /// <summary>The last usable reading's time.</summary>
    public Timestamp Time { get; protected set; } = Timestamp.None;

    /// <summary>When the last usable reading was taken up, in gateway time: as it came, or when it had waited for others.</summary>
    public Timestamp ReceivedAt { get; protected set; } = Timestamp.None;

    /// <summary>How much of the time since its last reading the gateway could hear nobody: silence is the longer by it.</summary>
    public TimeSpan Unheard { get; protected set; }

    /// <summary>True when the last reading was of the moment of the one before it, or of an earlier one: of another series of a device or group.</summary>
    public bool IsAgain { get; set; }

    /// <summary>True when the last reading was far in the past as it came.</summary>
    public bool IsHistorical { get; protected set; }

    /// <summary>True when the gateway's clock was not set as the last reading came.</summary>
    public bool IsUntrusted { get; protected set; }

    /// <summary>True when the last reading's time was that of the gateway, not one of the device.</summary>
    public bool IsOnGatewayClock { get; protected set; }

    /// <summary>True once there was a usable reading.</summary>
    public bool HasTime => Time.HasValue;

    /// <summary>How long after it was measured the last reading was taken up.</summary>
    public TimeSpan Delay => ReceivedAt - Time;

    /// <summary>Values for which no rule of the track but the restless changes its verdict.</summary>
    public Band Band { get; set; } = Band.Empty;

    /// <summary>No rule of the track has anything to do by itself before this event time; never later than that, may be earlier.</summary>
    public Timestamp QuietUntil { get; private set; } = EndOfTime;

    /// <summary>The smallest delay between measuring and receiving for which the timers in the queue are early enough.</summary>
    public TimeSpan QueuedDelay { get; set; } = TimeSpan.MinValue;

    /// <summary>The silence that the track has taught; null before enough is known, and where nothing is learned.</summary>
    public virtual TimeSpan? LearnedSilence => null;

    /// <inheritdoc/>
    public bool IsMarked { get; set; }

    /// <summary>The gateway time at which the event time reaches an instant, as long as nothing comes.</summary>
    public Timestamp ToGatewayTime(Timestamp eventTime) => ReceivedAt + (eventTime - Time);

    /// <summary>True when a reading leaves all its rules as they are, but for the restless.</summary>
    public bool IsCalm(Timestamp time, double value) => Band.Contains(value) && time < QuietUntil;

    /// <summary>Works out again what holds for all its rules together.</summary>
    public void Settle()
    {
        (Band, _calmUntil, _restlessCount) = (Band.All, EndOfTime, 0);
        var isAnyQuiet = Array.Exists(Instances, static it => !it.Band.IsEmpty);
        foreach (var it in Instances)
        {
            if (it.Failed is not null)
            {
                continue;
            }

            if (isAnyQuiet && it.Band.IsEmpty)
            {
                _restless = _restless.Length > 0 ? _restless : new RuleInstance[Instances.Length];
                _restless[_restlessCount++] = it;
                continue;
            }

            Band = Band.And(it.Band);
            _calmUntil = DueBefore(_calmUntil, it);
        }

        SettleRestless();
    }

    /// <summary>The same after only the restless were asked: what holds for the others has not changed.</summary>
    public void SettleRestless()
    {
        QuietUntil = _calmUntil;
        foreach (var it in Restless)
        {
            if (!it.Band.IsEmpty)
            {
                // It has come to rest.
                Settle();
                return;
            }

            QuietUntil = DueBefore(QuietUntil, it);
        }
    }

    /// <summary>One of its rules has something to do at a time of its own.</summary>
    public void Expect(Timestamp deadline) =>
        (_calmUntil, QuietUntil) = (Earlier(_calmUntil, deadline), Earlier(QuietUntil, deadline));

    /// <summary>What conditions look at, at an event time.</summary>
    public abstract Frame At(Timestamp time);

    /// <inheritdoc/>
    public abstract KeyValuePair<byte[], byte[]?> Save();

    /// <summary>The whole clock.</summary>
    protected TrackClock Clock => new(Time, ReceivedAt, IsHistorical, IsUntrusted, IsOnGatewayClock) { Unheard = Unheard };

    /// <summary>Takes over the clock that evidence names.</summary>
    public void PutClock(in TrackClock clock) => Take(clock);

    /// <summary>The gateway could hear nobody: what did not come meanwhile is no silence.</summary>
    /// <param name="outage">When.</param>
    /// <param name="lateness">How long readings wait for others before they are taken up.</param>
    public virtual void Miss(in Outage outage, TimeSpan lateness)
    {
        var heardAt = lateness > TimeSpan.Zero && Delay <= lateness ? Time : ReceivedAt;
        var missed = outage.Since(heardAt);
        if (missed < TimeSpan.Zero && outage.To >= outage.From)
        {
            // The clock of the device is ahead.
            return;
        }

        // Never more than all that has passed: an outage may begin while devices are still coming back from another. Where the clock
        // was lost over the outage it is less than nothing, until the clock is set.
        var (unheard, passed) = (Unheard + missed, outage.Until - heardAt);
        Unheard = unheard < passed ? unheard : passed;
    }

    /// <summary>The gateway's clock, which was not known to be right, was set: what it jumped over did not pass.</summary>
    public void ClockFound(in ClockStep step) => Unheard += step.By;

    /// <summary>The gateway's clock was set: its times move along, those of the device stay.</summary>
    public virtual void ClockStepped(in ClockStep step)
    {
        ReceivedAt += step.By;
        Time = IsOnGatewayClock ? Time + step.By : Time;
        IsUntrusted = !step.IsTrusted;
    }

    /// <summary>Moves the clock to a reading.</summary>
    protected void MoveClock(Timestamp time, Timestamp receivedAt, bool isHistorical, bool isUntrusted)
    {
        Time = time;
        ReceivedAt = receivedAt;
        Unheard = TimeSpan.Zero;
        IsHistorical = isHistorical;
        IsUntrusted = isUntrusted;
    }

    private static Timestamp Earlier(Timestamp left, Timestamp right) => right.HasValue && right < left ? right : left;

    // What is set aside waits for nothing.
    private static Timestamp DueBefore(Timestamp time, RuleInstance it) => it.Problem.Length > 0 ? time : Earlier(time, it.Deadline);

    /// <summary>Writes the clock.</summary>
    protected void WriteClock(StateWriter writer)
    {
        var hasUnheard = Unheard != TimeSpan.Zero;
        writer.Byte((byte)((IsHistorical ? 1 : 0) | (IsUntrusted ? 2 : 0) | (IsOnGatewayClock ? 4 : 0) | (hasUnheard ? 8 : 0)));
        writer.Time(Time);
        writer.Time(ReceivedAt);
        if (hasUnheard)
        {
            writer.Word((ulong)Unheard.Ticks);
        }
    }

    /// <summary>Reads what <see cref="WriteClock"/> wrote.</summary>
    protected static TrackClock ReadClock(ref StateReader reader)
    {
        var flags = reader.Byte();
        return new TrackClock(reader.Time(), reader.Time(), (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0)
        {
            Unheard = (flags & 8) != 0 ? TimeSpan.FromTicks((long)reader.Word()) : TimeSpan.Zero,
        };
    }

    /// <summary>Takes a clock over.</summary>
    protected void Take(in TrackClock clock)
    {
        MoveClock(clock.Time, clock.ReceivedAt, clock.IsHistorical, clock.IsUntrusted);
        IsOnGatewayClock = clock.IsOnGatewayClock;
        Unheard = clock.Unheard;
    }
}

/// <summary>A track's clock, as it is stored or as evidence names it.</summary>
/// <param name="Time">When its last usable reading was measured.</param>
/// <param name="ReceivedAt">When that was received.</param>
/// <param name="IsHistorical">True when it was far in the past as it came.</param>
/// <param name="IsUntrusted">True when the gateway's clock was not set.</param>
/// <param name="IsOnGatewayClock">True when the reading's time was that of the gateway.</param>
internal readonly record struct TrackClock(
    Timestamp Time, Timestamp ReceivedAt, bool IsHistorical, bool IsUntrusted, bool IsOnGatewayClock = false)
{
    /// <summary>How much of the time since then the gateway could hear nobody.</summary>
    public TimeSpan Unheard { get; init; }
}
