using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Somebody sets the gateway's clock: every room is told between two batches, and links' steady time is put right.</summary>
/// <param name="rooms">Who is told; without a clock that can be set nothing ever happens.</param>
/// <param name="logger">Is told each step.</param>
internal sealed partial class ClockSteps(PipelineRooms rooms, ILogger logger)
{
    private readonly IGatewayClock? _clock = rooms.Clock;
    private readonly ILogger _logger = logger;

    /// <summary>From the steady time of links to the gateway's time, which may have been set since.</summary>
    public RawReading Stamp(in RawReading received)
    {
        if (_clock is null || (_clock.IsTrusted && _clock.Offset == TimeSpan.Zero))
        {
            return received;
        }

        return received with
        {
            ReceivedAt = received.ReceivedAt + _clock.Offset,
            Quality = received.Quality | (_clock.IsTrusted ? Quality.Good : Quality.TimeUntrusted),
        };
    }

    /// <summary>A step of the clock lies between two batches: what is before was judged by the old time, what comes by the new.</summary>
    /// <returns>False when the open batch must be closed first.</returns>
    public bool Take(ref Timestamp now, OpenBatch open)
    {
        if (_clock is null || !_clock.TryGetStep(out var step))
        {
            return true;
        }

        if (!open.IsEmpty)
        {
            return false;
        }

        _clock.Adopt(step);
        now += step.By;
        rooms.Normalizer.ClockStepped(step);
        rooms.Cadences.Forget();
        rooms.Devices.ClockStepped(step);
        rooms.Rules.ClockStepped(step, open.Rules);
        open.Events.Add(step.ToEvent(rooms.Source));
        rooms.Policy.Urge();
        ClockSet(step.By.TotalSeconds, step.To, step.IsTrusted ? "set" : "not set");
        return true;
    }

    [LoggerMessage(3004, LogLevel.Information, "The clock was set by {Seconds} s to {Now} and counts as {Trust}; what waits for a time goes on waiting as long as it would have.")]
    private partial void ClockSet(double seconds, Timestamp now, string trust);
}
