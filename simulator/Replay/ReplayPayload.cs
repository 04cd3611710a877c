using System.Buffers;
using System.Text.Json;
using IotEvents.Simulator.Recordings;

namespace IotEvents.Simulator.Replay;

/// <summary>Writes a row as JSON: <c>{"ts":1372896000000,"value":69.88}</c>. One thread.</summary>
internal sealed class ReplayPayload(IReadOnlyList<string> names, bool rfc3339)
{
    private readonly JsonEncodedText[] _names = [.. names.Select(name => JsonEncodedText.Encode(name))];
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The bytes; null when no value of the row is there.</summary>
    public byte[]? Write(RecordedRow row)
    {
        if (row.Values.All(double.IsNaN))
        {
            return null;
        }

        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        if (rfc3339)
        {
            json.WriteString("ts", row.Time.ToString());
        }
        else
        {
            json.WriteNumber("ts", row.Time.UnixMilliseconds);
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (!double.IsNaN(row.Values[i]))
            {
                json.WriteNumber(_names[i], row.Values[i]);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }
}
