using System.Net.WebSockets;
using IotEvents.EndToEnd.TestKit;
using IotEvents.Tests.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>MQTT over WebSocket at <c>/mqtt</c> of the real gateway.</summary>
public class WebSocketTests
{
    [Fact]
    public async Task Publish_OverWebSocket_IsAReading()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        await socket.ConnectAsync(Address(gateway), patience.Token);
        var bytes = RawClient.Connect("browser").Concat(RawClient.Publish("site/kitchen/temperature", "21.5", 1, 9)).ToArray();
        await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, patience.Token);

        var points = await Until.NotNullAsync(
            async () => await gateway.ReadingsAsync("site/kitchen/temperature") is { Count: > 0 } found ? found : null, "the reading");
        Assert.Equal(21.5, Assert.Single(points).Value);
    }

    [Fact]
    public async Task Connect_FromAnotherSite_IsRefused()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(gateway), patience.Token));
    }

    private static Uri Address(GatewayProcess gateway) => new UriBuilder(gateway.Http) { Scheme = "ws", Path = "/mqtt" }.Uri;
}
