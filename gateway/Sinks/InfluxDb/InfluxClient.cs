using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Sinks.InfluxDb;

/// <summary>Speaks the write API of InfluxDB 1, 2 and 3.</summary>
internal sealed partial class InfluxClient : IDisposable
{
    private const int AnswerBytesMax = 16 * 1024;

    private readonly InfluxOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly Uri _write;

    public InfluxClient(InfluxOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _write = new Uri(options.Url, $"{options.Url.AbsolutePath.TrimEnd('/')}/{WritePath(options)}");
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (!options.TlsVerify)
        {
            AcceptAnyCertificate(handler);
        }

        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = Authorization(options);
    }

    /// <summary>Writes lines, compressed, in one request.</summary>
    public async Task<WriteResult> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        using var content = new ByteArrayContent(Compress(lines.Span));
        content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        return await SendAsync(_write, content, stop);
    }

    /// <summary>Creates the configured database; 1 only.</summary>
    public async Task<WriteResult> CreateDatabaseAsync(CancellationToken stop)
    {
        var name = _options.Database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        using var content = new FormUrlEncodedContent([new("q", $"CREATE DATABASE \"{name}\"")]);
        var path = $"{_options.Url.AbsolutePath.TrimEnd('/')}/query";
        return await SendAsync(new Uri(_options.Url, path), content, stop);
    }

    public void Dispose() => _http.Dispose();

    private static string WritePath(InfluxOptions options) => options.Version == 1
        ? $"write?db={Uri.EscapeDataString(options.Database)}&precision=ns"
        : $"api/v2/write?org={Uri.EscapeDataString(options.Organization)}&bucket={Uri.EscapeDataString(options.Bucket)}&precision=ns";

    private static AuthenticationHeaderValue? Authorization(InfluxOptions options)
    {
        if (options.Version > 1)
        {
            return options.Token is null ? null : new AuthenticationHeaderValue("Token", options.Token);
        }

        return options.Username is null ? null : new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{options.Password}")));
    }

    [SuppressMessage("Security", "CA5359", Justification = "tls_verify: false was asked for, for this server alone.")]
    private static void AcceptAnyCertificate(SocketsHttpHandler handler) =>
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;

    private static byte[] Compress(ReadOnlySpan<byte> lines)
    {
        using var compressed = new MemoryStream(lines.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(lines);
        }

        return compressed.ToArray();
    }

    private async Task<WriteResult> SendAsync(Uri address, HttpContent content, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(response, await ReadAnswerAsync(response, either.Token));
        }
        catch (HttpRequestException error)
        {
            return new WriteResult(WriteVerdict.Outage, $"no answer: {error.HttpRequestError}");
        }
        catch (IOException)
        {
            return new WriteResult(WriteVerdict.Outage, "the answer broke off");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new WriteResult(WriteVerdict.Outage, $"no answer within {SettingsValues.Format(_options.Timeout)}");
        }
    }

    private static async Task<string> ReadAnswerAsync(HttpResponseMessage response, CancellationToken stop)
    {
        if (response.IsSuccessStatusCode)
        {
            return "";
        }

        var buffer = new byte[AnswerBytesMax];
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    // Whatever is not plainly the lines' fault is an outage: waiting can be mended, dropping cannot.
    private WriteResult Judge(HttpResponseMessage response, string answer)
    {
        if (response.IsSuccessStatusCode)
        {
            return WriteResult.Written;
        }

        var problem = $"answer {(int)response.StatusCode}: {ForeignText.OneLine(answer.Trim())}";
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound when _options.Version == 1 && answer.Contains("database not found", StringComparison.Ordinal) =>
                new WriteResult(WriteVerdict.NoDatabase, problem),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity =>
                new WriteResult(WriteVerdict.Poison, problem, Dropped: Dropped(answer)),
            _ => new WriteResult(WriteVerdict.Outage, problem, RetryAfter.Of(response, _clock)),
        };
    }

    // InfluxDB 1: {"error":"partial write: … dropped=3"}: what is not dropped is written.
    private static int? Dropped(string answer) =>
        answer.Contains("partial write", StringComparison.Ordinal)
        && DroppedCount().Match(answer) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, out var count)
            ? count
            : null;

    [GeneratedRegex(@"dropped=(\d+)\b", RegexOptions.RightToLeft)]
    private static partial Regex DroppedCount();
}
