using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Gateway.Rules.Explaining;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Windows;

namespace IotEvents.Gateway.Rules.Tracks;

/// <summary>What the rules remember of one series: its clock, its last values, the readings they look back on.</summary>
internal sealed class SeriesTrack(Series series, string mark = "") : Track(series), ISeriesView, IStateOwner
{
    private const byte WithCadence = 255;

    /// <summary>After so many readings under other rules, what none of them looks back on is forgotten.</summary>
    private const int SettlingMax = 100;


    // Conditions ask how far they look back as they are bound, one by one: until all have, the former answer counts too.
    private TimeSpan _asked;
    private List<Action>? _joins;
    private int _settling;

    // A device or a group learns from it what silence is.
    private bool _isPace;
    private CadenceLearner? _cadence;

    /// <summary>What is added to the series' name in the key of a track of any quality. No name has it.</summary>
    public const string AnyQualityMark = "\0any";

    /// <summary>The mark of a track of readings that came too late.</summary>
    public const string BackfillMark = "\0late";

    /// <summary>What tells tracks of the same series apart; empty for usable readings.</summary>
    public string Mark => mark;

    /// <inheritdoc/>
    public override string KeyName => Series.Name + mark;

    /// <inheritdoc/>
    public override bool IsBackfill => mark == BackfillMark;

    /// <summary>The same series with readings of any quality; null when no rule asks for them.</summary>
    public SeriesTrack? Any { get; set; }

    /// <summary>The unit the conditions were bound for.</summary>
    public Unit Unit { get; set; } = series.Unit;

    /// <summary>The devices and groups that are judged when something of this series comes.</summary>
    public SubjectTrack[] Watchers
    {
        get;
        set => (field, _isPace) = (value, Array.Exists(value, static it => it.Learns));
    } = [];

    /// <summary>True when conditions of other series ask for its value.</summary>
    public bool IsWatched { get; set; }

    /// <summary>True when no rule has anything to do with it.</summary>
    public bool IsIdle => Instances.Length == 0 && !IsWatched && Watchers.Length == 0 && Any is null;

