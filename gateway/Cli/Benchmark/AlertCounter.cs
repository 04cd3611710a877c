using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary>
/// Notes when alerts begin, as a rule with <c>keep_firing_for</c> would: what goes on or comes back soon is the same alert.
/// </summary>
/// <param name="keepFiringFor">How long it must have been good without a break until the alert is over.</param>
internal sealed class AlertCounter(TimeSpan keepFiringFor)
{
    private bool _isFiring;
    private Timestamp _goodSince = Timestamp.None;

    /// <summary>When alerts began, in ascending order.</summary>
    public List<Timestamp> Begins { get; } = [];

    /// <summary>Takes what a rule says of the next reading.</summary>
    /// <param name="time">Its time, not earlier than the one before.</param>
    /// <param name="isBad">Whether it raises.</param>
    /// <param name="isGood">Whether it clears. May be false together with <paramref name="isBad"/>: then all stays as it is.</param>
    public void Step(Timestamp time, bool isBad, bool isGood)
    {
        if (_isFiring && _goodSince.HasValue && time - _goodSince >= keepFiringFor)
        {
            _isFiring = false;
        }

        if (isBad && !_isFiring)
        {
            _isFiring = true;
            Begins.Add(time);
        }

        _goodSince = !isGood ? Timestamp.None : _goodSince.HasValue ? _goodSince : time;
    }
}
