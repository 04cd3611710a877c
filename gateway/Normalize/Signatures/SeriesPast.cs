using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Normalize.Signatures;

/// <summary>What is kept of the past of one series, so that a number can be told from a measurement. Of fixed size.</summary>
/// <remarks>Only good values shape it: what a failing sensor sends must not become its habit.</remarks>
internal partial struct SeriesPast
{
    private const int ReadingsUntilKnown = 8;
    private const int ReadingsUntilSettled = 30;
    private const int GapInIntervals = 4;
    private const double GapMinSeconds = 30;
    private const int StuckReadings = 120;
    private const double StuckSeconds = 3 * 3600;
    private const int StuckInRuns = 10;
    private const int ChangesUntilKnown = 50;

    private int _readings;
    private Timestamp _time;
    private double _interval;
    private double _meanStep;
    private double _min;
    private double _max;
    private Timestamp _runStart;
    private int _run;
    private int _longestRun;
    private double _longestRunSeconds;
    private int _changes;
    private bool _isStuck;

    /// <summary>The last good value; means nothing before there was one.</summary>
    public double Value { get; private set; }

    /// <summary>True once there was a good value.</summary>
    public readonly bool HasValue => _readings > 0;

    /// <summary>True once there were thirty: only then is known how the series moves.</summary>
    public readonly bool IsSettled => _readings >= ReadingsUntilSettled;

    /// <summary>A value that came by an impossible step: a second one near it is believed.</summary>
    public double? Unconfirmed { get; set; }

    /// <summary>The last value stored, good or not; null when there was none.</summary>
    public double? LastStored { get; set; }

    /// <summary>True when its times are those at which the gateway received.</summary>
    public bool IsOnGatewayClock { get; set; }

    /// <summary>The gateway's clock was set: what was a while ago still is.</summary>
    public void ClockStepped(TimeSpan by)
    {
        if (IsOnGatewayClock)
        {
            (_time, _runStart) = (_time + by, _runStart + by);
        }
    }

    /// <summary>True when the last good value was measured after this time.</summary>
    public readonly bool IsAfter(Timestamp time) => HasValue && time < _time;

    /// <summary>Seconds from the last good value, whichever of the two came first.</summary>
    public readonly double SecondsTo(Timestamp time) => Math.Abs((double)(time.Nanoseconds - _time.Nanoseconds)) / 1e9;

    /// <summary>True when the pause before this time is far longer than usual.</summary>
    public readonly bool IsGap(Timestamp time) =>
        _readings > 2 && SecondsTo(time) > Math.Max(GapMinSeconds, GapInIntervals * _interval);

    /// <summary>True when a value lies well outside all that the series has shown, and further off than it ever moves at once.</summary>
    public readonly bool IsForeign(double value)
    {
        if (_readings < ReadingsUntilKnown)
        {
            return false;
        }

        var margin = (_max - _min) / 10;
        return (value > _max + margin || value < _min - margin) && Math.Abs(value - Value) > 4 * _meanStep;
    }

    /// <summary>True when this value would make a series that used to move one that moves no more.</summary>
    public readonly bool IsStuck(double value, Timestamp time)
    {
        if (!HasValue || value != Value)
        {
            return false;
        }

        var seconds = (time.Nanoseconds - _runStart.Nanoseconds) / 1e9;
        return _isStuck || (_changes >= ChangesUntilKnown
            && _run + 1 >= Math.Max(StuckReadings, StuckInRuns * _longestRun)
            && seconds >= Math.Max(StuckSeconds, StuckInRuns * _longestRunSeconds));
    }

    /// <summary>Notes that the series is stuck at the value it has.</summary>
    public void Stick(double value, Timestamp time)
    {
        if (!HasValue)
        {
            Take(value, time);
        }

        _isStuck = true;
    }

    /// <summary>Takes a good value over. One older than the last changes nothing.</summary>
    public void Take(double value, Timestamp time)
    {
        Unconfirmed = null;
        if (!HasValue)
        {
            (_min, _max, _runStart, _run) = (value, value, time, 1);
        }
        else if (time < _time)
        {
            return;
        }
        else
        {
            TakeStep(value, time);
        }

        (Value, _time) = (value, time);
        _readings = Math.Min(_readings + 1, int.MaxValue - 1);
    }

    private void TakeStep(double value, Timestamp time)
    {
        var seconds = SecondsTo(time);
        // A longer pause counts for more than a shorter one: a sensor that sends in bursts has no gap between them.
        _interval = _readings == 1 ? seconds : _interval + ((seconds - _interval) * (seconds > _interval ? 0.3 : 0.1));
        _meanStep = _readings == 1 ? Math.Abs(value - Value) : _meanStep + ((Math.Abs(value - Value) - _meanStep) * 0.05);
        (_min, _max) = (Math.Min(_min, value), Math.Max(_max, value));
        if (value == Value)
        {
            _run++;
            return;
        }

        if (!_isStuck)
        {
            _longestRun = Math.Max(_longestRun, _run);
            _longestRunSeconds = Math.Max(_longestRunSeconds, (_time.Nanoseconds - _runStart.Nanoseconds) / 1e9);
        }

        (_runStart, _run, _isStuck) = (time, 1, false);
        _changes = Math.Min(_changes + 1, ChangesUntilKnown);
    }
}
