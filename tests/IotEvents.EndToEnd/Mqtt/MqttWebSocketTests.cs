using System.Net;
using System.Net.WebSockets;
using IotEvents.Tests.Gateway.Ingest.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IotEvents.EndToEnd.Mqtt;

/// <summary>MQTT over WebSocket through a real HTTP server.</summary>
public sealed class MqttWebSocketTests
{
    [Fact]
    public async Task Serve_PublishOverWebSocket_IsStoredAndAcknowledged()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var web = await StartAsync(broker);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(new Uri(web.Urls.First().Replace("http", "ws", StringComparison.Ordinal) + "/mqtt"), patience.Token);
        var bytes = RawClient.Connect("browser").Concat(RawClient.Publish("a/b", "21.5", 1, 9)).ToArray();
        await socket.SendAsync(bytes.AsMemory(0, 5), WebSocketMessageType.Binary, true, patience.Token);
        await socket.SendAsync(bytes.AsMemory(5), WebSocketMessageType.Binary, true, patience.Token);
        var received = new List<byte>();
        var buffer = new byte[64];
        while (received.Count < 8)
        {
            var result = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            received.AddRange(buffer[..result.Count]);
        }

        Assert.Equal([0x20, 2, 0, 0, 0x40, 2, 0, 9], received);
        Assert.Equal("21.5", Assert.Single(broker.Inbox.Messages).Payload);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        await broker.WaitForClosedAsync(IotEvents.Gateway.Ingest.Mqtt.MqttCloseReason.LinkLost);
    }

    private static async Task<WebApplication> StartAsync(RunningBroker broker)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.UseWebSockets();
        web.Map("/mqtt", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("mqtt");
            var remote = new IPEndPoint(context.Connection.RemoteIpAddress!, context.Connection.RemotePort);
            await broker.Broker.ServeAsync(socket, remote, context.RequestAborted);
        });
        await web.StartAsync();
        return web;
    }
}
