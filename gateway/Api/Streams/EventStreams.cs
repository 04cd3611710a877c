namespace IotEvents.Gateway.Api.Streams;

/// <summary>Opens the streams of events and of live values: who may have one, and from which place on.</summary>
public sealed class EventStreams(
    IGatewayView view, LiveFeed feed, GatewayReport report, StreamGate gate, HttpOptions options, TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    private static readonly Problem TooMany = new(
        503, "too-many-streams", "As many event streams are open as the gateway allows.", "Close one, or raise http.streams.");

    /// <summary>Answers <c>GET /api/events</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">A pattern of event types; null for all.</param>
    /// <param name="device">A pattern of device ids; null for all.</param>
    public Task FollowAsync(HttpContext context, string? type, string? device)
    {
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        StreamPosition? from = null;
        if (last.Length > 0)
        {
            if (!StreamPosition.TryParseAfter(last, out var after))
            {
                return Problem.Invalid("'Last-Event-ID' is not an id of this stream.", "Send it as it came, or leave it out.")
                    .ExecuteAsync(context);
            }

            from = after;
        }

        if (type?.Length > Glob.CharactersMax || device?.Length > Glob.CharactersMax)
        {
            return Problem.Invalid("A pattern is too long.", $"Write at most {Glob.CharactersMax} characters.").ExecuteAsync(context);
        }

        return OpenAsync(context, (output, stop) =>
            new EventStream(view, feed, new StreamFilter(type, device), output).RunAsync(from, options.Heartbeat, clock, stop));
    }

    /// <summary>Answers <c>GET /api/live</c>.</summary>
    public Task WatchAsync(HttpContext context) =>
        OpenAsync(context, (output, stop) => new LiveStream(view, feed, report, output).RunAsync(clock, stop));

    private async Task OpenAsync(HttpContext context, Func<SseWriter, CancellationToken, Task> run)
    {
        if (!gate.TryEnter())
        {
            context.Response.Headers.RetryAfter = "10";
            await TooMany.ExecuteAsync(context);
            return;
        }

        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            using var output = new SseWriter(context, gate, options.StallMax, clock);
            await run(output, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The client went, was cut, or the gateway stops: all of them are how a stream ends.
        }
        finally
        {
            gate.Leave();
        }
    }
}
