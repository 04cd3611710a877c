namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Counts the retained messages, so that clients cannot fill the memory with them. Safe from any thread.</summary>
internal sealed class RetainedBudget
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _sizes = new(StringComparer.Ordinal);
    private readonly int _countMax;
    private readonly long _bytesMax;

    /// <summary>Makes an empty budget.</summary>
    public RetainedBudget(int countMax, long bytesMax) => (_countMax, _bytesMax) = (countMax, bytesMax);

    /// <summary>How many topics have a retained message.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sizes.Count;
            }
        }
    }

    /// <summary>Bytes of their topics and payloads together.</summary>
    public long Bytes { get; private set; }

    /// <summary>Notes a retained message; one without payload removes the topic's.</summary>
    /// <returns>False when the budget is spent: pass the message on without keeping it.</returns>
    public bool TryKeep(string topic, int payloadLength)
    {
        lock (_gate)
        {
            var isKnown = _sizes.TryGetValue(topic, out var before);
            if (payloadLength == 0)
            {
                _sizes.Remove(topic);
                Bytes -= before;
                return true;
            }

            var size = topic.Length + payloadLength;
            if ((!isKnown && _sizes.Count >= _countMax) || Bytes - before + size > _bytesMax)
            {
                return false;
            }

            _sizes[topic] = size;
            Bytes += size - before;
            return true;
        }
    }
}
