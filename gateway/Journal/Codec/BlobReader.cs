using System.Buffers.Binary;
using System.Text;

namespace IotEvents.Gateway.Journal.Codec;

/// <summary>Reads what <see cref="BlobWriter"/> wrote, or anything else, without ever leaving the bytes.</summary>
/// <remarks>
/// The first thing that cannot be is kept in <see cref="Damage"/>, and from then on every read gives zero: the callers check
/// once per column instead of once per field. Nothing is allocated before the bytes for it are known to be there.
/// </remarks>
internal ref struct BlobReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public JournalDamage Damage { get; private set; }

    public readonly int Left => _rest.Length;

    public readonly bool IsSound => Damage == JournalDamage.None;

    /// <summary>Notes what is wrong; the first counts.</summary>
    public void Fail(JournalDamage damage)
    {
        if (Damage == JournalDamage.None)
        {
            Damage = damage;
        }

        _rest = default;
    }

    public byte Byte()
    {
        var taken = Take(1);
        return taken.IsEmpty ? (byte)0 : taken[0];
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var at = 0; at < _rest.Length && at < 10; at++)
        {
            var part = _rest[at];
            value |= (ulong)(part & 0x7F) << (7 * at);
            if (part < 0x80)
            {
                _rest = _rest[(at + 1)..];
                return value;
            }
        }

        Fail(_rest.Length < 10 ? JournalDamage.TooShort : JournalDamage.Field);
        return 0;
    }

    public long Zigzag() => Integers.Unzigzag(Varint());

    /// <summary>A number from 0 to a most; anything else is damage.</summary>
    public int Count(int most)
    {
        var value = Varint();
        if (value <= (ulong)most)
        {
            return (int)value;
        }

        Fail(JournalDamage.Count);
        return 0;
    }

    public double Double()
    {
        var taken = Take(8);
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadDoubleLittleEndian(taken);
    }

    public float Single()
    {
        var taken = Take(4);
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadSingleLittleEndian(taken);
    }

    public byte[] Bytes() => Take(Varint()).ToArray();

    public string Text() => Encoding.UTF8.GetString(Take(Varint()));

    /// <summary>The next bytes; none, and damage, when there are not so many.</summary>
    public ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            Fail(JournalDamage.TooShort);
            return default;
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
