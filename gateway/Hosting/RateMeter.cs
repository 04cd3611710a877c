namespace IotEvents.Gateway.Hosting;

/// <summary>What came per second over the last ten seconds. One thread samples, any thread reads.</summary>
public sealed class RateMeter
{
    private const int Samples = 11;

    private readonly Lock _gate = new();
    private readonly Queue<(long At, long Messages, long Readings, long Events)> _samples = new();

    /// <summary>Notes the counters as they are now. Call it about once a second.</summary>
    /// <param name="at">A monotonic timestamp of the system's <see cref="TimeProvider"/>.</param>
    /// <param name="messages">Messages since the start.</param>
    /// <param name="readings">Readings since the start.</param>
    /// <param name="events">Events since the start.</param>
    public void Sample(long at, long messages, long readings, long events)
    {
        lock (_gate)
        {
            _samples.Enqueue((at, messages, readings, events));
            if (_samples.Count > Samples)
            {
                _samples.Dequeue();
            }
        }
    }

    /// <summary>Messages, readings and events a second; zeros until there are two samples.</summary>
    /// <param name="clock">The clock the samples were taken by.</param>
    public (double Messages, double Readings, double Events) PerSecond(TimeProvider clock)
    {
        lock (_gate)
        {
            if (_samples.Count < 2)
            {
                return default;
            }

            var (first, last) = (_samples.Peek(), _samples.Last());
            var seconds = clock.GetElapsedTime(first.At, last.At).TotalSeconds;
            return seconds <= 0 ? default : (
                (last.Messages - first.Messages) / seconds,
                (last.Readings - first.Readings) / seconds,
                (last.Events - first.Events) / seconds);
        }
    }
}
