using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>What transitions change: everything that goes into their transaction, and is published after it.</summary>
/// <remarks>
/// The owner writes <see cref="Events"/> and <see cref="State"/> in the transaction of the transitions, then hands this to
/// <see cref="AlertBook.Committed"/>, then clears it. Not thread-safe.
/// </remarks>
public sealed class AlertChanges
{
    /// <summary>The events of the transitions, in order.</summary>
    public List<EventRecord> Events { get; } = [];

    /// <summary>Keyed state to put, or to delete where the value is null; rooms <c>alerts</c>, <c>evidence</c> and <c>outbox</c>.</summary>
    public List<(string Room, byte[] Key, byte[]? Value)> State { get; } = [];

    /// <summary>New outbox entries; their rows stand in <see cref="State"/> already.</summary>
    public List<OutboxEntry> Outbox { get; } = [];

    /// <summary>True when there is nothing to write.</summary>
    public bool IsEmpty => Events.Count == 0 && State.Count == 0;

    /// <summary>Alerts as they will be after the commit, by id.</summary>
    internal Dictionary<string, Alert> Alerts { get; } = new(StringComparer.Ordinal);

    /// <summary>Ended alerts that are forgotten with the commit.</summary>
    internal List<string> Forgotten { get; } = [];

    /// <summary>Empties it for the next transaction.</summary>
    public void Clear()
    {
        Events.Clear();
        State.Clear();
        Outbox.Clear();
        Alerts.Clear();
        Forgotten.Clear();
    }
}
