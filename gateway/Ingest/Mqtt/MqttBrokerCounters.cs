namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>What the broker counts. Safe from any thread; connections add once per received block, not per message.</summary>
internal sealed class MqttBrokerCounters
{
    private readonly long[] _messages = new long[3];
    private readonly long[] _closed = new long[MqttCloseReasons.Count];
    private long _connections;
    private long _bytesIn;
    private long _bytesOut;
    private long _retainedStripped;
    private long _dropped;

    /// <summary>Adds a connection.</summary>
    public void AddConnection() => Interlocked.Increment(ref _connections);

    /// <summary>Adds what one received block held.</summary>
    /// <param name="qos0">Messages of QoS 0.</param>
    /// <param name="qos1">Messages of QoS 1.</param>
    /// <param name="qos2">Messages of QoS 2.</param>
    /// <param name="bytes">The block's size.</param>
    public void AddReceived(int qos0, int qos1, int qos2, int bytes)
    {
        Add(ref _messages[0], qos0);
        Add(ref _messages[1], qos1);
        Add(ref _messages[2], qos2);
        Add(ref _bytesIn, bytes);
    }

    /// <summary>Adds a connection's end.</summary>
    /// <param name="reason">Why it ended.</param>
    /// <param name="bytesOut">What it had sent.</param>
    public void AddClosed(MqttCloseReason reason, long bytesOut)
    {
        Interlocked.Increment(ref _closed[(int)reason]);
        Interlocked.Add(ref _bytesOut, bytesOut);
    }

    /// <summary>Adds a retained message that was passed on, but not kept.</summary>
    public void AddRetainedStripped() => Interlocked.Increment(ref _retainedStripped);

    /// <summary>Adds a message that did not reach a subscriber: its queue was full, or the message larger than it accepts.</summary>
    public void AddDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>All figures.</summary>
    /// <param name="connections">The connections there are now.</param>
    /// <param name="retained">The retained messages there are.</param>
    public MqttBrokerStatus Read(IReadOnlyCollection<MqttConnection> connections, RetainedBudget retained) => new()
    {
        Connections = connections.Count,
        ConnectionsTotal = Interlocked.Read(ref _connections),
        Messages = [.. _messages.Select((_, qos) => Interlocked.Read(ref _messages[qos]))],
        BytesIn = Interlocked.Read(ref _bytesIn),
        BytesOut = Interlocked.Read(ref _bytesOut) + connections.Sum(connection => connection.BytesSent),
        AcknowledgementsOwed = connections.Sum(connection => connection.AcknowledgementsOwed),
        Retained = retained.Count,
        RetainedBytes = retained.Bytes,
        RetainedStripped = Interlocked.Read(ref _retainedStripped),
        SubscriberDrops = Interlocked.Read(ref _dropped),
        Closed = [.. _closed.Select((_, reason) => Interlocked.Read(ref _closed[reason]))],
    };

    private static void Add(ref long counter, int amount)
    {
        if (amount > 0)
        {
            Interlocked.Add(ref counter, amount);
        }
    }
}
