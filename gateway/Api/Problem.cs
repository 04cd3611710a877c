using System.Text.Json;

namespace IotEvents.Gateway.Api;

/// <summary>An error as <c>application/problem+json</c> (RFC 9457): what is wrong and how to mend it.</summary>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Reason">A short name of the reason, lower case with dashes; the problem's title and the end of its type.</param>
/// <param name="Detail">What is wrong, one sentence.</param>
/// <param name="Mend">What to do about it, one sentence.</param>
public sealed record Problem(int Status, string Reason, string Detail, string Mend) : IResult
{
    /// <summary>Writes the problem as the whole answer.</summary>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "application/problem+json";
        return httpContext.Response.Body
            .WriteAsync(JsonSerializer.SerializeToUtf8Bytes(View(), ApiJson.Default.ProblemView), httpContext.RequestAborted)
            .AsTask();
    }

    internal ProblemView View() => new($"urn:iotevents:problem:{Reason}", Reason, Status, Detail, Mend);

    internal static Problem NotFound(string what, string mend) => new(404, "not-found", what, mend);

    internal static Problem Invalid(string detail, string mend) => new(400, "invalid", detail, mend);

    /// <summary>The problem behind a status that came without a body.</summary>
    internal static Problem Of(int status) => status switch
    {
        400 => new(status, "bad-request", "The request cannot be read.", "Send a request as GET /openapi/v1.json describes it."),
        404 => new(status, "not-found", "There is nothing at this address.", "GET /openapi/v1.json lists every address."),
        405 => new(status, "method-not-allowed", "This address does not know that method.", "The Allow header names those it knows."),
        408 => new(status, "too-slow", "The request came too slowly.", "Send it again over a faster link."),
        413 => new(status, "too-large", "The request is larger than the limit.", "Send less at once, or raise http.body."),
        415 => new(status, "media-type", "This address does not read that kind of content.", "GET /openapi/v1.json names those it reads."),
        500 => new(status, "internal", "The gateway made a mistake.", "Its log says more; please report it."),
        _ => new(status, "failed", $"The request failed with {status}.", "GET /openapi/v1.json describes every request."),
    };
}

/// <summary>The body of a <see cref="Problem"/>.</summary>
internal sealed record ProblemView(string Type, string Title, int Status, string Detail, string Mend);
