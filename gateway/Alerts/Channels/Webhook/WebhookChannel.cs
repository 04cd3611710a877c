using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts.Channels.Webhook;

/// <summary>Posts each notification as JSON to an address. No redirects, no proxy, no private addresses unless allowed.</summary>
public sealed class WebhookChannel : IAlertChannel, IDisposable
{
    /// <summary>So much of an answer is read, in bytes; the rest is not waited for.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    private readonly WebhookOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _client;

    /// <summary>A channel; connects to nothing before the first attempt.</summary>
    public WebhookChannel(string name, WebhookOptions options, TimeProvider clock)
    {
        Name = name;
        _options = options;
        _clock = clock;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
        };
        if (!options.AllowPrivate)
        {
            handler.ConnectCallback = (context, stop) => GuardedConnect.ConnectAsync(context.DnsEndPoint, stop);
        }

        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The kind <c>webhook</c>.</summary>
    public static AlertChannelFactory Kind(SettingsMap settings)
    {
        var options = WebhookOptions.Read(settings);
        return (name, context) => new WebhookChannel(name, options, context.Clock);
    }

    /// <inheritdoc/>
    public async ValueTask<SendResult> SendAsync(AlertNotification notification, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using var request = Request(notification);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(response, await ReadAnswerAsync(response, either.Token));
        }
        catch (HttpRequestException error) when (error.InnerException is AddressRefusedException refused)
        {
            return SendResult.Refused(refused.Message);
        }
        catch (HttpRequestException error)
        {
            return SendResult.TryAgain($"no answer: {error.HttpRequestError}", MayHaveArrived(error.HttpRequestError));
        }
        catch (IOException)
        {
            return SendResult.TryAgain("the answer broke off", mayHaveArrived: true);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return SendResult.TryAgain($"no answer within {SettingsValues.Format(_options.Timeout)}", mayHaveArrived: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(AlertNotification notification)
    {
        var body = WebhookBody.Write(notification);
        var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("Idempotency-Key", notification.Id);
        foreach (var (name, value) in _options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (_options.Secret is { } secret)
        {
            request.Headers.Add(
                WebhookSignature.Header, WebhookSignature.Create(secret, _clock.GetUtcNow().ToUnixTimeSeconds(), body.Span));
        }

        return request;
    }

    // The answer's text is read only to say why it was refused; a taken notification does not depend on it.
    private async Task<string> ReadAnswerAsync(HttpResponseMessage response, CancellationToken stop)
    {
        if (response.IsSuccessStatusCode)
        {
            return "";
        }

        var buffer = new byte[AnswerBytesMax];
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return ForeignText.OneLine(WithoutSecrets(Encoding.UTF8.GetString(buffer, 0, length).Trim()));
    }

    // Some receivers answer an error with the request they got; its secrets must not reach logs and events.
    private string WithoutSecrets(string answer) => _options.Headers.Values.Append(_options.Secret ?? "")
        .Where(secret => secret.Length > 0)
        .Aggregate(answer, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal));

    private SendResult Judge(HttpResponseMessage response, string answer)
    {
        if (response.IsSuccessStatusCode)
        {
            return SendResult.Delivered;
        }

        var problem = answer.Length == 0 ? $"answer {(int)response.StatusCode}" : $"answer {(int)response.StatusCode}: {answer}";
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => SendResult.TryAgain(problem, mayHaveArrived: false, RetryAfter.Of(response, _clock)),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                SendResult.TryAgain(problem, mayHaveArrived: true, RetryAfter.Of(response, _clock)),
            _ => SendResult.Refused(problem),
        };
    }

    // Before a connection stood, nothing can have arrived; after that, anything can.
    private static bool MayHaveArrived(HttpRequestError error) => error is not
        (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError);
}
