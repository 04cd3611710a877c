using System.Buffers;
using System.Text;
using System.Text.Unicode;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders;

/// <summary>What an address says: the device, and for a payload that is one value alone, the metric.</summary>
/// <remarks>
/// The default reading of an unknown MQTT topic, in one place for every decoder. Slashes at either end are dropped.
/// An address names nothing when it is empty, longer than <see cref="DeviceBytesMax"/>, no UTF-8, or holds control
/// characters or the wildcards <c>+</c> and <c>#</c>.
/// </remarks>
public static class TopicNames
{
    /// <summary>The longest device id, in bytes of UTF-8.</summary>
    public const int DeviceBytesMax = 256;

    /// <summary>The longest name of a metric, in bytes of UTF-8.</summary>
    public const int MetricBytesMax = 128;

    private static readonly string[] Endings = ["telemetry", "state", "status", "sensor", "sensors", "data", "up", "tele"];

    private static readonly SearchValues<byte> Forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (byte)i), 0x7F, (byte)'+', (byte)'#']);

    /// <summary>The device of a message with several values: the address without a last level such as <c>telemetry</c> or <c>state</c>.</summary>
    /// <returns>False when the address names no device: <see cref="RejectReason.InvalidTopic"/>.</returns>
    public static bool TryDevice(ReadOnlySpan<byte> address, out ReadOnlySpan<byte> device)
    {
        if (!TryTrim(address, out device))
        {
            return false;
        }

        var slash = device.LastIndexOf((byte)'/');
        if (slash > 0 && IsEnding(device[(slash + 1)..]))
        {
            device = device[..slash].TrimEnd((byte)'/');
        }

        return true;
    }

    /// <summary>Device and metric of a message that is one value: the last level is the metric, what stands before it the device.</summary>
    /// <remarks>An address of one level, such as a serial line's, is the device; its metric is <c>value</c>.</remarks>
    /// <returns>False when the address names no device: <see cref="RejectReason.InvalidTopic"/>.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> address, out ReadOnlySpan<byte> device, out ReadOnlySpan<byte> metric)
    {
        metric = "value"u8;
        if (!TryTrim(address, out device))
        {
            return false;
        }

        var slash = device.LastIndexOf((byte)'/');
        if (slash > 0)
        {
            metric = device[(slash + 1)..];
            device = device[..slash].TrimEnd((byte)'/');
        }

        return metric.Length <= MetricBytesMax;
    }

    /// <summary>Copies a part of a metric's name; <c>/</c> and control characters become <c>_</c>, an empty part too.</summary>
    /// <returns>How many bytes were written; -1 when it does not fit.</returns>
    internal static int Copy(ReadOnlySpan<byte> part, Span<byte> into)
    {
        if (part.Length > into.Length || into.IsEmpty)
        {
            return -1;
        }

        if (part.IsEmpty)
        {
            into[0] = (byte)'_';
            return 1;
        }

        for (var i = 0; i < part.Length; i++)
        {
            into[i] = Clean(part[i]);
        }

        return CleanC1(into[..part.Length]);
    }

    private static byte Clean(byte letter) => letter is < 0x20 or 0x7F or (byte)'/' ? (byte)'_' : letter;

    /// <summary>The control characters U+0080 to U+009F are two bytes in UTF-8: C2 80 to C2 9F.</summary>
    private static int CleanC1(Span<byte> name)
    {
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var isC1 = name[i] == 0xC2 && i + 1 < name.Length && name[i + 1] is >= 0x80 and <= 0x9F;
            name[length++] = isC1 ? (byte)'_' : name[i];
            i += isC1 ? 1 : 0;
        }

        return length;
    }

    private static bool TryTrim(ReadOnlySpan<byte> address, out ReadOnlySpan<byte> trimmed)
    {
        trimmed = address.Trim((byte)'/');
        return trimmed.Length is > 0 and <= DeviceBytesMax && !trimmed.ContainsAny(Forbidden) && Utf8.IsValid(trimmed);
    }

    private static bool IsEnding(ReadOnlySpan<byte> level)
    {
        foreach (var ending in Endings)
        {
            if (Ascii.EqualsIgnoreCase(level, ending))
            {
                return true;
            }
        }

        return false;
    }
}
