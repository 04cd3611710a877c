using System.Runtime.InteropServices;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Ingest;

/// <summary>What waited in the inbox at one moment. Two of these take turns: one is filled while the other is worked on.</summary>
public sealed class InboxBatch
{
    private readonly List<RawReading> _readings = [];
    private readonly List<PendingDelivery> _deliveries = [];
    private readonly List<OnceKeyChange> _onceKeys = [];

    /// <summary>The readings, in the order they came.</summary>
    public ReadOnlySpan<RawReading> Readings => CollectionsMarshal.AsSpan(_readings);

    /// <summary>Who waits for the commit.</summary>
    public ReadOnlySpan<PendingDelivery> Deliveries => CollectionsMarshal.AsSpan(_deliveries);

    /// <summary>Keys to store or to drop in the same transaction, in order.</summary>
    public IReadOnlyList<OnceKeyChange> OnceKeys => _onceKeys;

    /// <summary>True when nothing waits.</summary>
    public bool IsEmpty => _readings.Count == 0 && _deliveries.Count == 0 && _onceKeys.Count == 0;

    internal void Add(in RawReading reading) => _readings.Add(reading);

    internal void Add(in PendingDelivery delivery) => _deliveries.Add(delivery);

    internal void Add(OnceKeyChange change) => _onceKeys.Add(change);

    internal void Clear()
    {
        _readings.Clear();
        _deliveries.Clear();
        _onceKeys.Clear();
    }
}

/// <summary>A delivery that waits for its commit.</summary>
/// <param name="Delivery">Who waits.</param>
/// <param name="Tag">Which of its messages.</param>
public readonly record struct PendingDelivery(IDelivery Delivery, ulong Tag);

/// <summary>A once key to store, or to drop because its sender will not use it again.</summary>
/// <param name="Key">The key.</param>
/// <param name="Forget">True to drop it.</param>
public readonly record struct OnceKeyChange(byte[] Key, bool Forget);
