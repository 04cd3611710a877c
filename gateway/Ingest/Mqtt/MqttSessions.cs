using MQTTnet.Server;

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
    /// <param name="clientId">Whose it is.</param>
    /// <param name="filter">To what.</param>
    /// <param name="status">The library's session, which knows how many messages wait in it.</param>
    /// <returns>False when the client has as many as it may.</returns>
    public bool TrySubscribe(string clientId, string filter, MqttSessionStatus? status)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(clientId, out var session))
            {
                return false;
            }

            session.Status = status;
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

    /// <summary>Asks whether one more message may wait for a subscriber.</summary>
    /// <param name="clientId">The subscriber.</param>
    /// <param name="pendingMax">The most messages that may wait.</param>
    /// <returns>False when its queue is full; then nothing more may wait for it until it comes anew.</returns>
    public bool TryEnqueue(string clientId, int pendingMax)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(clientId, out var session))
            {
                return true;
            }

            session.IsFull |= session.Status?.PendingApplicationMessagesCount >= pendingMax;
            return !session.IsFull;
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

        public MqttSessionStatus? Status { get; set; }

        public bool IsFull { get; set; }
    }
}
