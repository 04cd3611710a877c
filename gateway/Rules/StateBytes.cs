using System.Buffers.Binary;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules;

/// <summary>Something whose state outlives a restart.</summary>
internal interface IStateOwner
{
    /// <summary>True while an outcome lists it.</summary>
    bool IsMarked { get; set; }

    /// <summary>Its key and state; a null state means that there is nothing to keep.</summary>
    KeyValuePair<byte[], byte[]?> Save();
}

/// <summary>Keys of the rules' state: names, because they outlive numbers.</summary>
internal static class StateKey
{
    private const byte Series = (byte)'s';
    private const byte Instance = (byte)'i';

    /// <summary>The key of a series' clock and values.</summary>
    public static byte[] OfSeries(string series) => [Series, .. Encoding.UTF8.GetBytes(series)];

    /// <summary>The key of a rule with a series.</summary>
    public static byte[] OfInstance(string rule, string series) =>
        [Instance, .. Encoding.UTF8.GetBytes(rule), 0, .. Encoding.UTF8.GetBytes(series)];

    /// <summary>Takes a key apart.</summary>
    /// <returns>The rule, null in the key of a series, and the series; null when it is no key of ours.</returns>
    public static (string? Rule, string Series)? Parse(ReadOnlySpan<byte> key)
    {
        if (key.Length < 2 || key[0] is not (Series or Instance))
        {
            return null;
        }

        var text = key[1..];
        if (key[0] == Series)
        {
            return (null, Encoding.UTF8.GetString(text));
        }

        var end = text.IndexOf((byte)0);
        return end <= 0 ? null : (Encoding.UTF8.GetString(text[..end]), Encoding.UTF8.GetString(text[(end + 1)..]));
    }
}

/// <summary>Writes state: a version byte, then numbers in little endian and texts in UTF-8 after their length.</summary>
internal sealed class StateWriter
{
    /// <summary>The version of the format; a reader refuses every other.</summary>
    public const byte Version = 1;

    private readonly List<byte> _bytes = [Version];

    /// <summary>One byte.</summary>
    public void Byte(byte value) => _bytes.Add(value);

    /// <summary>Eight bytes.</summary>
    public void Word(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    /// <summary>An instant.</summary>
    public void Time(Timestamp value) => Word((ulong)value.Nanoseconds);

    /// <summary>A number.</summary>
    public void Number(double value) => Word((ulong)BitConverter.DoubleToInt64Bits(value));

    /// <summary>A text of at most 65,535 bytes; what is longer is cut.</summary>
    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value).AsSpan();
        bytes = bytes[..Math.Min(bytes.Length, ushort.MaxValue)];
        _bytes.Add((byte)bytes.Length);
        _bytes.Add((byte)(bytes.Length >> 8));
        _bytes.AddRange(bytes);
    }

    /// <summary>What was written.</summary>
    public byte[] ToArray() => [.. _bytes];
}

/// <summary>Reads what <see cref="StateWriter"/> wrote; gives zeros after the end of the bytes, so ask <see cref="IsComplete"/> last.</summary>
internal ref struct StateReader
{
    private ReadOnlySpan<byte> _rest;
    private bool _failed;

    /// <summary>Begins behind the version.</summary>
    public StateReader(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
        _failed = Byte() != StateWriter.Version;
    }

    /// <summary>True when everything was there and nothing is left.</summary>
    public readonly bool IsComplete => !_failed && _rest.IsEmpty;

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1) is { IsEmpty: false } bytes ? bytes[0] : (byte)0;

    /// <summary>Eight bytes.</summary>
    public ulong Word() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>An instant.</summary>
    public Timestamp Time() => new((long)Word());

    /// <summary>A number.</summary>
    public double Number() => BitConverter.Int64BitsToDouble((long)Word());

    /// <summary>A text.</summary>
    public string Text()
    {
        var length = Byte() | (Byte() << 8);
        return Encoding.UTF8.GetString(Take(length));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            _failed = true;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
