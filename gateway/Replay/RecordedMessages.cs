using System.Text;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Normalize;

namespace IotEvents.Gateway.Replay;

/// <summary>Messages written down as lines of JSON, decoded and normalized as the gateway does it with live ones.</summary>
/// <remarks>
/// A line is <c>{"time":"2026-01-01T00:00:00Z","device":"tank-1","transport":"mqtt","address":"tank-1/telemetry","payload":"…"}</c>
/// with <c>payload_base64</c> for bytes that are no UTF-8; <c>device</c> and <c>transport</c> may be left out, other keys are
/// left alone. Lines stand in the order in which the messages came; a message held back on its way came when the latest
/// before it did, whatever its own time. One thread.
/// </remarks>
public sealed class RecordedMessages
{
    private const string Mend = "write messages as 'iotevents-simulator run … --virtual' does";

    private readonly Inbox _inbox;
    private readonly SeriesCatalog _catalog;
    private readonly Normalizer _normalizer;
    private readonly Dictionary<string, string> _deviceIds = new(StringComparer.Ordinal);
    private LineReader? _lines;
    private byte[] _address = new byte[256];
    private byte[] _payload = new byte[1024];
    private int _seriesSeen;

    /// <summary>Prepares reading.</summary>
    /// <param name="decoders">Chooses how a payload is read.</param>
    /// <param name="catalog">Gets the series.</param>
    /// <param name="normalizer">Puts units, times and repeats right.</param>
    public RecordedMessages(DecoderMap decoders, SeriesCatalog catalog, Normalizer normalizer)
    {
        _inbox = new Inbox(decoders, catalog, new IngestCounters(), new InboxOptions());
        _catalog = catalog;
        _normalizer = normalizer;
        _seriesSeen = catalog.Count;
    }

    /// <summary>What came in and what of it could not be used, by reason.</summary>
    public IngestCounters Counters => _inbox.Counters;

    /// <summary>How many messages were read.</summary>
    public long Messages { get; private set; }

    /// <summary>Bytes read from the stream.</summary>
    public long BytesRead => _lines?.BytesRead ?? 0;

    /// <summary>When the first message came; none before it.</summary>
    public Timestamp First { get; private set; } = Timestamp.None;

    /// <summary>When the last message came; none before the first.</summary>
    public Timestamp Last { get; private set; } = Timestamp.None;

    /// <summary>The gateway's id of a device by the name under which the lines and the truth know it.</summary>
    public IReadOnlyDictionary<string, string> DeviceIds => _deviceIds;

    /// <summary>Reads to the end of a stream.</summary>
    /// <param name="input">The lines; not closed.</param>
    /// <returns>The readings in the order in which they came. To be enumerated once.</returns>
    /// <exception cref="RecordedLineException">A line is no message.</exception>
    public IEnumerable<Reading> Read(Stream input)
    {
        _lines = new LineReader(input);
        var readings = new List<Reading>();
        while (_lines.MoveNext())
        {
            if (_lines.Line.IsEmpty)
            {
                continue;
            }

            readings.Clear();
            Take(_lines.Line.Span, readings);
            for (var i = 0; i < readings.Count; i++)
            {
                yield return readings[i];
            }
        }
    }

    private void Take(ReadOnlySpan<byte> line, List<Reading> readings)
    {
        var fields = Parse(line);
        Messages++;
        First = First.HasValue ? First : fields.Time;
        Last = fields.Time > Last ? fields.Time : Last;
        var message = new Message
        {
            Address = _address.AsSpan(0, fields.AddressLength),
            Payload = _payload.AsSpan(0, fields.PayloadLength),
            ReceivedAt = Last,
            Adapter = fields.Adapter,
        };
        if (_inbox.Post(message) != PostOutcome.Accepted)
        {
            return;
        }

        foreach (ref readonly var raw in _inbox.Take().Readings)
        {
            if (_normalizer.TryNormalize(raw, out var reading))
            {
                readings.Add(reading);
            }
        }

        for (; _seriesSeen < _catalog.Count; _seriesSeen++)
        {
            if (!fields.Device.IsEmpty)
            {
                _deviceIds.TryAdd(Encoding.UTF8.GetString(fields.Device), _catalog[_seriesSeen].Device);
            }
        }
    }

    private Fields Parse(ReadOnlySpan<byte> line)
    {
        var fields = new Fields { Time = Timestamp.None, AddressLength = -1, PayloadLength = -1, Adapter = "mqtt" };
        try
        {
            var json = new Utf8JsonReader(line);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                ReadField(ref json, ref fields);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new RecordedLineException(_lines!.Number, "is no message in JSON", Mend);
        }

        return fields is { Time.HasValue: true, AddressLength: >= 0, PayloadLength: >= 0 }
            ? fields
            : throw new RecordedLineException(_lines!.Number, "lacks a time, an address or a payload", Mend);
    }

    private void ReadField(ref Utf8JsonReader json, ref Fields fields)
    {
        if (json.ValueTextEquals("time"u8))
        {
            json.Read();
            fields.Time = Timestamp.From(json.GetDateTimeOffset());
        }
        else if (json.ValueTextEquals("address"u8))
        {
            json.Read();
            fields.AddressLength = Copy(json, ref _address);
        }
        else if (json.ValueTextEquals("payload"u8))
        {
            json.Read();
            fields.PayloadLength = Copy(json, ref _payload);
        }
        else if (json.ValueTextEquals("payload_base64"u8))
        {
            json.Read();
            var bytes = json.GetBytesFromBase64();
            fields.PayloadLength = bytes.Length;
            _payload = bytes.Length > _payload.Length ? new byte[bytes.Length] : _payload;
            bytes.CopyTo(_payload, 0);
        }
        else if (json.ValueTextEquals("device"u8))
        {
            json.Read();
            fields.Device = json.TokenType == JsonTokenType.String && !json.ValueIsEscaped ? json.ValueSpan : default;
        }
        else if (json.ValueTextEquals("transport"u8))
        {
            json.Read();
            fields.Adapter = json.ValueTextEquals("serial"u8) ? "serial" : "mqtt";
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    private static int Copy(in Utf8JsonReader json, ref byte[] into)
    {
        if (json.ValueSpan.Length > into.Length)
        {
            into = new byte[json.ValueSpan.Length * 2];
        }

        return json.CopyString(into);
    }

    private ref struct Fields
    {
        public Timestamp Time;
        public int AddressLength;
        public int PayloadLength;
        public string Adapter;
        public ReadOnlySpan<byte> Device;
    }
}
