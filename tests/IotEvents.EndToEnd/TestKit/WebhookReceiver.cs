using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>A webhook that forgets nothing: every request with its key and body.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>What came, in order: the Idempotency-Key and the body.</summary>
    public ConcurrentQueue<(string Key, JsonElement Body)> Received { get; } = new();

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var port = FreePort.Next();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app, new Uri($"http://127.0.0.1:{port}/hook"));
        app.MapPost("/hook", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>alerts.yaml with this as the channel <c>ops</c>.</summary>
    public string AsChannel() => $$"""
        channels:
          - { name: ops, kind: webhook, settings: { url: "{{Address}}", allow_private: true } }
        """;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        Received.Enqueue((context.Request.Headers["Idempotency-Key"].ToString(), body.RootElement.Clone()));
        context.Response.StatusCode = 204;
    }
}
