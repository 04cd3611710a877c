using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>Which channels are told the next digest: each that one of its alerts would have gone to, had it been an information.</summary>
/// <remarks>
/// The digest comes when the past has stopped coming, maybe after a restart: until then the channels stand in the room
/// <see cref="Room"/>. At most as many as are configured or named by rules. Journal's thread only.
/// </remarks>
internal sealed class DigestChannels(AlertsOptions options)
{
    /// <summary>The room of the keyed state that holds them.</summary>
    public const string Room = "digest";

    private static readonly byte[] Key = "channels"u8.ToArray();

    private readonly SortedSet<string> _channels = new(StringComparer.Ordinal);

    /// <summary>Puts back the row of the room.</summary>
    /// <exception cref="InvalidDataException">It is none this version can read.</exception>
    public void Restore(IEnumerable<KeyValuePair<byte[], byte[]>> state) =>
        _channels.UnionWith(state.SelectMany(row => AlertRows.ReadChannels(row.Value)));

    /// <summary>Something was found in the past.</summary>
    public void Add(Transition raised, AlertChanges changes)
    {
        var known = _channels.Count;
        _channels.UnionWith(options.ChannelsFor(raised with { Severity = Severity.Info }));
        if (_channels.Count > known)
        {
            changes.State.Add((Room, Key, AlertRows.WriteChannels(_channels)));
        }
    }

    /// <summary>The channels of the digest that is told now; begins anew.</summary>
    public IReadOnlyList<string> Take(AlertChanges changes)
    {
        string[] channels = [.. _channels];
        if (channels.Length > 0)
        {
            _channels.Clear();
            changes.State.Add((Room, Key, null));
        }

        return channels;
    }
}
