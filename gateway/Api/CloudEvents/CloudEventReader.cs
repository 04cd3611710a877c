using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.CloudEvents;

/// <summary>Reads CloudEvents 1.0 as they come over HTTP: structured, as a batch, or with their attributes in headers.</summary>
/// <remarks>Either every event of a request is good or none is taken. Pure; safe from any thread.</remarks>
public static class CloudEventReader
{
    /// <summary>Most events in one batch.</summary>
    public const int EventsMax = 1000;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the JSON format: one event, or a batch.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="batch">True for <c>application/cloudevents-batch+json</c>.</param>
    /// <param name="now">When they are recorded.</param>
    /// <param name="into">Gets the events; left as it was when something is wrong.</param>
    /// <returns>What is wrong, one sentence; null when nothing is.</returns>
    public static string? ReadJson(ReadOnlyMemory<byte> body, bool batch, Timestamp now, List<EventRecord> into)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return batch ? ReadBatch(document.RootElement, now, into) : ReadOne(document.RootElement, now, into);
        }
        catch (JsonException error)
        {
            return $"The body is not JSON: {error.Message}";
        }
        catch (InvalidOperationException)
        {
            // How the JSON reader says that an escape stands for half a character.
            return "A text in the body is not Unicode.";
        }
    }

    /// <summary>Reads the binary mode: attributes in <c>ce-</c> headers, the payload in the body.</summary>
    /// <param name="headers">Every header of the request.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="now">When it is recorded.</param>
    /// <param name="into">Gets the event; left as it was when something is wrong.</param>
    /// <returns>What is wrong, one sentence; null when nothing is.</returns>
    public static string? ReadBinary(
        IEnumerable<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body, Timestamp now, List<EventRecord> into)
    {
        var parts = new CloudEventParts();
        foreach (var (header, value) in headers)
        {
            var problem = header.StartsWith("ce-", StringComparison.OrdinalIgnoreCase)
                ? parts.Set(header[3..].ToLowerInvariant(), Uri.UnescapeDataString(value))
                : header.Equals("content-type", StringComparison.OrdinalIgnoreCase) && value.Length > 0
                    ? parts.Set("datacontenttype", value) : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        return SetBody(parts, body) ?? Add(parts, now, into);
    }

    private static string? ReadBatch(JsonElement root, Timestamp now, List<EventRecord> into)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            return "The body is not a list of events.";
        }

        if (root.GetArrayLength() > EventsMax)
        {
            return $"There are more than {EventsMax} events in one batch.";
        }

        var events = new List<EventRecord>(root.GetArrayLength());
        foreach (var item in root.EnumerateArray())
        {
            if (ReadOne(item, now, events) is { } problem)
            {
                return string.Create(CultureInfo.InvariantCulture, $"Event {events.Count + 1}: {problem}");
            }
        }

        into.AddRange(events);
        return null;
    }

    private static string? ReadOne(JsonElement item, Timestamp now, List<EventRecord> into)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return "The event is not a JSON object.";
        }

        var parts = new CloudEventParts();
        foreach (var member in item.EnumerateObject())
        {
            if (ReadMember(parts, member) is { } problem)
            {
                return problem;
            }
        }

        return SetData(parts, item) ?? Add(parts, now, into);
    }

    private static string? ReadMember(CloudEventParts parts, JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null || member.Name is "data" or CloudEventParts.DataBase64)
        {
            return null;
        }

        var core = member.Name is "specversion" or "id" or "type" or "source" or "subject" or "time" or "datacontenttype" or "dataschema";
        return member.Value.ValueKind switch
        {
            JsonValueKind.String => parts.Set(member.Name, member.Value.GetString()!),
            JsonValueKind.True or JsonValueKind.False when !core => parts.Set(member.Name, member.Value.GetRawText()),
            JsonValueKind.Number when !core && member.Value.TryGetInt32(out _) => parts.Set(member.Name, member.Value.GetRawText()),
            _ => core ? $"'{member.Name}' is not a text." : $"'{member.Name}' is neither a text, a whole number of 32 bits, nor true or false.",
        };
    }

    private static string? SetData(CloudEventParts parts, JsonElement item)
    {
        var plain = item.TryGetProperty("data", out var data);
        var encoded = item.TryGetProperty(CloudEventParts.DataBase64, out var base64) && base64.ValueKind != JsonValueKind.Null;
        if (plain && encoded && data.ValueKind != JsonValueKind.Null)
        {
            return "There is both 'data' and 'data_base64'.";
        }

        if (encoded)
        {
            if (base64.ValueKind != JsonValueKind.String || !base64.TryGetBytesFromBase64(out _))
            {
                return "'data_base64' is not Base64.";
            }

            parts.SetBinary(base64.GetString()!);
        }
        else if (plain)
        {
            parts.Data = Encoding.UTF8.GetBytes(data.GetRawText());
        }

        return null;
    }

    private static string? SetBody(CloudEventParts parts, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        if (CloudEventText.IsJson(parts.MediaType))
        {
            try
            {
                using var document = JsonDocument.Parse(body, Strict);
                parts.Data = body.ToArray();
                return null;
            }
            catch (JsonException error)
            {
                return $"The body is not the JSON its content type says: {error.Message}";
            }
        }

        if (parts.MediaType!.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && TryText(body) is { } text)
        {
            parts.Data = text;
            return null;
        }

        parts.SetBinary(Convert.ToBase64String(body.Span));
        return null;
    }

    /// <summary>The text as a JSON string; null when the bytes are not UTF-8.</summary>
    private static byte[]? TryText(ReadOnlyMemory<byte> body)
    {
        try
        {
            var output = new ArrayBufferWriter<byte>(body.Length + 2);
            using (var json = new Utf8JsonWriter(output))
            {
                json.WriteStringValue(StrictUtf8.GetString(body.Span));
            }

            return output.WrittenSpan.ToArray();
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? Add(CloudEventParts parts, Timestamp now, List<EventRecord> into)
    {
        if (parts.TryCreate(now, out var record) is { } missing)
        {
            return missing;
        }

        into.Add(record!);
        return null;
    }
}
