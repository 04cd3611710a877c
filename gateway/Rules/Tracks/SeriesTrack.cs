using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Windows;

namespace IotEvents.Gateway.Rules.Tracks;

/// <summary>What the rules remember of one series: its clock, its last values, the readings they look back on.</summary>
internal sealed class SeriesTrack(Series series, string mark = "") : Track(series), ISeriesView, IStateOwner
{
    private const int IntervalsMax = 8;

    private static readonly TimeSpan SilenceMin = TimeSpan.FromSeconds(10);

    private readonly long[] _intervals = new long[IntervalsMax];
    private int _intervalCount;
    private int _intervalNext;
    private TimeSpan? _learnedSilence;

    /// <summary>What is added to the series' name in the key of a track of any quality. No name has it.</summary>
    public const string AnyQualityMark = "\0any";

    /// <summary>The mark of a track of readings that came too late.</summary>
    public const string BackfillMark = "\0late";

    /// <inheritdoc/>
    public override string KeyName => Series.Name + mark;

    /// <inheritdoc/>
    public override bool IsBackfill => mark == BackfillMark;

    /// <summary>The same series with readings of any quality; null when no rule asks for them.</summary>
    public SeriesTrack? Any { get; set; }

    /// <summary>The unit the conditions were bound for.</summary>
    public Unit Unit { get; set; } = series.Unit;

    /// <summary>The devices and groups that are judged when something of this series comes.</summary>
    public SubjectTrack[] Watchers { get; set; } = [];

    /// <summary>True when conditions of other series ask for its value.</summary>
    public bool IsWatched { get; set; }

    /// <summary>True when no rule has anything to do with it.</summary>
    public bool IsIdle => Instances.Length == 0 && !IsWatched && Watchers.Length == 0 && Any is null;

    /// <inheritdoc/>
    public double Latest { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public double Previous { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public long Version { get; private set; }

    /// <summary>The readings that conditions look back on; null when none does.</summary>
    public PointRing? Points { get; private set; }

    /// <summary>How far back they look.</summary>
    public TimeSpan Kept { get; private set; }

    /// <summary>True when a rule needs to know what silence is here.</summary>
    public bool Learns { get; set; }

    /// <inheritdoc/>
    public override TimeSpan? LearnedSilence => _learnedSilence;

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

        Kept = span > Kept ? span : Kept;
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
        Kept = TimeSpan.Zero;
        Any?.Unwire();
    }

    /// <summary>Takes the next reading over.</summary>
    /// <returns>True when silence counts as such sooner than before.</returns>
    public bool Advance(in Reading reading, bool isHistorical, bool isUntrusted)
    {
        var isSameClock = isUntrusted == IsUntrusted;
        var shorter = Learns && HasTime && isSameClock && reading.Time > Time && Learn(reading.Time.Nanoseconds - Time.Nanoseconds);
        Previous = Latest;
        Latest = reading.Value;
        Version++;
        if (Points is { } points)
        {
            if (!isSameClock || reading.Time < Time)
            {
                // The clock was set: times before and after do not compare.
                ForgetPoints();
            }

            points.Add(reading.Time, reading.Value);
            points.TrimBefore(reading.Time - Kept);
        }

        MoveClock(reading.Time, reading.ReceivedAt, isHistorical, isUntrusted);
        return shorter;
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
        var reader = new StateReader(state);
        var clock = ReadClock(ref reader);
        var (latest, previous) = (reader.Number(), reader.Number());
        var count = reader.Byte();
        var intervals = new long[Math.Min(count, (byte)IntervalsMax)];
        for (var i = 0; i < intervals.Length; i++)
        {
            intervals[i] = reader.Time().Nanoseconds;
        }

        if (!reader.IsComplete || count > IntervalsMax)
        {
            return false;
        }

        MoveClock(clock.Time, clock.ReceivedAt, clock.IsHistorical, clock.IsUntrusted);
        (Latest, Previous) = (latest, previous);
        foreach (var interval in intervals)
        {
            _ = Learn(interval);
        }

        return true;
    }

    /// <summary>Takes over the readings that were looked back on.</summary>
    public bool TryRestorePoints(IEnumerable<(long Chunk, byte[] Bytes)> chunks)
    {
        Points ??= new PointRing();
        return Points.TryRestore(chunks);
    }

    private byte[] Write()
    {
        var writer = new StateWriter();
        WriteClock(writer);
        writer.Number(Latest);
        writer.Number(Previous);
        writer.Byte((byte)_intervalCount);
        for (var i = 0; i < _intervalCount; i++)
        {
            // Oldest first, so that learning them again puts them in the same order.
            writer.Time(new Timestamp(_intervals[(_intervalNext + IntervalsMax - _intervalCount + i) % IntervalsMax]));
        }

        return writer.ToArray();
    }

    private bool Learn(long interval)
    {
        _intervals[_intervalNext] = interval;
        _intervalNext = (_intervalNext + 1) % IntervalsMax;
        _intervalCount = Math.Min(_intervalCount + 1, IntervalsMax);

        Span<long> sorted = stackalloc long[IntervalsMax];
        sorted = sorted[.._intervalCount];
        for (var i = 0; i < _intervalCount; i++)
        {
            sorted[i] = _intervals[(_intervalNext + IntervalsMax - _intervalCount + i) % IntervalsMax];
        }

        sorted.Sort();
        var median = TimeSpan.FromTicks(sorted[_intervalCount / 2] / 100);
        var before = _learnedSilence;
        _learnedSilence = median * 3 > SilenceMin ? median * 3 : SilenceMin;
        return before is null || _learnedSilence < before;
    }
}
