namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Wills with a delay, until it is over or their client comes back (MQTT 5.0 §3.1.3.2.2). Safe from any thread.</summary>
internal sealed class WaitingWills
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (LastWill Will, DateTimeOffset Due)> _wills = new(StringComparer.Ordinal);

    /// <summary>Lets a will wait until an instant; one per client.</summary>
    public void Add(LastWill will, DateTimeOffset due)
    {
        lock (_gate)
        {
            _wills[will.ClientId] = (will, due);
        }
    }

    /// <summary>Notes that a client is back: its will is void when it goes on with its session, and due at once otherwise.</summary>
    public void Return(string clientId, bool isResumed)
    {
        lock (_gate)
        {
            if (_wills.Remove(clientId, out var waiting) && !isResumed)
            {
                _wills[clientId] = (waiting.Will, DateTimeOffset.MinValue);
            }
        }
    }

    /// <summary>Takes the wills that are due.</summary>
    public List<LastWill> TakeDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            var due = _wills.Values.Where(waiting => waiting.Due <= now).Select(waiting => waiting.Will).ToList();
            due.ForEach(will => _wills.Remove(will.ClientId));
            return due;
        }
    }
}
