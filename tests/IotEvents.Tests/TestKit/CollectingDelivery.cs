using System.Collections.Concurrent;
using IotEvents.Devices.Contracts;

namespace IotEvents.Tests.TestKit;

/// <summary>Remembers what was settled and how often it was flushed.</summary>
internal sealed class CollectingDelivery : IDelivery
{
    public ConcurrentQueue<(ulong Tag, DeliveryOutcome Outcome)> Settled { get; } = new();

    public int Flushes { get; private set; }

    public void Settle(ulong tag, DeliveryOutcome outcome) => Settled.Enqueue((tag, outcome));

    public void Flush() => Flushes++;
}
