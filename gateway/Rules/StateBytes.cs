using System.Buffers.Binary;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules;

/// <summary>Something whose state outlives a restart.</summary>
internal interface IStateOwner
{
    /// <summary>True while the marks list it.</summary>
    bool IsMarked { get; set; }

    /// <summary>Its key and state; a null state means that there is nothing to keep.</summary>
    KeyValuePair<byte[], byte[]?> Save();

    /// <summary>The same, with what of it is kept under keys of its own and has changed since this was last called.</summary>
    IEnumerable<KeyValuePair<byte[], byte[]?>> SaveAll() => [Save()];
}

/// <summary>Keys of the rules' state: names, because they outlive numbers.</summary>
internal static class StateKey
{
    /// <summary>The key of the digest that is being gathered.</summary>
    public static byte[] OfDigest => [(byte)StateOf.Digest, 0];

    /// <summary>The key of the last outage of the gateway.</summary>
    public static byte[] OfOutage => [(byte)StateOf.Outage, 0];

    /// <summary>The key of the readings that are held back.</summary>
    public static byte[] OfHeld => [(byte)StateOf.Held, 0];

    /// <summary>The key of what a second look at a series remembers.</summary>
    public static byte[] OfLook(string series) => [(byte)StateOf.Look, .. Encoding.UTF8.GetBytes(series)];

    /// <summary>The key of a series' clock and values.</summary>
    public static byte[] OfSeries(string series) => [(byte)StateOf.Series, .. Encoding.UTF8.GetBytes(series)];

    /// <summary>The key of a piece of the readings that a series looks back on.</summary>
    public static byte[] OfPoints(string series, long chunk)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, chunk);
        return [(byte)StateOf.Points, .. number, .. Encoding.UTF8.GetBytes(series)];
    }

    /// <summary>The key of the clock of a rule's device or group.</summary>
    public static byte[] OfSubject(string rule, string subject) => Pair(StateOf.Subject, rule, subject);

    /// <summary>The key of a rule with a series, device or group.</summary>
    public static byte[] OfInstance(string rule, string subject) => Pair(StateOf.Instance, rule, subject);

    /// <summary>The key of an attribute that is another one for a while.</summary>
    public static byte[] OfOverride(string device, string attribute) => Pair(StateOf.Override, device, attribute);

    /// <summary>Takes a key apart.</summary>
    public static ParsedStateKey Parse(ReadOnlySpan<byte> key)
    {
        var of = key.Length < 2 ? StateOf.Nothing : (StateOf)key[0];
        if (of is StateOf.Series or StateOf.Look)
        {
            return new ParsedStateKey(of, "", Encoding.UTF8.GetString(key[1..]), 0);
        }

        if (of == StateOf.Points && key.Length > 9)
        {
            return new ParsedStateKey(of, "", Encoding.UTF8.GetString(key[9..]), BinaryPrimitives.ReadInt64BigEndian(key[1..]));
        }

        if (of is StateOf.Held or StateOf.Digest or StateOf.Outage)
        {
            return new ParsedStateKey(of, "", "", 0);
        }

        var end = key.IndexOf((byte)0);
        return of is StateOf.Instance or StateOf.Subject or StateOf.Override && end > 1
            ? new ParsedStateKey(of, Encoding.UTF8.GetString(key[1..end]), Encoding.UTF8.GetString(key[(end + 1)..]), 0)
            : default;
    }

    private static byte[] Pair(StateOf of, string rule, string subject) =>
        [(byte)of, .. Encoding.UTF8.GetBytes(rule), 0, .. Encoding.UTF8.GetBytes(subject)];
}

/// <summary>What a piece of state is about: the first byte of its key.</summary>
internal enum StateOf : byte
{
    /// <summary>No key of ours.</summary>
    Nothing = 0,

    /// <summary>The digest that is being gathered.</summary>
    Digest = (byte)'d',

    /// <summary>Readings that are held back.</summary>
    Held = (byte)'h',

    /// <summary>A rule with a series, device or group.</summary>
    Instance = (byte)'i',

    /// <summary>What a second look at a series remembers.</summary>
    Look = (byte)'l',

    /// <summary>An attribute that is another one for a while.</summary>
    Override = (byte)'o',

    /// <summary>When the gateway could last hear nobody.</summary>
    Outage = (byte)'g',

    /// <summary>Readings that are looked back on.</summary>
    Points = (byte)'p',

    /// <summary>A series.</summary>
    Series = (byte)'s',

    /// <summary>The clock of a rule's device or group.</summary>
    Subject = (byte)'t',
}

/// <summary>A key of the rules' state, taken apart.</summary>
/// <param name="Of">What it is about.</param>
/// <param name="Rule">The rule's id, or the device of an override; empty where there is none.</param>
/// <param name="Subject">The series, device, group or attribute.</param>
/// <param name="Chunk">The number of a piece of readings.</param>
internal readonly record struct ParsedStateKey(StateOf Of, string Rule, string Subject, long Chunk);

/// <summary>Writes state: a version byte, then numbers in little endian and texts in UTF-8 after their length.</summary>
internal sealed class StateWriter
{
    /// <summary>The version of the format; a reader refuses every other.</summary>
    public const byte Version = 2;

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

    /// <summary>Bytes of any kind, at most 16 MiB.</summary>
    public void Blob(ReadOnlySpan<byte> value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        _bytes.AddRange(length);
        _bytes.AddRange(value);
    }

    /// <summary>What was written.</summary>
    public byte[] ToArray() => [.. _bytes];
}

/// <summary>Reads what <see cref="StateWriter"/> wrote; gives zeros after the end of the bytes, so ask <see cref="IsComplete"/> last.</summary>
internal ref struct StateReader
{
    private ReadOnlySpan<byte> _rest;
    private bool _failed;

    /// <summary>Begins behind the version, which must be the one that is asked for.</summary>
    public StateReader(ReadOnlySpan<byte> bytes, byte version = StateWriter.Version)
    {
        _rest = bytes;
        _failed = Byte() != version;
    }

    /// <summary>True when something was read that was not there.</summary>
    public readonly bool HasFailed => _failed;

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

    /// <summary>Bytes of any kind.</summary>
    public byte[] Blob()
    {
        var length = Take(4);
        return length.IsEmpty ? [] : Take(BinaryPrimitives.ReadInt32LittleEndian(length)).ToArray();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            _failed = true;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
