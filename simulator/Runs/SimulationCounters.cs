using IotEvents.Simulator.Links;

namespace IotEvents.Simulator.Runs;

/// <summary>What became of every message: <c>Produced = Sent + NobodyReads + Full + LinkDown + Waiting</c>. Any thread.</summary>
public sealed class SimulationCounters
{
    private long _produced;
    private long _sent;
    private long _nobodyReads;
    private long _full;
    private long _linkDown;
    private long _waiting;
    private long _reconnects;

    /// <summary>Messages the devices said, after faults.</summary>
    public long Produced => Volatile.Read(ref _produced);

    /// <summary>Messages on their way: acknowledged with QoS 1 and 2, else written.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Messages lost because nobody had the serial port open.</summary>
    public long NobodyReads => Volatile.Read(ref _nobodyReads);

    /// <summary>Messages lost because the other end was too slow.</summary>
    public long Full => Volatile.Read(ref _full);

    /// <summary>Messages lost because the link was apart.</summary>
    public long LinkDown => Volatile.Read(ref _linkDown);

    /// <summary>Messages that wait for their acknowledgement; 0 after a run.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>How often a link came back.</summary>
    public long Reconnects => Volatile.Read(ref _reconnects);

    internal void CountProduced() => Interlocked.Increment(ref _produced);

    internal void CountSent() => Interlocked.Increment(ref _sent);

    internal void CountWaiting(int change) => Interlocked.Add(ref _waiting, change);

    internal void CountReconnect() => Interlocked.Increment(ref _reconnects);

    internal void CountDropped(WriteOutcome outcome)
    {
        switch (outcome)
        {
            case WriteOutcome.NobodyReads:
                Interlocked.Increment(ref _nobodyReads);
                break;
            case WriteOutcome.Full:
                Interlocked.Increment(ref _full);
                break;
            case WriteOutcome.Down:
                Interlocked.Increment(ref _linkDown);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not a loss.");
        }
    }
}
