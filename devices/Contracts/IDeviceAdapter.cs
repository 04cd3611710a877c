namespace IotEvents.Devices.Contracts;

/// <summary>Reads one link and posts what comes in to an inbox.</summary>
/// <remarks>
/// Its life: (1) constructed from checked settings, touching nothing outside; (2) <see cref="RunAsync"/> is called once and
/// runs until the token ends it; it opens its link, and reopens it by itself, with growing pauses of at most 30 s, for as
/// long as the world is wrong; (3) it returns when stopped. An exception out of <see cref="RunAsync"/> is an error of the
/// code: the supervisor counts it, says so, and starts the adapter again.
/// </remarks>
public interface IDeviceAdapter
{
    /// <summary>The configured name, unique among all adapters.</summary>
    string Name { get; }

    /// <summary>Reads the link until stopped.</summary>
    /// <param name="inbox">Where messages go. Full means: wait, and let the link's own flow control reach the sender.</param>
    /// <param name="stop">Ends the run; the adapter closes its link and returns.</param>
    Task RunAsync(IInbox inbox, CancellationToken stop);
}
