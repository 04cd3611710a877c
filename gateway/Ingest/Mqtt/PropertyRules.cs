using System.Buffers.Binary;
using System.Text.Unicode;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Checks the property section of an MQTT 5 packet where it lies (MQTT 5.0 §2.2.2), without allocating.</summary>
internal static class PropertyRules
{
    /// <summary>A user property may stand several times; everything else once.</summary>
    private const int UserProperty = 38;

    private const int TopicAlias = 35;

    /// <summary>Properties of PUBLISH from a client: format, expiry, content type, response topic, correlation, alias, user.</summary>
    public const ulong Publish = 1UL << 1 | 1UL << 2 | 1UL << 3 | 1UL << 8 | 1UL << 9 | 1UL << TopicAlias | 1UL << UserProperty;

    /// <summary>Properties of PUBACK, PUBREC, PUBREL and PUBCOMP: reason string, user.</summary>
    public const ulong Acknowledge = 1UL << 31 | 1UL << UserProperty;

    /// <summary>Properties of SUBSCRIBE: subscription identifier, user.</summary>
    public const ulong Subscribe = 1UL << 11 | 1UL << UserProperty;

    /// <summary>Properties of UNSUBSCRIBE: user.</summary>
    public const ulong Unsubscribe = 1UL << UserProperty;

    /// <summary>Properties of DISCONNECT from a client: session expiry, reason string, user.</summary>
    public const ulong Disconnect = 1UL << 17 | 1UL << 31 | 1UL << UserProperty;

    /// <summary>Properties of CONNECT.</summary>
    public const ulong Connect =
        1UL << 17 | 1UL << 21 | 1UL << 22 | 1UL << 23 | 1UL << 25 | 1UL << 33 | 1UL << 34 | 1UL << 39 | 1UL << UserProperty;

    /// <summary>Properties of a will: delay, format, expiry, content type, response topic, correlation, user.</summary>
    public const ulong Will = 1UL << 24 | 1UL << 1 | 1UL << 2 | 1UL << 3 | 1UL << 8 | 1UL << 9 | 1UL << UserProperty;

    /// <summary>Takes the property section from the front of <paramref name="rest"/>.</summary>
    /// <param name="rest">The bytes of the packet; afterwards what follows the properties.</param>
    /// <param name="allowed">The identifiers that may stand there, one bit each.</param>
    /// <param name="found">The identifiers that did.</param>
    /// <returns>False when it is not well formed, or holds what must not stand there.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> rest, ulong allowed, out ulong found)
    {
        found = 0;
        if (!TryTakeVariable(ref rest, out var length) || length > rest.Length)
        {
            return false;
        }

        var section = rest[..length];
        rest = rest[length..];
        while (!section.IsEmpty)
        {
            var id = section[0];
            section = section[1..];
            if (id > 63 || (allowed & 1UL << id) == 0 || (id != UserProperty && (found & 1UL << id) != 0) ||
                !TryTakeValue(ref section, id))
            {
                return false;
            }

            found |= 1UL << id;
        }

        return true;
    }

    /// <summary>True when the section that <see cref="TryTake"/> read holds a topic alias.</summary>
    public static bool HasTopicAlias(ulong found) => (found & 1UL << TopicAlias) != 0;

    /// <summary>Takes a text with its two-byte length; it must be UTF-8 without NUL (§1.5.4).</summary>
    public static bool TryTakeText(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text) =>
        TryTakeBinary(ref rest, out text) && Utf8.IsValid(text) && !text.Contains((byte)0);

    /// <summary>Takes bytes with their two-byte length (§1.5.6).</summary>
    public static bool TryTakeBinary(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out var length) || rest.Length < 2 + length)
        {
            return false;
        }

        bytes = rest.Slice(2, length);
        rest = rest[(2 + length)..];
        return true;
    }

    /// <summary>Takes a variable byte integer in its shortest form (§1.5.5).</summary>
    public static bool TryTakeVariable(scoped ref ReadOnlySpan<byte> rest, out int value)
    {
        value = 0;
        for (var at = 0; at < 4 && at < rest.Length; at++)
        {
            value |= (rest[at] & 0x7F) << (7 * at);
            if ((rest[at] & 0x80) == 0)
            {
                var shortest = rest[at] != 0 || at == 0;
                rest = rest[(at + 1)..];
                return shortest;
            }
        }

        return false;
    }

    private static bool TryTakeValue(scoped ref ReadOnlySpan<byte> rest, int id) => id switch
    {
        1 or 23 or 25 => TryTakeNumber(ref rest, 1, out var flag) && flag <= 1,
        33 or TopicAlias => TryTakeNumber(ref rest, 2, out var number) && number > 0,
        34 => TryTakeNumber(ref rest, 2, out _),
        39 => TryTakeNumber(ref rest, 4, out var size) && size > 0,
        2 or 17 or 24 => TryTakeNumber(ref rest, 4, out _),
        11 => TryTakeVariable(ref rest, out var identifier) && identifier > 0,
        9 or 22 => TryTakeBinary(ref rest, out _),
        8 => TryTakeText(ref rest, out var topic) && !topic.IsEmpty && !topic.ContainsAny((byte)'#', (byte)'+'),
        UserProperty => TryTakeText(ref rest, out _) && TryTakeText(ref rest, out _),
        _ => TryTakeText(ref rest, out _),
    };

    private static bool TryTakeNumber(scoped ref ReadOnlySpan<byte> rest, int size, out uint value)
    {
        value = 0;
        if (rest.Length < size)
        {
            return false;
        }

        foreach (var digit in rest[..size])
        {
            value = value << 8 | digit;
        }

        rest = rest[size..];
        return true;
    }
}
