namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>The acknowledgements one connection still owes, in the order in which its messages came.</summary>
/// <remarks>
/// Messages settle in any order, but MQTT wants acknowledgements in the order of the messages (MQTT-4.6.0-2): an
/// acknowledgement leaves only when all before it have settled. Grows by doubling up to its limit. Not for several threads.
/// </remarks>
internal sealed class AckRing
{
    private readonly int _capacityMax;
    private Entry[] _entries = new Entry[8];
    private ulong _first;
    private ulong _next;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="capacityMax">The most acknowledgements that may be owed at once, from 1.</param>
    public AckRing(int capacityMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityMax, 1);
        _capacityMax = capacityMax;
    }

    /// <summary>How many acknowledgements are owed.</summary>
    public int Count => (int)(_next - _first);

    /// <summary>True when no further message can be taken.</summary>
    public bool IsFull => Count == _capacityMax;

    /// <summary>Notes that an acknowledgement is owed.</summary>
    /// <returns>The tag to settle it with.</returns>
    /// <exception cref="InvalidOperationException">The ring is full.</exception>
    public ulong Add(PacketType kind, ushort packetId)
    {
        if (IsFull)
        {
            throw new InvalidOperationException("The ring of acknowledgements is full.");
        }

        if (Count == _entries.Length)
        {
            Grow();
        }

        At(_next) = new Entry(kind, packetId, 0, false);
        return _next++;
    }

    /// <summary>Notes that the message is settled, with the reason code its acknowledgement will carry in MQTT 5.</summary>
    /// <returns>False when the tag is not owed (any more).</returns>
    public bool Settle(ulong tag, byte reasonCode)
    {
        if (tag < _first || tag >= _next)
        {
            return false;
        }

        ref var entry = ref At(tag);
        entry = entry with { IsSettled = true, ReasonCode = reasonCode };
        return true;
    }

    /// <summary>Takes the oldest acknowledgement when its message is settled.</summary>
    public bool TryTake(out Entry entry)
    {
        entry = default;
        if (Count == 0 || !At(_first).IsSettled)
        {
            return false;
        }

        entry = At(_first++);
        return true;
    }

    /// <summary>True while an acknowledgement for that packet id is owed. Looks at each: for the rare case of a repeat.</summary>
    public bool Owes(ushort packetId)
    {
        for (var tag = _first; tag < _next; tag++)
        {
            if (At(tag).PacketId == packetId)
            {
                return true;
            }
        }

        return false;
    }

    private ref Entry At(ulong tag) => ref _entries[tag & (ulong)(_entries.Length - 1)];

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];
        for (var tag = _first; tag < _next; tag++)
        {
            larger[tag & (ulong)(larger.Length - 1)] = At(tag);
        }

        _entries = larger;
    }

    /// <summary>One acknowledgement.</summary>
    /// <param name="Kind">PUBACK or PUBREC.</param>
    /// <param name="PacketId">The packet id of the message.</param>
    /// <param name="ReasonCode">What an MQTT 5 client is told.</param>
    /// <param name="IsSettled">The message's fate is known.</param>
    public readonly record struct Entry(PacketType Kind, ushort PacketId, byte ReasonCode, bool IsSettled);
}
