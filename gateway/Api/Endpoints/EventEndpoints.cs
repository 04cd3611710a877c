using System.Net.Http.Headers;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api.CloudEvents;
using IotEvents.Gateway.Api.Streams;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary><c>/api/events</c> in both directions, and <c>/api/live</c>.</summary>
internal static class EventEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/events", (HttpContext context, string? type, string? device, EventStreams streams) =>
            streams.FollowAsync(context, type, device));
        routes.MapGet("/api/live", (HttpContext context, EventStreams streams) => streams.WatchAsync(context));
        routes.MapPost("/api/events", (HttpContext context, IGatewayView view, TimeProvider clock) =>
            AcceptAsync(context, view, Timestamp.Now(clock)));
    }

    private static async Task<IResult> AcceptAsync(HttpContext context, IGatewayView view, Timestamp now)
    {
        var events = new List<EventRecord>();
        var body = await ReadBodyAsync(context.Request, context.RequestAborted);
        if (Read(context.Request, body, now, events) is { } reason)
        {
            return Problem.Invalid(reason, "Send CloudEvents 1.0: structured, as a batch, or with ce- headers.");
        }

        if (events.Count > 0)
        {
            await view.AcceptAsync(events, context.RequestAborted);
        }

        return Results.Json(new AcceptedView(events.Count), ApiJson.Default.AcceptedView, statusCode: 202);
    }

    private static string? Read(HttpRequest request, byte[] body, Timestamp now, List<EventRecord> events)
    {
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        return type?.MediaType?.ToLowerInvariant() switch
        {
            "application/cloudevents+json" => CloudEventReader.ReadJson(body, batch: false, now, events),
            "application/cloudevents-batch+json" => CloudEventReader.ReadJson(body, batch: true, now, events),
            { } other when other.StartsWith("application/cloudevents", StringComparison.Ordinal) =>
                $"The event format '{other}' is not read here.",
            _ => CloudEventReader.ReadBinary(
                request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())), body, now, events),
        };
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, stop);
        return body.ToArray();
    }
}
