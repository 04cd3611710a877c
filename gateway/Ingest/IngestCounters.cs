using System.Collections.Concurrent;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Ingest;

/// <summary>What came in and what became of it, per adapter. Safe from any thread.</summary>
/// <remarks>
/// The identity that tests hold: received = accepted + rejected + refused. Values left out of an accepted message are counted
/// by reason too, but their message counts as accepted.
/// </remarks>
public sealed class IngestCounters
{
    private readonly ConcurrentDictionary<string, AdapterCounters> _byAdapter = new(StringComparer.Ordinal);

    /// <summary>The counters of every adapter that was heard of.</summary>
    public IReadOnlyCollection<AdapterCounters> All => (IReadOnlyCollection<AdapterCounters>)_byAdapter.Values;

    /// <summary>The counters of one adapter; made with zeros at the first call.</summary>
    public AdapterCounters Of(string adapter) => _byAdapter.GetOrAdd(adapter, static name => new AdapterCounters(name));

    /// <summary>How often something was left out for a reason, over all adapters.</summary>
    public long Rejected(RejectReason reason) => _byAdapter.Values.Sum(counters => counters.Rejected(reason));
}

/// <summary>Counters of one adapter. Safe from any thread.</summary>
public sealed class AdapterCounters
{
    private readonly long[] _rejected = new long[RejectReasons.Count];
    private long _accepted;
    private long _rejectedMessages;
    private long _readings;
    private long _bytes;
    private long _restarts;

    internal AdapterCounters(string adapter) => Adapter = adapter;

    /// <summary>The adapter's configured name.</summary>
    public string Adapter { get; }

    /// <summary>Messages of which something was queued.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Messages of which nothing could be used, or that the adapter itself refused.</summary>
    public long RejectedMessages => Interlocked.Read(ref _rejectedMessages);

    /// <summary>Readings queued.</summary>
    public long Readings => Interlocked.Read(ref _readings);

    /// <summary>Payload bytes of all messages.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How often the adapter failed and was started again.</summary>
    public long Restarts => Interlocked.Read(ref _restarts);

    /// <summary>How many messages or values were left out for a reason.</summary>
    public long Rejected(RejectReason reason) => Interlocked.Read(ref _rejected[(int)reason]);

    internal void Count(RejectReason reason, long times = 1) => Interlocked.Add(ref _rejected[(int)reason], times);

    internal void CountRejectedMessage(RejectReason reason, int bytes)
    {
        Interlocked.Increment(ref _rejectedMessages);
        Interlocked.Add(ref _bytes, bytes);
        Count(reason);
    }

    internal void CountAccepted(int readings, int bytes)
    {
        Interlocked.Increment(ref _accepted);
        Interlocked.Add(ref _readings, readings);
        Interlocked.Add(ref _bytes, bytes);
    }

    internal void CountRestart() => Interlocked.Increment(ref _restarts);
}
