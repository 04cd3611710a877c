using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules;

/// <summary>What the rules remember of one series: its clock, its last values, and the rules that judge it.</summary>
/// <remarks>All rules of a series share its clock, so a reading that changes no verdict costs the same for one rule as for a hundred.</remarks>
internal sealed class SeriesTrack(Series series) : IStateOwner, ILatest
{
    private const int IntervalsMax = 8;

    private static readonly TimeSpan SilenceMin = TimeSpan.FromSeconds(10);

    private readonly long[] _intervals = new long[IntervalsMax];
    private int _intervalCount;
    private int _intervalNext;

    /// <summary>The series.</summary>
    public Series Series => series;

    /// <summary>The unit the conditions were bound for.</summary>
    public Unit Unit { get; set; } = series.Unit;

    /// <summary>The rules that judge it, in the order of the rule set.</summary>
    public RuleInstance[] Instances { get; set; } = [];

    /// <summary>True when conditions of other series ask for its value.</summary>
    public bool IsWatched { get; init; }

    /// <summary>True when no rule has anything to do with it.</summary>
    public bool IsIdle => Instances.Length == 0 && !IsWatched;

    /// <summary>The last usable reading's time.</summary>
    public Timestamp Time { get; private set; } = Timestamp.None;

    /// <summary>When the last usable reading was received.</summary>
    public Timestamp ReceivedAt { get; private set; } = Timestamp.None;

    /// <inheritdoc/>
    public double Latest { get; private set; } = double.NaN;

    /// <summary>The usable value before the last; not a number when there is none.</summary>
    public double Previous { get; private set; } = double.NaN;

    /// <summary>True when the last reading was far in the past as it came.</summary>
    public bool IsHistorical { get; private set; }

    /// <summary>True when the gateway's clock was not set as the last reading came.</summary>
    public bool IsUntrusted { get; private set; }

    /// <summary>True when the last reading's time was that of the gateway, not one of the device.</summary>
    public bool IsOnGatewayClock { get; private set; }

    /// <summary>True once there was a usable reading.</summary>
    public bool HasTime => Time.HasValue;

    /// <summary>Three times the median of the last intervals, at least 10 s; null before the second reading.</summary>
    public TimeSpan? LearnedSilence { get; private set; }

    /// <summary>Values for which no rule of the series changes its verdict.</summary>
    public Band Band { get; set; } = Band.Empty;

    /// <summary>No rule of the series has anything to do by itself before this event time; never later than that, may be earlier.</summary>
    public Timestamp QuietUntil { get; set; } = new(long.MaxValue);

    /// <summary>The smallest delay between measuring and receiving for which the timers in the queue are early enough.</summary>
    public TimeSpan QueuedDelay { get; set; } = TimeSpan.MinValue;

    /// <summary>True when a rule needs to know what silence is here.</summary>
    public bool Learns { get; set; }

    /// <summary>True when the clock and the last values must outlive a restart.</summary>
    public bool KeepsState { get; set; }

    /// <inheritdoc/>
    public bool IsMarked { get; set; }

    /// <summary>How long the last reading was on its way.</summary>
    public TimeSpan Delay => ReceivedAt - Time;

    /// <summary>The last two values.</summary>
    public Frame Frame => new(Latest, Previous);

    /// <summary>The gateway time at which the series' event time reaches an instant, as long as nothing comes.</summary>
    public Timestamp ToGatewayTime(Timestamp eventTime) => ReceivedAt + (eventTime - Time);

    /// <summary>Takes the next reading over.</summary>
    /// <returns>True when silence counts as such sooner than before.</returns>
    public bool Advance(in Reading reading, bool isHistorical, bool isUntrusted)
    {
        var isSameClock = isUntrusted == IsUntrusted;
        var shorter = Learns && HasTime && isSameClock && reading.Time > Time && Learn(reading.Time.Nanoseconds - Time.Nanoseconds);
        Previous = Latest;
        Latest = reading.Value;
        Time = reading.Time;
        ReceivedAt = reading.ReceivedAt;
        IsHistorical = isHistorical;
        IsUntrusted = isUntrusted;
        IsOnGatewayClock = (reading.Quality & (Quality.TimeReceived | Quality.TimeReplaced)) != 0;
        return shorter;
    }

    /// <summary>The gateway's clock was set: its times move along, those of the device stay.</summary>
    public void ClockStepped(in ClockStep step)
    {
        ReceivedAt += step.By;
        Time = IsOnGatewayClock ? Time + step.By : Time;
        IsUntrusted = !step.IsTrusted;
    }

    /// <inheritdoc/>
    public KeyValuePair<byte[], byte[]?> Save() => new(StateKey.OfSeries(series.Name), KeepsState ? Write() : null);

    /// <summary>Takes over what <see cref="Save"/> gave.</summary>
    /// <returns>False when the bytes are not of this version; nothing has changed then.</returns>
    public bool TryRestore(byte[] state)
    {
        var reader = new StateReader(state);
        var flags = reader.Byte();
        var (time, receivedAt, latest, previous) = (reader.Time(), reader.Time(), reader.Number(), reader.Number());
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

        (Time, ReceivedAt, Latest, Previous) = (time, receivedAt, latest, previous);
        (IsHistorical, IsUntrusted, IsOnGatewayClock) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
        foreach (var interval in intervals)
        {
            _ = Learn(interval);
        }

        return true;
    }

    private byte[] Write()
    {
        var writer = new StateWriter();
        writer.Byte((byte)((IsHistorical ? 1 : 0) | (IsUntrusted ? 2 : 0) | (IsOnGatewayClock ? 4 : 0)));
        writer.Time(Time);
        writer.Time(ReceivedAt);
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
        var before = LearnedSilence;
        LearnedSilence = median * 3 > SilenceMin ? median * 3 : SilenceMin;
        return before is null || LearnedSilence < before;
    }
}
