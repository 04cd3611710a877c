using System.Buffers.Binary;
using System.Text;

namespace IotEvents.Devices.Settings.Zones;

/// <summary>Reads a zone's file in the format TZif, versions 1 to 4.</summary>
/// <remarks>Source of the format: RFC 9636. Files that count leap seconds (the folder <c>right</c>) are refused: our instants do not.</remarks>
internal static class ZoneFile
{
    /// <summary>The longest file that is read, in bytes; real ones have at most 4 KB.</summary>
    public const int BytesMax = 64 * 1024;

    private const int HeaderBytes = 44;
    private const int OffsetMax = 26 * 3600;

    /// <summary>The latest transition that is believed, in the year 6325; damaged files name others.</summary>
    private const long InstantMax = 1L << 37;

    /// <summary>The zone in a file.</summary>
    /// <param name="name">The zone's name.</param>
    /// <param name="file">The file's bytes.</param>
    /// <returns>Null when this is no such file, or a damaged one.</returns>
    public static ZoneRules? Parse(string name, ReadOnlySpan<byte> file)
    {
        if (!Header.TryRead(file, out var header))
        {
            return null;
        }

        var body = file[HeaderBytes..];
        if (header.Version == 0)
        {
            return header.BodyBytes(4) <= body.Length ? Read(name, header, body, 4, null) : null;
        }

        // The first body is for old readers; the second has 64-bit times, and the rule for later years behind it.
        if (header.BodyBytes(4) > body.Length || !Header.TryRead(body[(int)header.BodyBytes(4)..], out var wide))
        {
            return null;
        }

        body = body[((int)header.BodyBytes(4) + HeaderBytes)..];
        if (wide.BodyBytes(8) > body.Length)
        {
            return null;
        }

        var footer = body[(int)wide.BodyBytes(8)..];
        if (footer.Length < 2 || footer[0] != '\n' || footer[^1] != '\n')
        {
            return null;
        }

        var rule = Encoding.ASCII.GetString(footer[1..^1]);
        var tail = rule.Length == 0 ? null : PosixZoneParser.Parse(rule);
        return rule.Length > 0 && tail is null ? null : Read(name, wide, body, 8, tail);
    }

    private static ZoneRules? Read(string name, Header header, ReadOnlySpan<byte> body, int timeBytes, PosixZone? tail)
    {
        if (header.LeapSeconds > 0 || header.Types == 0)
        {
            return null;
        }

        var times = body[..(header.Times * timeBytes)];
        var indexes = body.Slice(times.Length, header.Times);
        var types = body[(times.Length + indexes.Length)..];
        var shifts = new List<long>();
        var offsets = new List<int> { OffsetOf(types, 0) };
        var last = long.MinValue;
        for (var i = 0; i < header.Times; i++)
        {
            var at = timeBytes == 8
                ? BinaryPrimitives.ReadInt64BigEndian(times[(i * 8)..])
                : BinaryPrimitives.ReadInt32BigEndian(times[(i * 4)..]);
            if (indexes[i] >= header.Types || at > InstantMax || (i > 0 && at <= last))
            {
                return null;
            }

            last = at;
            var offset = OffsetOf(types, indexes[i]);
            if (offset != offsets[^1])
            {
                // Where only the name or the daylight flag changes, no clock is touched.
                shifts.Add(at);
                offsets.Add(offset);
            }
        }

        return offsets.TrueForAll(offset => offset is >= -OffsetMax and <= OffsetMax)
            ? new ZoneRules(name, [.. shifts], [.. offsets], last, tail)
            : null;
    }

    private static int OffsetOf(ReadOnlySpan<byte> types, int index)
    {
        const int typeBytes = 6;
        return BinaryPrimitives.ReadInt32BigEndian(types[(index * typeBytes)..]);
    }

    private readonly record struct Header(int Version, int Times, int Types, int LeapSeconds, int Others, int NameBytes)
    {
        /// <summary>How long what follows is, with times of 4 or 8 bytes.</summary>
        public long BodyBytes(int timeBytes) =>
            ((long)Times * (timeBytes + 1)) + (Types * 6L) + NameBytes + (LeapSeconds * (timeBytes + 4L)) + Others;

        public static bool TryRead(ReadOnlySpan<byte> file, out Header header)
        {
            header = default;
            if (file.Length < HeaderBytes || !file.StartsWith("TZif"u8))
            {
                return false;
            }

            Span<int> counts = stackalloc int[6];
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = BinaryPrimitives.ReadInt32BigEndian(file[(20 + (i * 4))..]);
                if (counts[i] is < 0 or > BytesMax)
                {
                    return false;
                }
            }

            header = new Header(file[4], counts[3], counts[4], counts[2], counts[0] + counts[1], counts[5]);
            return true;
        }
    }
}
