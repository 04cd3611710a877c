using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>Collects points by step of time, up to a number of steps that have one.</summary>
internal sealed class BucketList(long step, int max) : IPointSink
{
    private const Quality LeftOut = Quality.OutOfRange | Quality.Suspect;

    private long _start;
    private long _last;
    private long _count;
    private double _sum;
    private double _min;
    private double _max;
    private double _firstValue;
    private double _lastValue;

    /// <summary>The buckets that are complete. Call <see cref="Finish"/> first.</summary>
    public List<SeriesBucket> Buckets { get; } = [];

    /// <inheritdoc/>
    public bool Take(long time, double value, Quality quality)
    {
        if ((quality & LeftOut) != 0)
        {
            return true;
        }

        // The last instant of the step is kept, as the first of the next one may lie past the end of time.
        if (_count == 0 || time > _last)
        {
            Finish();
            if (Buckets.Count >= max)
            {
                return false;
            }

            Begin(time, value);
        }

        _count++;
        _sum += value;
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        _lastValue = value;
        return true;
    }

    /// <summary>Completes the bucket that was begun.</summary>
    public void Finish()
    {
        if (_count > 0)
        {
            Buckets.Add(new SeriesBucket(
                new Timestamp(_start), _sum / _count, _min, _max, _count, _firstValue, _lastValue));
            _count = 0;
        }
    }

    private void Begin(long time, double value)
    {
        var past = time % step;
        past = past < 0 ? past + step : past;
        // Before 1677 there is no time: the very first step begins late rather than wraps around.
        _start = time < long.MinValue + past ? long.MinValue : time - past;
        _last = long.MaxValue - (step - 1 - past) < time ? long.MaxValue : time + (step - 1 - past);
        (_sum, _min, _max, _firstValue) = (0, value, value, value);
    }
}
