using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules;

/// <summary>The overrides in force.</summary>
internal sealed class OverrideBook(Marks marks)
{
    /// <summary>How many there may be at once.</summary>
    public const int Max = 1_000;

    private readonly Dictionary<(string Device, string Attribute), Entry> _entries = [];

    /// <summary>When the first of them ends; the end of time when there is none.</summary>
    public Timestamp NextEnd { get; private set; } = Never;

    /// <summary>True when there is one.</summary>
    public bool HasAny => _entries.Count > 0;

    /// <summary>All, in the order of device and attribute.</summary>
    public IReadOnlyList<AttributeOverride> All =>
        [.. _entries.Values.Select(entry => entry.Override)
            .OrderBy(it => it.Device, StringComparer.Ordinal).ThenBy(it => it.Attribute, StringComparer.Ordinal)];

    private static Timestamp Never => new(long.MaxValue);

    /// <summary>The override of an attribute; null when there is none.</summary>
    public AttributeOverride? Find(string device, string attribute) =>
        _entries.Count > 0 && _entries.TryGetValue((device, attribute), out var entry) ? entry.Override : null;

    /// <summary>Those of a device, in the order of their attributes.</summary>
    public IReadOnlyList<AttributeOverride> Of(string device) => HasAny ? [.. All.Where(it => it.Device == device)] : [];

    /// <summary>True when there is room for an override of this attribute.</summary>
    public bool HasRoom(string device, string attribute) => _entries.Count < Max || _entries.ContainsKey((device, attribute));

    /// <summary>Puts it in force, in the place of another one of the same attribute.</summary>
    public void Put(AttributeOverride wanted)
    {
        Remove(wanted.Device, wanted.Attribute);
        var entry = new Entry(wanted);
        _entries[(wanted.Device, wanted.Attribute)] = entry;
        marks.Add(entry);
        Settle();
    }

    /// <summary>It holds no more.</summary>
    public void Remove(string device, string attribute)
    {
        if (_entries.Remove((device, attribute), out var entry))
        {
            marks.Forget(entry);
            Settle();
        }
    }

    /// <summary>The next whose time is over, in the order of their ends; it stays until it is removed.</summary>
    public AttributeOverride? Expired(Timestamp now) => NextEnd > now ? null : All.Where(it => it.Until <= now).MinBy(it => it.Until);

    /// <summary>Takes over what was stored.</summary>
    public bool TryRestore(byte[] state)
    {
        if (AttributeOverride.Read(state) is not { } read || !HasRoom(read.Device, read.Attribute))
        {
            return false;
        }

        _entries[(read.Device, read.Attribute)] = new Entry(read);
        Settle();
        return true;
    }

    private void Settle() => NextEnd = _entries.Count == 0 ? Never : _entries.Values.Min(entry => entry.Override.Until);

    private sealed class Entry(AttributeOverride it) : IStateOwner
    {
        public AttributeOverride Override => it;

        public bool IsMarked { get; set; }

        public KeyValuePair<byte[], byte[]?> Save() => new(StateKey.OfOverride(it.Device, it.Attribute), it.Write());
    }
}
