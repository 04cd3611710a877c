using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize.Signatures;

namespace IotEvents.Gateway.Normalize;

/// <summary>Puts a raw reading right: unit of its series, a time that can be, what is known against it, no exact repeat.</summary>
/// <remarks>
/// Journal's thread only. Depends on nothing but the readings and the settings, so that the same input gives the same
/// output; the gateway's clock enters as the readings' receive time.
/// </remarks>
public sealed class Normalizer
{
    private readonly IDeviceDirectory _devices;
    private readonly NormalizeOptions _options;
    private readonly RecentReadings _recent = new();
    private readonly SignatureWatch _signatures;
    private readonly long[] _rejected = new long[RejectReasons.Count];

    /// <summary>A normalizer.</summary>
    public Normalizer(IDeviceDirectory devices, NormalizeOptions options)
    {
        _devices = devices;
        _options = options;
        _signatures = new SignatureWatch(devices);
    }

    /// <summary>How many readings were left out (or, for <see cref="RejectReason.AbsurdTime"/>, restamped) for a reason.</summary>
    public long Rejected(RejectReason reason) => Interlocked.Read(ref _rejected[(int)reason]);

    /// <summary>
    /// Notes a stored reading at start, so that after a restart a sender's repeat is known as one, and the next reading is
    /// not the first of its series. The oldest first.
    /// </summary>
    public void Remember(in Reading stored)
    {
        _signatures.Remember(stored);
        if ((stored.Quality & (Quality.TimeReceived | Quality.TimeReplaced)) == 0)
        {
            _recent.IsRepeat(stored.Series, stored.Time, stored.Value);
        }
    }

    /// <summary>The gateway's clock was set: series that live by it have lost and gained no time.</summary>
    public void ClockStepped(in ClockStep step) => _signatures.ClockStepped(step.By);

    /// <summary>Normalizes one reading.</summary>
    /// <param name="raw">The reading as decoded.</param>
    /// <param name="reading">The reading in the unit of its series; valid when true is returned.</param>
    /// <returns>False when it was left out; counted by reason.</returns>
    public bool TryNormalize(in RawReading raw, out Reading reading)
    {
        reading = default;
        if (!double.IsFinite(raw.Value))
        {
            return LeaveOut(RejectReason.NotFinite);
        }

        var quality = raw.Quality & ~SignatureList.Reasons;
        if (!TryConvert(raw, ref quality, out var value))
        {
            return LeaveOut(RejectReason.WrongUnit);
        }

        var time = Time(raw, ref quality);
        if ((quality & (Quality.TimeReceived | Quality.TimeReplaced)) == 0 && _recent.IsRepeat(raw.Series.Id, time, value))
        {
            return LeaveOut(RejectReason.Duplicate);
        }

        if (IsKnownAlready(raw.Series.Id, value, quality))
        {
            return LeaveOut(RejectReason.Duplicate);
        }

        quality |= _signatures.Judge(raw.Series, raw.Value, value, time, quality);
        reading = new Reading(raw.Series.Id, quality, time, raw.ReceivedAt, value);
        return true;
    }

    /// <summary>
    /// True for a last-known value that says nothing new: without a time of its own it would take the time of the
    /// connection, and an old value would look young. What is stored keeps its age.
    /// </summary>
    private bool IsKnownAlready(int series, double value, Quality quality) =>
        (quality & Quality.Retained) != 0
        && (quality & (Quality.TimeReceived | Quality.TimeReplaced)) != 0
        && _signatures.IsLastStored(series, value);

    private bool LeaveOut(RejectReason reason)
    {
        Interlocked.Increment(ref _rejected[(int)reason]);
        return false;
    }

    private bool TryConvert(in RawReading raw, ref Quality quality, out double value)
    {
        var series = raw.Series;
        value = raw.Value;
        if (!series.Unit.IsKnown)
        {
            series.Unit = FirstUnit(raw);
        }

        if (!raw.Unit.IsKnown)
        {
            quality |= IsAssumed(series) ? Quality.UnitAssumed : Quality.Good;
            return true;
        }

        if (!raw.Unit.ConvertsTo(series.Unit))
        {
            return false;
        }

        value = raw.Unit.Convert(raw.Value, series.Unit);
        return double.IsFinite(value);
    }

    /// <summary>The unit a series keeps for good: what the settings say, else what the payload says, else what the name suggests.</summary>
    private Unit FirstUnit(in RawReading raw)
    {
        if (_devices.Find(raw.Series.Device).Units.TryGetValue(raw.Series.Metric, out var configured))
        {
            return configured;
        }

        return raw.Unit.IsKnown ? raw.Unit : Suggested(raw.Series.Metric);
    }

    private bool IsAssumed(Series series) =>
        series.Unit.IsKnown && !_devices.Find(series.Device).Units.ContainsKey(series.Metric);

    private static Unit Suggested(string metric)
    {
        Span<byte> name = stackalloc byte[256];
        return System.Text.Encoding.UTF8.TryGetBytes(metric, name, out var length) && Units.ForMetric(name[..length], out var unit)
            ? unit : Unit.None;
    }

    private Timestamp Time(in RawReading raw, ref Quality quality)
    {
        if (!raw.Time.HasValue)
        {
            quality |= Quality.TimeReceived;
            return raw.ReceivedAt;
        }

        // Differences as decimal seconds would overflow nothing, but TimeSpan does at 292 years: compare instants instead.
        // A clock that is not set cannot say that another is wrong.
        var ahead = (quality & Quality.TimeUntrusted) == 0 && raw.Time.Nanoseconds > raw.ReceivedAt.Nanoseconds && raw.Time - raw.ReceivedAt > _options.AheadMax;
        var back = _options.BackMax != TimeSpan.MaxValue && raw.Time < raw.ReceivedAt - _options.BackMax;
        if (!ahead && !back)
        {
            return raw.Time;
        }

        Interlocked.Increment(ref _rejected[(int)RejectReason.AbsurdTime]);
        quality |= Quality.TimeReplaced;
        return raw.ReceivedAt;
    }
}
