using System.Diagnostics.CodeAnalysis;

namespace IotEvents.Gateway.Ingest;

/// <summary>Keys of messages that must be stored once however often they come (MQTT QoS 2). Not thread-safe: the inbox guards it.</summary>
/// <remarks>Bounded by what senders may leave open: connections × outstanding messages each; a sender that never ends is cut by its adapter.</remarks>
internal sealed class OnceKeys
{
    private readonly HashSet<byte[]> _keys = new(Bytes.Instance);
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _span;

    public OnceKeys() => _span = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _keys.Count;

    /// <summary>Adds a key.</summary>
    /// <returns>False when it is there: the message came before.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? added)
    {
        added = null;
        if (_span.Contains(key))
        {
            return false;
        }

        added = key.ToArray();
        return _keys.Add(added);
    }

    public bool Remove(ReadOnlySpan<byte> key) => _span.Remove(key);

    private sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Bytes Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] key) => GetHashCode(key.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
