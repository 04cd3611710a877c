using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>The latest point of a series: one thread writes, any thread reads, nobody waits.</summary>
/// <remarks>
/// A sequence lock: the version is odd while the three fields change, and a reader that saw it change reads again. A
/// lock
/// per point would cost the writer as much as all its other work.
/// </remarks>
internal sealed class LatestPoint
{
    private int _version;
    private bool _there;
    private long _time;
    private double _value;
    private Quality _quality;
    private bool _anyNext;

    /// <summary>Takes a point unless a later one is there. Writer thread only.</summary>
    public void Offer(long time, double value, Quality quality)
    {
        if (_there && time < _time && !_anyNext)
        {
            return;
        }

        _anyNext = false;

        Volatile.Write(ref _version, _version + 1);
        Interlocked.MemoryBarrier();
        (_there, _time, _value, _quality) = (true, time, value, quality);
        Volatile.Write(ref _version, _version + 1);
    }

    /// <summary>The gateway's clock was set: the next point is the latest, whatever its time. Writer thread only.</summary>
    public void ClockStepped() => _anyNext = true;

    /// <summary>The latest point; false when there is none.</summary>
    public bool TryRead(out SeriesPoint point)
    {
        var spin = default(SpinWait);
        while (true)
        {
            var version = Volatile.Read(ref _version);
            var there = _there;
            point = new SeriesPoint(new Timestamp(_time), _value, _quality);
            Interlocked.MemoryBarrier();
            if ((version & 1) == 0 && version == Volatile.Read(ref _version))
            {
                return there;
            }

            spin.SpinOnce();
        }
    }
}
