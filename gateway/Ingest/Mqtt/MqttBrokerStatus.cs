namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>What the broker does and has done since it was made. Refused messages are counted by the inbox.</summary>
public sealed record MqttBrokerStatus
{
    /// <summary>Connections now, those that have not said CONNECT yet included.</summary>
    public required int Connections { get; init; }

    /// <summary>Connections so far.</summary>
    public required long ConnectionsTotal { get; init; }

    /// <summary>Messages received, by QoS: three figures.</summary>
    public required IReadOnlyList<long> Messages { get; init; }

    /// <summary>Bytes received.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes sent.</summary>
    public required long BytesOut { get; init; }

    /// <summary>Messages of QoS 1 and 2 that wait for the commit.</summary>
    public required int AcknowledgementsOwed { get; init; }

    /// <summary>Topics with a retained message.</summary>
    public required int Retained { get; init; }

    /// <summary>Bytes of retained topics and payloads.</summary>
    public required long RetainedBytes { get; init; }

    /// <summary>Messages that asked to be retained and were only passed on, because the budget was spent.</summary>
    public required long RetainedStripped { get; init; }

    /// <summary>Messages that did not reach a subscriber: its queue was full, or the message larger than it accepts.</summary>
    public required long SubscriberDrops { get; init; }

    /// <summary>Ended connections, by <see cref="MqttCloseReason"/>.</summary>
    public required IReadOnlyList<long> Closed { get; init; }
}
