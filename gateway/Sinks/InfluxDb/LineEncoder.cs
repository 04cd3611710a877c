using System.Buffers;
using System.Text.Json;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Sinks.InfluxDb;

/// <summary>Turns readings and alert events into lines: a metric is a measurement with the field <c>value</c>.</summary>
internal sealed class LineEncoder(SeriesCatalog catalog, IDeviceDirectory devices)
{
    // InfluxDB keeps these for itself, or the gateway does; a label of that name is left out.
    private static readonly string[] ReservedTags = ["device", "time", "_field", "_measurement"];

    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Dictionary<int, (DeviceDescription Device, byte[] Head)> _heads = [];

    /// <summary>The line that was encoded last, with its line end.</summary>
    public ReadOnlySpan<byte> Line => _line.WrittenSpan;

    /// <summary>Encodes a reading into <see cref="Line"/>.</summary>
    public void Encode(in Reading reading)
    {
        _line.ResetWrittenCount();
        _line.Write(Head(catalog[reading.Series]));
        LineProtocol.Float(_line, reading.Value);
        LineProtocol.End(_line, reading.Time.Nanoseconds);
    }

    /// <summary>Encodes an alert's raise or end into <see cref="Line"/>; false for every other event.</summary>
    public bool TryEncode(EventRecord record)
    {
        if (record.Type is not (EventTypes.ThresholdRaised or EventTypes.ThresholdEnded))
        {
            return false;
        }

        using var json = JsonDocument.Parse(record.Data);
        var data = json.RootElement;
        _line.ResetWrittenCount();
        LineProtocol.Measurement(_line, "alerts");
        LineProtocol.Tag(_line, "device", Text(data, "device"));
        LineProtocol.Tag(_line, "kind", record.Type == EventTypes.ThresholdRaised ? "raised" : "ended");
        LineProtocol.Tag(_line, "metric", Text(data, "metric"));
        LineProtocol.Tag(_line, "rule", Text(data, "rule"));
        LineProtocol.Tag(_line, "severity", Text(data, "severity"));
        _line.Write(" "u8);
        Field("reason", Text(data, "reason"));
        _line.Write(","u8);
        Field("summary", Text(data, "summary"));
        if (data.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Number)
        {
            _line.Write(","u8);
            LineProtocol.FieldKey(_line, "value");
            LineProtocol.Float(_line, value.GetDouble());
        }

        LineProtocol.End(_line, record.Time.Nanoseconds);
        return true;
    }

    private static string Text(JsonElement data, string member) =>
        data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private void Field(string key, string value)
    {
        LineProtocol.FieldKey(_line, key);
        LineProtocol.String(_line, value);
    }

    // Everything before the number is the same for a series until the settings describe its device anew.
    private byte[] Head(Series series)
    {
        var device = devices.Find(series.Device);
        if (_heads.TryGetValue(series.Id, out var known) && ReferenceEquals(known.Device, device))
        {
            return known.Head;
        }

        var head = new ArrayBufferWriter<byte>(128);
        LineProtocol.Measurement(head, series.Metric);
        foreach (var (key, value) in Tags(series, device))
        {
            LineProtocol.Tag(head, key, value);
        }

        head.Write(" "u8);
        LineProtocol.FieldKey(head, "value");
        var bytes = head.WrittenSpan.ToArray();
        _heads[series.Id] = (device, bytes);
        return bytes;
    }

    // InfluxDB asks for tags in the order of their keys: it then need not sort them.
    private static IEnumerable<KeyValuePair<string, string>> Tags(Series series, DeviceDescription device) =>
        device.Labels.Where(label => !ReservedTags.Contains(label.Key))
            .Append(new("device", series.Device))
            .OrderBy(tag => tag.Key, StringComparer.Ordinal);
}
