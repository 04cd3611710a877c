using System.Buffers.Binary;

namespace IotEvents.Gateway.History.Codec;

/// <summary>Reads what <see cref="BitWriter"/> wrote. Any bytes are safe: every read says whether there was
/// enough.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _bit;

    /// <summary>True when every byte was read.</summary>
    public readonly bool AtEnd => _bit == (long)_bytes.Length * 8;

    /// <summary>True when so many bits are left.</summary>
    public readonly bool Has(long bits) => ((long)_bytes.Length * 8) - _bit >= bits;

    /// <summary>Reads one byte. Only between bit runs.</summary>
    public bool TryReadByte(out byte value)
    {
        var there = Has(8);
        value = there ? _bytes[(int)(_bit >> 3)] : (byte)0;
        _bit += there ? 8 : 0;
        return there;
    }

    /// <summary>Reads eight bytes, lowest first. Only between bit runs.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        var there = Has(64);
        value = there ? ReadBits(64) : 0;
        return there;
    }

    /// <summary>Reads an unsigned number in groups of seven bits; false when cut off or longer than 64 bits.</summary>
    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!TryReadByte(out var group) || (shift == 63 && group > 1))
            {
                return false;
            }

            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a signed number.</summary>
    public bool TryReadSigned(out long value)
    {
        var there = TryReadVarint(out var raw);
        value = ZigZag.Decode(raw);
        return there;
    }

    /// <summary>Reads 0 to 64 bits after asking <see cref="Has"/>.</summary>
    public ulong ReadBits(int width)
    {
        if (width == 0)
        {
            return 0;
        }

        var index = (int)(_bit >> 3);
        var shift = (int)(_bit & 7);
        _bit += width;
        var value = Load(index) >> shift;
        if (shift + width > 64)
        {
            value |= (ulong)_bytes[index + 8] << (64 - shift);
        }

        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    /// <summary>Skips to the next whole byte; false when the skipped bits are not zero, which no writer
    /// makes.</summary>
    public bool TryAlign()
    {
        var rest = (int)(-_bit & 7);
        return rest == 0 || (Has(rest) && ReadBits(rest) == 0);
    }

    private readonly ulong Load(int index)
    {
        if (_bytes.Length - index >= 8)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(_bytes[index..]);
        }

        ulong value = 0;
        for (var i = _bytes.Length - 1; i >= index; i--)
        {
            value = (value << 8) | _bytes[i];
        }

        return value;
    }
}
