using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace IotEvents.Gateway.Sinks.InfluxDb;

/// <summary>Writes the parts of InfluxDB's line protocol.</summary>
/// <remarks>
/// What the protocol cannot carry becomes <c>_</c>: control characters in names and tags (a line end would start another
/// line), a backslash at the end of one (it would swallow the separator), and <c>#</c> at the start of a measurement (the
/// whole line would be a comment, and silently dropped).
/// </remarks>
internal static class LineProtocol
{
    private const byte Backslash = (byte)'\\';

    /// <summary>A measurement's name; commas and spaces escaped.</summary>
    public static void Measurement(IBufferWriter<byte> line, string name)
    {
        if (name.StartsWith('#'))
        {
            name = "_" + name[1..];
        }

        Escaped(line, name, ", "u8);
    }

    /// <summary>A tag with its leading comma; nothing when the value is empty, which the protocol does not allow.</summary>
    public static void Tag(IBufferWriter<byte> line, string key, string value)
    {
        if (value.Length == 0 || key.Length == 0)
        {
            return;
        }

        line.Write(","u8);
        Escaped(line, key, ",= "u8);
        line.Write("="u8);
        Escaped(line, value, ",= "u8);
    }

    /// <summary>A field's key with its equals sign.</summary>
    public static void FieldKey(IBufferWriter<byte> line, string key)
    {
        Escaped(line, key, ",= "u8);
        line.Write("="u8);
    }

    /// <summary>A finite number, in the fewest digits that give the same number again.</summary>
    public static void Float(IBufferWriter<byte> line, double value)
    {
        value.TryFormat(line.GetSpan(32), out var length, "g", System.Globalization.CultureInfo.InvariantCulture);
        line.Advance(length);
    }

    /// <summary>A text in quotes; quotes, backslashes and line ends escaped.</summary>
    public static void String(IBufferWriter<byte> line, string value)
    {
        line.Write("\""u8);
        foreach (var unit in Encoding.UTF8.GetBytes(value))
        {
            switch (unit)
            {
                case (byte)'"' or Backslash:
                    line.Write([Backslash, unit]);
                    break;
                case (byte)'\n':
                    line.Write("\\n"u8);
                    break;
                default:
                    line.Write([unit]);
                    break;
            }
        }

        line.Write("\""u8);
    }

    /// <summary>The time with its leading space, in nanoseconds since the Unix epoch, and the line's end.</summary>
    public static void End(IBufferWriter<byte> line, long nanoseconds)
    {
        line.Write(" "u8);
        Utf8Formatter.TryFormat(nanoseconds, line.GetSpan(20), out var length);
        line.Advance(length);
        line.Write("\n"u8);
    }

    private static void Escaped(IBufferWriter<byte> line, string name, ReadOnlySpan<byte> special)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        for (var i = 0; i < bytes.Length; i++)
        {
            var unit = bytes[i];
            if (unit is < 0x20 or 0x7f || (unit == Backslash && i == bytes.Length - 1))
            {
                line.Write("_"u8);
                continue;
            }

            if (special.Contains(unit))
            {
                line.Write([Backslash]);
            }

            line.Write([unit]);
        }
    }
}
