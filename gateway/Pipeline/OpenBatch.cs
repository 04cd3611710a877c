using System.Runtime.InteropServices;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Everything that goes into the next transaction, and everybody who waits for it. Reused; journal's thread only.</summary>
internal sealed class OpenBatch
{
    private readonly List<PendingDelivery> _deliveries = [];

    public ReadingBatch Readings { get; } = new(1024);

    public List<EventRecord> Events { get; } = [];

    public List<Series> NewSeries { get; } = [];

    public List<DeviceChange> DeviceChanges { get; } = [];

    public RuleOutcome Rules { get; } = new();

    public AlertChanges Alerts { get; } = new();

    public List<OnceKeyChange> OnceKeys { get; } = [];

    public List<QueuedWrite> Writes { get; } = [];

    /// <summary>Changes of the rules; answered after the commit.</summary>
    public List<RuleCommand> Commands { get; } = [];

    /// <summary>What the rules remember and was not stored yet; null when this batch carries no checkpoint.</summary>
    public List<KeyValuePair<byte[], byte[]?>>? Checkpoint { get; set; }

    /// <summary>The files of the rules that are in force from here on; null when they stay.</summary>
    public IReadOnlyList<RuleFile>? RuleFiles { get; set; }

    public ReadOnlySpan<PendingDelivery> Deliveries => CollectionsMarshal.AsSpan(_deliveries);

    /// <summary>Set once judged to the end: a commit that failed is tried again with the very same content.</summary>
    public Timestamp RecordedAt { get; set; } = Timestamp.None;

    /// <summary>The offset it gets: tells after a doubtful commit whether it is there.</summary>
    public long Offset { get; set; }

    /// <summary>True when there is nothing to commit and nobody waits.</summary>
    public bool IsEmpty => Readings.Count == 0 && Events.Count == 0 && _deliveries.Count == 0 && DeviceChanges.Count == 0
        && NewSeries.Count == 0 && OnceKeys.Count == 0 && Writes.Count == 0 && Commands.Count == 0 && Rules.IsEmpty;

    public void Take(InboxBatch inbox)
    {
        _deliveries.AddRange(inbox.Deliveries);
        OnceKeys.AddRange(inbox.OnceKeys);
    }

    public void Clear()
    {
        _deliveries.Clear();
        Readings.Clear();
        Events.Clear();
        NewSeries.Clear();
        DeviceChanges.Clear();
        Rules.Clear();
        Alerts.Clear();
        OnceKeys.Clear();
        Writes.Clear();
        Commands.Clear();
        Checkpoint = null;
        RuleFiles = null;
        RecordedAt = Timestamp.None;
    }
}
