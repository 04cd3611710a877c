using System.Text;
using System.Text.Json;
using IotEvents.Gateway.Api.CloudEvents;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Pipeline;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary>Reads rule files out of a request: JSON of several, or the YAML text of one.</summary>
internal static class PostedFiles
{
    /// <summary>Most files of one request.</summary>
    public const int FilesMax = 1_000;

    /// <summary>The name that errors show when the body is a text.</summary>
    public const string TextName = "rules.yaml";

    private const int NameMax = 1_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the body, which the server holds to the limit <c>http.body</c>.</summary>
    /// <returns>The files, or what is wrong with the request.</returns>
    public static async Task<(IReadOnlyList<RuleFile> Files, Problem? Problem)> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, stop);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        try
        {
            return CloudEventText.IsJson(request.ContentType ?? "")
                ? Read(JsonSerializer.Deserialize(bytes.Span, ApiJson.Default.RuleFilesView))
                : ([new RuleFile(TextName, Strict.GetString(bytes.Span).TrimStart('\uFEFF'))], null);
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException)
        {
            return ([], Problem.Invalid(
                "The body is neither rule files as JSON nor a YAML text in UTF-8.",
                "Send {\"files\": [{\"name\": \"rules/a.yaml\", \"text\": \"rules: …\"}]} as application/json, or the text of one file."));
        }
    }

    private static (IReadOnlyList<RuleFile> Files, Problem? Problem) Read(RuleFilesView? sent)
    {
        if (sent?.Files is not { Count: > 0 and <= FilesMax } files || files.Any(file => file?.Name is null || file.Text is null))
        {
            return ([], Problem.Invalid(
                $"The body must hold 1 to {FilesMax} files, each with 'name' and 'text'.",
                "Send {\"files\": [{\"name\": \"rules/a.yaml\", \"text\": \"rules: …\"}]}."));
        }

        if (files.FirstOrDefault(file => file!.Name!.Length is 0 or > NameMax || file.Name.Any(char.IsControl)) is not null
            || files.DistinctBy(file => file!.Name).Count() < files.Count)
        {
            return ([], Problem.Invalid($"Each file needs a name of its own of 1 to {NameMax} characters.", "Name the files as they stand in the folder."));
        }

        return ([.. files.Select(file => new RuleFile(file!.Name!, file.Text!))], null);
    }
}
