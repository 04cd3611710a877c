using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Which topic names and filters clients may use.</summary>
/// <remarks>
/// Stricter than MQTT asks (5.0 §4.7): a topic becomes a device's id, a file's line and a log's word, so nothing that could
/// break those gets in. Checked on the bytes as they came, before any decoder could have replaced them.
/// </remarks>
internal static class TopicRules
{
    /// <summary>The longest topic or filter, in bytes.</summary>
    public const int BytesMax = 256;

    /// <summary>The most levels of a topic or filter.</summary>
    public const int LevelsMax = 16;

    private static readonly SearchValues<byte> NotInNames = SearchValues.Create([.. Controls(), (byte)'#', (byte)'+']);
    private static readonly SearchValues<byte> NotInFilters = SearchValues.Create([.. Controls()]);

    /// <summary>
    /// True for 1 to <see cref="BytesMax"/> bytes of UTF-8 without control characters and wildcards, of at most
    /// <see cref="LevelsMax"/> levels, that does not begin with <c>$</c>.
    /// </summary>
    public static bool IsName(ReadOnlySpan<byte> topic) =>
        !topic.IsEmpty && topic[0] != (byte)'$' && IsShort(topic) && !topic.ContainsAny(NotInNames) && IsText(topic);

    /// <summary>True when the wildcards stand where they may and the filter is text. Says nothing about its size.</summary>
    public static bool IsFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty || filter.ContainsAny(NotInFilters) || !IsText(filter))
        {
            return false;
        }

        foreach (var range in filter.Split((byte)'/'))
        {
            var level = filter[range];
            if (level.Length > 1 && level.ContainsAny((byte)'+', (byte)'#'))
            {
                return false;
            }

            if (level.SequenceEqual("#"u8) && range.End.GetOffset(filter.Length) != filter.Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True within the limits of bytes and levels.</summary>
    public static bool IsShort(ReadOnlySpan<byte> topic) =>
        topic.Length <= BytesMax && topic.Count((byte)'/') < LevelsMax;

    /// <summary>True for UTF-8 without C0, DEL and C1 control characters.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.ContainsAny(NotInFilters))
        {
            return false;
        }

        if (Ascii.IsValid(bytes))
        {
            return true;
        }

        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        // U+0080 to U+009F are C2 80 to C2 9F; C2 is never a continuation byte.
        for (var at = bytes.IndexOf((byte)0xC2); at >= 0;)
        {
            if (bytes[at + 1] < 0xA0)
            {
                return false;
            }

            var next = bytes[(at + 2)..].IndexOf((byte)0xC2);
            at = next < 0 ? -1 : at + 2 + next;
        }

        return true;
    }

    private static IEnumerable<byte> Controls() => Enumerable.Range(0, 0x20).Append(0x7F).Select(code => (byte)code);
}
