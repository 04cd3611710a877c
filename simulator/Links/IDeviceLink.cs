using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Links;

/// <summary>What carries the messages of virtual devices to the outside.</summary>
/// <remarks>
/// Its life: (1) constructed; (2) <see cref="RunAsync"/> once, which opens the link and keeps it open until stopped; (3)
/// <see cref="Write"/> and <see cref="SetPlugged"/> from one other thread meanwhile; neither waits; (4) disposed.
/// </remarks>
internal interface IDeviceLink : IDisposable
{
    /// <summary>Completes when the link stands for the first time.</summary>
    Task FirstUp { get; }

    /// <summary>Takes a message. <see cref="WriteOutcome.Written"/> means taken; its end is counted later.</summary>
    WriteOutcome Write(SimulatedMessage message);

    /// <summary>Pulls the plug or puts it back.</summary>
    void SetPlugged(bool plugged);

    /// <summary>Keeps the link until stopped, then sends what was taken, for at most two seconds.</summary>
    Task RunAsync(CancellationToken stop);
}
