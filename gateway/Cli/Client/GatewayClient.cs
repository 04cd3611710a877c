using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IotEvents.Gateway.Api;

namespace IotEvents.Gateway.Cli.Client;

/// <summary>
/// Asks a running gateway over HTTP, for commands. One at a time; every failure is a <see cref="GatewayClientException"/>.
/// </summary>
internal sealed class GatewayClient : IDisposable
{
    /// <summary>The most bytes of an answer: 64 MB. What is larger is refused, so that no answer fills the memory.</summary>
    public const int AnswerBytesMax = 64_000_000;

    private const string ProblemType = "application/problem+json";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _base;

    /// <summary>A client of one gateway.</summary>
    /// <param name="url">The gateway's address, <c>http</c> or <c>https</c>; a path in it goes before every path asked for.</param>
    /// <param name="token">Sent as <c>Authorization: Bearer</c>; null for none.</param>
    public GatewayClient(Uri url, string? token)
    {
        _base = new Uri(url.AbsoluteUri.TrimEnd('/') + "/");
        // The gateway never sends elsewhere: a redirect is somebody else's, and must not be given the token.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback };
        _http = new HttpClient(handler) { Timeout = AnswerWithin, MaxResponseContentBufferSize = AnswerBytesMax };
        if (!string.IsNullOrEmpty(token))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>True when the gateway runs on this computer.</summary>
    public bool IsLocal => _base.IsLoopback;

    /// <summary>Reads something.</summary>
    /// <param name="path">Below the gateway's address, with its query: <c>api/status</c>. See <see cref="Query"/>.</param>
    /// <param name="type">How the answer is read.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop) =>
        Read(await SendAsync(HttpMethod.Get, path, null, stop), type);

    /// <summary>Reads something as it came: the bytes of a JSON text.</summary>
    public Task<byte[]> GetAsync(string path, CancellationToken stop) => SendAsync(HttpMethod.Get, path, null, stop);

    /// <summary>Sends something and reads the answer.</summary>
    public async Task<TAnswer> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken stop)
    {
        using var content = Content(JsonSerializer.SerializeToUtf8Bytes(body, bodyType), "application/json");
        return Read(await SendAsync(method, path, content, stop), answerType);
    }

    /// <summary>Sends something and gives the answer as it came; empty when there is none.</summary>
    /// <param name="method">What to do there.</param>
    /// <param name="path">Below the gateway's address, with its query.</param>
    /// <param name="content">What to send; null for nothing.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<byte[]> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, new Uri(_base, path.TrimStart('/'))) { Content = content };
        using var answer = await GuardAsync(() => _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, stop), stop);
        var bytes = await answer.Content.ReadAsByteArrayAsync(stop);
        return answer.IsSuccessStatusCode ? bytes : throw Failure(answer, bytes);
    }

    /// <summary>Opens a stream of events, which has no end of its own. Dispose it to close the connection.</summary>
    public Task<Stream> OpenAsync(string path, CancellationToken stop) =>
        OpenAsync(HttpMethod.Get, path, null, "text/event-stream", stop);

    /// <summary>Sends something and opens the answer as a stream, however long it takes. Dispose it to close the connection.</summary>
    /// <param name="method">What to do there.</param>
    /// <param name="path">Below the gateway's address, with its query.</param>
    /// <param name="content">What to send; null for nothing.</param>
    /// <param name="type">The type of answer that is wanted.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<Stream> OpenAsync(HttpMethod method, string path, HttpContent? content, string type, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, new Uri(_base, path.TrimStart('/'))) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        var answer = await GuardAsync(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop), stop);
        if (answer.IsSuccessStatusCode)
        {
            // The stream owns the connection and gives it back when it is disposed.
            return await answer.Content.ReadAsStreamAsync(stop);
        }

        using (answer)
        {
            throw Failure(answer, await GuardAsync(() => answer.Content.ReadAsByteArrayAsync(stop), stop));
        }
    }

    /// <summary>A path with a query; what has no value is left out.</summary>
    public static string Query(string path, params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var separator = '?';
        foreach (var (name, value) in parts)
        {
            if (value is not null)
            {
                path += $"{separator}{name}={Uri.EscapeDataString(value)}";
                separator = '&';
            }
        }

        return path;
    }

    /// <summary>A body of bytes.</summary>
    public static ByteArrayContent Content(byte[] bytes, string mediaType) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<T> GuardAsync<T>(Func<Task<T>> send, CancellationToken stop)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException problem) when (problem.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new GatewayClientException(
                $"The answer of {_base} is larger than {AnswerBytesMax / 1_000_000} MB", "ask for less at once", problem);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            throw new GatewayClientException(
                $"No gateway answers at {_base}: {problem.Message}",
                "start it with 'iotevents run', or give its address with --url", problem);
        }
        catch (OperationCanceledException problem) when (!stop.IsCancellationRequested)
        {
            throw new GatewayClientException(
                $"The gateway at {_base} did not answer within {AnswerWithin.TotalSeconds:0} s",
                "see its log and its load, then try again", problem);
        }
    }

    /// <summary>Reads an answer that came as bytes.</summary>
    public T Read<T>(byte[] bytes, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException problem)
        {
            throw new GatewayClientException(
                $"The answer of {_base} cannot be read: {problem.Message}",
                "use the iotevents of the gateway's version, and check the address given with --url", problem);
        }
    }

    private GatewayClientException Failure(HttpResponseMessage answer, byte[] body)
    {
        if (answer.Content.Headers.ContentType?.MediaType == ProblemType && Problem(body) is { } problem)
        {
            return new GatewayClientException(problem.Detail, problem.Mend)
            {
                Status = (int)answer.StatusCode,
                Reason = problem.Title,
                Answer = body,
            };
        }

        var (message, mend) = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => ("does not know who asks", "put a token into the environment variable IOTEVENTS_TOKEN"),
            HttpStatusCode.Forbidden => ("does not allow this", "use a token that may do it, in the environment variable IOTEVENTS_TOKEN"),
            _ => ($"answered with {(int)answer.StatusCode}, and not as a gateway does", "check the address given with --url"),
        };
        return new GatewayClientException($"{_base} {message}", mend) { Status = (int)answer.StatusCode };
    }

    private static ProblemView? Problem(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiJson.Default.ProblemView);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The gateway could not be asked, or refused.</summary>
/// <param name="message">What is wrong, one sentence.</param>
/// <param name="mend">What to do about it.</param>
/// <param name="cause">What it came from.</param>
internal sealed class GatewayClientException(string message, string mend, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What to do about it.</summary>
    public string Mend => mend;

    /// <summary>The HTTP status of the refusal; 0 when there was no answer.</summary>
    public int Status { get; init; }

    /// <summary>The short name of the reason, such as <c>not-found</c>; empty when the gateway gave none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The whole answer of the gateway, a JSON text; empty when it gave none.</summary>
    public byte[] Answer { get; init; } = [];
}
