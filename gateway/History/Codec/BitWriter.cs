using System.Buffers.Binary;

namespace IotEvents.Gateway.History.Codec;

/// <summary>Writes bytes, varints and packed bits into a buffer of fixed size, lowest bit first.</summary>
/// <remarks>The buffer is sized for the worst case by <see cref="ChunkCodec.BytesMax"/>, so nothing here
/// grows.</remarks>
internal ref struct BitWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private ulong _pending;
    private int _pendingBits;

    /// <summary>How many whole bytes were written. Bits count after <see cref="Align"/>.</summary>
    public int Length { get; private set; }

    /// <summary>Writes one byte. Only between bit runs.</summary>
    public void WriteByte(byte value) => _buffer[Length++] = value;

    /// <summary>Writes eight bytes, lowest first. Only between bit runs.</summary>
    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer[Length..], value);
        Length += 8;
    }

    /// <summary>Writes an unsigned number in groups of seven bits, lowest first; 1 to 10 bytes.</summary>
    public void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        WriteByte((byte)value);
    }

    /// <summary>Writes a signed number, small in size when near zero.</summary>
    public void WriteSigned(long value) => WriteVarint(ZigZag.Encode(value));

    /// <summary>Writes the lowest bits of a value whose other bits are zero; 0 to 64 bits.</summary>
    public void WriteBits(ulong value, int width)
    {
        if (width == 0)
        {
            return;
        }

        _pending |= value << _pendingBits;
        _pendingBits += width;
        if (_pendingBits < 64)
        {
            return;
        }

        WriteUInt64(_pending);
        _pendingBits -= 64;
        _pending = _pendingBits == 0 ? 0 : value >> (width - _pendingBits);
    }

    /// <summary>Fills the last byte of a bit run with zeros.</summary>
    public void Align()
    {
        for (; _pendingBits > 0; _pendingBits -= 8)
        {
            WriteByte((byte)_pending);
            _pending >>= 8;
        }

        _pendingBits = 0;
        _pending = 0;
    }
}
