namespace IotEvents.Simulator.Runs;

/// <summary>Lets so many pass in a second, evenly; after a delay it catches up by at most a tenth of a second. One thread.</summary>
internal sealed class Pace(double perSecond, TimeProvider clock)
{
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromMilliseconds(100);

    // Waiting for less than this costs more than it is worth: timers are coarse.
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(2);

    private readonly TimeSpan _gap = double.IsPositiveInfinity(perSecond) ? TimeSpan.Zero : TimeSpan.FromSeconds(1 / perSecond);
    private readonly long _began = clock.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Completes when the next may pass.</summary>
    public async ValueTask NextAsync(CancellationToken stop)
    {
        var now = clock.GetElapsedTime(_began);
        if (_due < now - CatchUpMax)
        {
            _due = now - CatchUpMax;
        }

        if (_due - now > WaitMin)
        {
            await Task.Delay(_due - now, clock, stop);
        }

        _due += _gap;
    }
}