    /// <inheritdoc/>
    public double Latest { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public double Previous { get; private set; } = double.NaN;

    /// <summary>What was not judged since the start, and why.</summary>
    public LeftOutReadings LeftOut { get; set; }

    /// <summary>What is known against the latest reading; good before the first since a start.</summary>
    public Quality LatestQuality { get; private set; }

    /// <summary>When the latest reading came; none before the first since a start.</summary>
    public Timestamp LatestReceivedAt { get; private set; } = Timestamp.None;

    /// <inheritdoc/>
    public long Version { get; private set; }

    /// <summary>The readings that conditions look back on; null when none does.</summary>
    public PointRing? Points { get; private set; }

    /// <summary>How far back they look.</summary>
    public TimeSpan Kept { get; private set; }

    /// <summary>True when a rule needs to know what silence is here.</summary>
    public bool Learns { get; set; }

    /// <inheritdoc/>
    public override TimeSpan? LearnedSilence => _cadence?.Learned?.Deadline;

    /// <summary>How often it reports, as far as it was learned. Other threads see each value whole.</summary>
    public LearnedCadence? Cadence => _cadence?.Learned;

    /// <summary>The wanted rate of false absences.</summary>
    public CadenceOptions CadenceOptions { get; init; } = new();

    /// <inheritdoc/>
    public override Frame At(Timestamp time) => new(Latest, Previous, time);

    /// <inheritdoc/>
    public PointSpan Between(Timestamp after, Timestamp upTo) => Points is { } points ? points.Between(after, upTo) : default;

    /// <inheritdoc/>
    public void Keep(TimeSpan span)
    {
        if (Points is null)
        {
            Points = new PointRing();
            if (HasTime)
            {
                // The rule is new and the series is not: what is known of it is its last value.
                Points.Add(Time, Latest);
            }
        }

        _asked = span > _asked ? span : _asked;
        Kept = span > Kept ? span : Kept;
    }

    /// <summary>Does something with the first usable reading.</summary>
    public void WhenHeard(Action join) => (_joins ??= []).Add(join);

    /// <inheritdoc/>
    public override void Miss(in Outage outage, TimeSpan lateness)
    {
        base.Miss(outage, lateness);

        // Groups keep what was so of it until it has another past.
        Version++;
    }

    /// <inheritdoc/>
    public override void ClockStepped(in ClockStep step)
    {
        base.ClockStepped(step);
        if (IsOnGatewayClock)
        {
            // What was looked back on was stamped by the clock as it was.
            ForgetPoints();
            Points?.Add(Time, Latest);

            // Groups keep what was so of it until it has another past.
            Version++;
        }
    }

    /// <summary>Forgets the readings that were looked back on.</summary>
    public void ForgetPoints() => Points?.TrimBefore(new Timestamp(long.MaxValue));

    /// <summary>Forgets who judges it, and keeps what it remembers.</summary>
    public void Unwire()
    {
        Instances = [];
        Watchers = [];
        IsWatched = false;
        Band = Band.Empty;
        (_asked, _settling) = (TimeSpan.Zero, 1);
        _joins = null;
        Any?.Unwire();
    }

    /// <summary>Takes the next reading over.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="takenUpAt">The gateway time at which it is judged: when it came, or when it has waited for others.</param>
    /// <param name="isHistorical">True when it was far in the past as it came.</param>
    /// <param name="isUntrusted">True when the gateway's clock was not set.</param>
    /// <returns>True when silence counts as such sooner than before.</returns>
    public bool Advance(in Reading reading, Timestamp takenUpAt, bool isHistorical, bool isUntrusted)
    {
        var isSameClock = isUntrusted == IsUntrusted;

        // A pause in which the gateway heard nobody teaches nothing about the device; from now on it is heard again.
        var isSooner = Unheard != TimeSpan.Zero || ((Learns || _isPace) && HasTime && isSameClock && reading.Time > Time && Learn(reading.Time - Time));
        Previous = Latest;
        Latest = reading.Value;
        (LatestQuality, LatestReceivedAt) = (reading.Quality, reading.ReceivedAt);
        Version++;
        if (Points is { } points)
        {
            if (!isSameClock || reading.Time < Time)
            {
                // The clock was set: times before and after do not compare.
                ForgetPoints();
            }

            points.Add(reading.Time, reading.Value);
            Trim(reading.Time);
        }

        MoveClock(reading.Time, takenUpAt, isHistorical, isUntrusted);
        IsOnGatewayClock = (reading.Quality & (Quality.TimeReceived | Quality.TimeReplaced)) != 0;
        if (_joins is not null)
        {
            Join();
        }

        return isSooner;
    }

    /// <inheritdoc/>
    public override KeyValuePair<byte[], byte[]?> Save() => new(StateKey.OfSeries(KeyName), HasTime ? Write() : null);

    /// <inheritdoc/>
    IEnumerable<KeyValuePair<byte[], byte[]?>> IStateOwner.SaveAll()
    {
        yield return Save();
        if (Points is { } points)
        {
            foreach (var (chunk, bytes) in points.SaveChanges())
            {
                yield return new(StateKey.OfPoints(KeyName, chunk), bytes);
            }
        }
    }

    /// <summary>Takes over what <see cref="Save"/> gave.</summary>
    /// <returns>False when the bytes are not of this version; nothing has changed then.</returns>
    public bool TryRestore(byte[] state)
    {
        if (FormerState.Is(state))
        {
            return TryRestoreFormer(state);
        }

        var reader = new StateReader(state);
        var clock = ReadClock(ref reader);
        var (kept, asked, settling) = (new TimeSpan((long)reader.Word()), new TimeSpan((long)reader.Word()), reader.Byte());
        var (latest, previous) = (reader.Number(), reader.Number());
        var cadence = reader.Byte() == WithCadence ? CadenceLearner.Read(ref reader, CadenceOptions) : null;
        if (!reader.IsComplete)
        {
            return false;
        }

        Take(clock);
        (Latest, Previous, Kept, _asked, _settling) = (latest, previous, kept, asked, settling);
        _cadence = cadence;
        Join();
        return true;
    }

    /// <summary>Takes over the readings that were looked back on.</summary>
    public bool TryRestorePoints(IEnumerable<(long Chunk, byte[] Bytes)> chunks)
    {
        Points ??= new PointRing();
        return Points.TryRestore(chunks);
    }

    /// <summary>What it has learned of silence, for evidence; empty when nothing.</summary>
    public byte[] WriteCadence()
    {
        if (_cadence is null)
        {
            return [];
        }

        var writer = new StateWriter();
        _cadence.Write(writer);
        return writer.ToArray();
    }

    /// <summary>Takes over what evidence says of the series.</summary>
    /// <param name="clock">Its clock.</param>
    /// <param name="latest">The latest value.</param>
    /// <param name="previous">The one before it.</param>
    /// <param name="points">The readings that were looked back on; null when there were none to keep.</param>
    /// <param name="cadence">What <see cref="WriteCadence"/> gave.</param>
    public void Put(in TrackClock clock, double latest, double previous, IEnumerable<(Timestamp Time, double Value)>? points, byte[] cadence)
    {
        PutClock(clock);
        (Latest, Previous) = (latest, previous);
        if (points is not null)
        {
            Points = new PointRing();
            foreach (var (time, value) in points)
            {
                Points.Add(time, value);
            }
        }

        if (cadence.Length > 0)
        {
            var reader = new StateReader(cadence);
            _cadence = CadenceLearner.Read(ref reader, CadenceOptions);
        }

        Join();
    }

    private bool TryRestoreFormer(byte[] state)
    {
        if (FormerState.ReadSeries(state) is not var (clock, latest, previous, intervals))
        {
            return false;
        }

        Take(clock);
        (Latest, Previous) = (latest, previous);
        foreach (var interval in intervals.Where(_ => Learns))
        {
            Learn(interval);
        }

        Join();
        return true;
    }

    private void Join()
    {
        _joins?.ForEach(static join => join());
        _joins = null;
    }

    private void Trim(Timestamp time)
    {
        if (_settling > 0 && ++_settling > SettlingMax)
        {
            (Kept, _settling) = (_asked, 0);
        }

        Points!.TrimBefore(Kept > TimeSpan.Zero ? time - Kept : new Timestamp(long.MaxValue));
    }

    private byte[] Write()
    {
        var writer = new StateWriter();
        WriteClock(writer);
        writer.Word((ulong)Kept.Ticks);
        writer.Word((ulong)_asked.Ticks);
        writer.Byte((byte)_settling);
        writer.Number(Latest);
        writer.Number(Previous);
        writer.Byte(_cadence is null ? (byte)0 : WithCadence);
        _cadence?.Write(writer);
        return writer.ToArray();
    }

    private bool Learn(TimeSpan interval)
    {
        var before = LearnedSilence;
        (_cadence ??= new CadenceLearner(CadenceOptions)).Observe(interval);
        return LearnedSilence is { } after && (before is null || after < before);
    }
}
