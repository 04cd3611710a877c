using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.CloudEvents;

/// <summary>The attributes of an event on its way in: checks each one, then makes the event of them.</summary>
internal sealed class CloudEventParts
{
    /// <summary>The key in <see cref="EventRecord.Extensions"/> under which binary data is kept; no attribute can be called so.</summary>
    public const string DataBase64 = "data_base64";

    private const int ExtensionsMax = 64;
    private const string ReservedPrefix = "iotevents.";

    private readonly Dictionary<string, string> _extensions = new(StringComparer.Ordinal);
    private string? _id;
    private string? _source;
    private string? _subject;
    private string? _type;
    private Timestamp _time = Timestamp.None;
    private bool _versioned;

    /// <summary>The payload as JSON; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Data { get; set; }

    /// <summary>The payload's media type; null when not given, which means JSON.</summary>
    public string? MediaType => _extensions.GetValueOrDefault("datacontenttype");

    /// <summary>Keeps data that is neither JSON nor text.</summary>
    public void SetBinary(string base64) => _extensions[DataBase64] = base64;

    /// <summary>Takes one attribute.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Set(string name, string value)
    {
        if (value.Length > CloudEventText.AttributeCharactersMax || !CloudEventText.IsString(value))
        {
            return $"'{name}' is longer than {CloudEventText.AttributeCharactersMax} characters or holds characters that no text has.";
        }

        return name switch
        {
            "specversion" => (_versioned = value == "1.0") ? null : "'specversion' is not 1.0.",
            "id" => NotEmpty(name, _id = value),
            "type" => CheckType(_type = value),
            "source" => CloudEventText.IsReference(_source = value) ? null : "'source' is not a URI reference.",
            "subject" => NotEmpty(name, _subject = value),
            "time" => CloudEventText.TryParseTime(value, out _time) ? null : "'time' is not an RFC 3339 time between 1677 and 2262.",
            "datacontenttype" => CloudEventText.IsMediaType(value) ? Keep(name, value) : "'datacontenttype' is not a media type.",
            "dataschema" => CloudEventText.IsUri(value) ? Keep(name, value) : "'dataschema' is not an absolute URI.",
            // The gateway says itself when it recorded something.
            "recordedtime" => null,
            "data" or DataBase64 => $"'{name}' cannot be an attribute.",
            _ => CloudEventText.IsName(name) ? Keep(name, value) : $"'{name}' is not a name of lower case letters and digits.",
        };
    }

    /// <summary>Makes the event.</summary>
    /// <param name="now">When it is recorded; its time too when it brought none.</param>
    /// <param name="record">The event; null when something is missing.</param>
    /// <returns>What is missing; null when nothing is.</returns>
    public string? TryCreate(Timestamp now, [NotNullWhen(true)] out EventRecord? record)
    {
        record = null;
        var missing = !_versioned ? "specversion" : _id is null ? "id" : _type is null ? "type" : _source is null ? "source" : null;
        if (missing is not null)
        {
            return $"'{missing}' is missing.";
        }

        record = new EventRecord
        {
            Id = _id!,
            Type = _type!,
            Source = _source!,
            Subject = _subject,
            Time = _time.HasValue ? _time : now,
            RecordedAt = now,
            Data = Data,
            Extensions = _extensions.Count > 0 ? _extensions : null,
        };
        return null;
    }

    private static string? NotEmpty(string name, string value) => value.Length > 0 ? null : $"'{name}' is empty.";

    private static string? CheckType(string type) =>
        type.StartsWith(ReservedPrefix, StringComparison.Ordinal)
            ? $"Types that begin with '{ReservedPrefix}' are the gateway's own." : NotEmpty("type", type);

    private string? Keep(string name, string value)
    {
        _extensions[name] = value;
        return _extensions.Count > ExtensionsMax ? $"There are more than {ExtensionsMax} extension attributes." : null;
    }
}
