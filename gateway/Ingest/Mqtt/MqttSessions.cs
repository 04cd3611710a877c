namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>What the broker itself must know of its clients' sessions: whose they are, what they subscribe to, who is here.</summary>
/// <remarks>Kept in step with the library's own sessions through its events. Safe from any thread.</remarks>
internal sealed class MqttSessions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly int _filtersMax;
    private int _filters;

    /// <summary>Makes an empty book.</summary>
    /// <param name="filtersMax">The most topic filters of one client.</param>
    public MqttSessions(int filtersMax) => _filtersMax = filtersMax;

    /// <summary>True while anybody, here or away, subscribes to anything. Read for every message.</summary>
    public bool HasSubscribers => Volatile.Read(ref _filters) > 0;

    /// <summary>True unless the client id belongs to another user: a session's messages are its owner's.</summary>
    public bool MayUse(string clientId, string? user)
    {
        lock (_gate)
        {
            return !_sessions.TryGetValue(clientId, out var session) || session.User == user;
        }
    }

    /// <summary>Notes that a client is here.</summary>
    /// <param name="clientId">Its id.</param>
    /// <param name="user">Its user name; null when it gave none.</param>
    /// <param name="connection">Its connection; replaces the one it had.</param>
    /// <param name="isResumed">It goes on with the session it had; otherwise that one is over.</param>
    public void Connect(string clientId, string? user, MqttConnection connection, bool isResumed)
    {
        lock (_gate)
        {
            if (!isResumed)
            {
                Drop(clientId);
            }

            if (!_sessions.TryGetValue(clientId, out var session))
            {
                _sessions[clientId] = session = new Session { User = user };
            }

            session.Connection = connection;
            session.IsFull = false;
        }
    }

    /// <summary>Notes that a connection has ended.</summary>
    /// <returns>False when the client has another one already.</returns>
    public bool Disconnect(string clientId, MqttConnection connection)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(clientId, out var session))
            {
                return true;
            }

            if (session.Connection is not null && session.Connection != connection)
            {
                return false;
            }

            session.Connection = null;
            return true;
        }
    }

    /// <summary>The connection of a client; null while it is away.</summary>
    public MqttConnection? Find(string clientId)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(clientId)?.Connection;
        }
    }

    /// <summary>Notes that the session of a client is over.</summary>
    public void Delete(string clientId)
    {
        lock (_gate)
        {
            Drop(clientId);
        }
    }

    /// <summary>Notes a subscription.</summary>
    /// <returns>False when the client has as many as it may.</returns>
    public bool TrySubscribe(string clientId, string filter)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(clientId, out var session))
            {
                return false;
            }

            if (session.Filters.Contains(filter))
            {
                return true;
            }

            if (session.Filters.Count >= _filtersMax)
            {
                return false;
            }

            session.Filters.Add(filter);
            _filters++;
            return true;
        }
    }

    /// <summary>Notes that a subscription is over.</summary>
    public void Unsubscribe(string clientId, string filter)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(clientId, out var session) && session.Filters.Remove(filter))
            {
                _filters--;
            }
        }
    }

    /// <summary>Notes that no more messages fit into the queue of a client that is away.</summary>
    public void MarkFull(string clientId)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(clientId, out var session))
            {
                session.IsFull = true;
            }
        }
    }

    /// <summary>True when messages for this client are dropped until it comes back.</summary>
    public bool IsFull(string clientId)
    {
        lock (_gate)
        {
            return _sessions.TryGetValue(clientId, out var session) && session.IsFull;
        }
    }

    private void Drop(string clientId)
    {
        if (_sessions.Remove(clientId, out var session))
        {
            _filters -= session.Filters.Count;
        }
    }

    private sealed class Session
    {
        public string? User { get; init; }

        public MqttConnection? Connection { get; set; }

        public HashSet<string> Filters { get; } = new(StringComparer.Ordinal);

        public bool IsFull { get; set; }
    }
}
