using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Decides who may connect: anybody from this computer while there are no users; then only users.</summary>
/// <remarks>
/// One hash is computed at a time, so that a flood of wrong passwords cannot take the processor from the messages; a password
/// that was right once is remembered as a keyed digest, so that a thousand devices can come back at once.
/// </remarks>
internal sealed class MqttCredentials : IDisposable
{
    private readonly Dictionary<string, MqttUser> _users;
    private readonly ConcurrentDictionary<string, byte[]> _proven = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Takes the users; none means anonymous, from loopback only.</summary>
    public MqttCredentials(IReadOnlyList<MqttUser> users) =>
        _users = users.ToDictionary(user => user.Name, StringComparer.Ordinal);

    /// <summary>True when the one at the other end may connect.</summary>
    /// <param name="remote">Where the connection comes from; null when unknown, which counts as far away.</param>
    /// <param name="name">The user name of the CONNECT; null when there is none.</param>
    /// <param name="password">Its password; null when there is none.</param>
    /// <param name="stop">Ends the wait for a turn.</param>
    public async ValueTask<bool> AllowAsync(IPAddress? remote, string? name, byte[]? password, CancellationToken stop)
    {
        if (_users.Count == 0)
        {
            return remote is not null && IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote);
        }

        if (name is null || password is null || !_users.TryGetValue(name, out var user))
        {
            return false;
        }

        var digest = HMACSHA256.HashData(_key, (byte[])[.. Encoding.UTF8.GetBytes(name), 0, .. password]);
        if (_proven.TryGetValue(name, out var proven) && CryptographicOperations.FixedTimeEquals(proven, digest))
        {
            return true;
        }

        await _turn.WaitAsync(stop);
        try
        {
            if (!await Task.Run(() => user.Verify(password), stop))
            {
                return false;
            }
        }
        finally
        {
            _turn.Release();
        }

        _proven[name] = digest;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
