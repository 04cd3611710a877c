using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Pipeline;

/// <summary>A clock that may be set while the gateway runs. The pipeline decides between which two batches the step lies.</summary>
/// <remarks>
/// Links stamp what they receive by a steady time, which never steps; the pipeline adds <see cref="Offset"/>. So a message
/// that waited while the clock was set gets the right time all the same.
/// </remarks>
public interface IGatewayClock
{
    /// <summary>What to add to the steady time.</summary>
    TimeSpan Offset { get; }

    /// <summary>False while the clock is not known to be set.</summary>
    bool IsTrusted { get; }

    /// <summary>Looks whether the system's clock was set, or became trusted, since the last <see cref="Adopt"/>.</summary>
    bool TryGetStep(out ClockStep step);

    /// <summary>Shows the new time from now on.</summary>
    void Adopt(in ClockStep step);
}
