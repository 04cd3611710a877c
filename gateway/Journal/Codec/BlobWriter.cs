using System.Buffers.Binary;
using System.Text;

namespace IotEvents.Gateway.Journal.Codec;

/// <summary>A growing byte buffer with the few shapes the record format has. Keeps its memory when cleared. One thread.</summary>
internal sealed class BlobWriter
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Seven bits a byte, low ones first, the high bit says that more follow (LEB128). 1 to 10 bytes.</summary>
    public void Varint(ulong value)
    {
        var room = Reserve(10);
        var length = 0;
        while (value >= 0x80)
        {
            room[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[length++] = (byte)value;
        Length += length;
    }

    public void Zigzag(long value) => Varint(Integers.Zigzag(value));

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    public void Single(float value) => BinaryPrimitives.WriteSingleLittleEndian(Take(4), value);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        value.CopyTo(Take(value.Length));
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>The next bytes, to be filled by the caller; they hold whatever was there before.</summary>
    public Span<byte> Take(int length)
    {
        var room = Reserve(length)[..length];
        Length += length;
        return room;
    }

    private Span<byte> Reserve(int length)
    {
        if (_bytes.Length - Length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(Length + length)));
        }

        return _bytes.AsSpan(Length);
    }
}
