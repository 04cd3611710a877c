namespace IotEvents.Gateway.Api;

/// <summary>The first thing every request meets: headers for every answer, then whether it may come in at all.</summary>
/// <remarks>There is no cross-origin access: nothing here ever sends an <c>Access-Control</c> header.</remarks>
public sealed class RequestGuard
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    private readonly HostList _hosts;
    private readonly RequestDelegate _next;

    /// <summary>The guard in front of the rest.</summary>
    public RequestGuard(RequestDelegate next, HostList hosts)
    {
        _next = next;
        _hosts = hosts;
    }

    /// <summary>Lets the request through, or answers with why not.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        // At the start of the answer and not now: an error handler clears what was set before.
        context.Response.OnStarting(static state => SetHeaders((HttpResponse)state), context.Response);
        if (!_hosts.Allows(context.Request.Host.Host))
        {
            return new Problem(
                421, "host-unknown", "The gateway does not go by that name.",
                "Ask by an address, or add the name to http.hosts.").ExecuteAsync(context);
        }

        return IsForged(context.Request)
            ? new Problem(
                403, "cross-site", "Another site's page may not do this.", "Ask from the console, or from a program.")
                .ExecuteAsync(context)
            : _next(context);
    }

    /// <summary>True when the browser says that another site's page asks for something that changes state or holds a stream.</summary>
    private static bool IsForged(HttpRequest request)
    {
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (reads && !HoldsAStream(request))
        {
            return false;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is not ("same-origin" or "none");
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 &&
            !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == Authority(request));
    }

    /// <summary>Events, or a WebSocket: browsers let a page of any site open one, and only the answer could stop it.</summary>
    private static bool HoldsAStream(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)
        || request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);

    private static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own) ? own.Authority : "";

    private static Task SetHeaders(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers.XFrameOptions = "DENY";
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
