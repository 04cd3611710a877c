using System.Net;
using System.Net.Sockets;
using IotEvents.Gateway.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IotEvents.Gateway.Hosting;

/// <summary>The HTTP side around a running gateway: console, API, MQTT over WebSocket.</summary>
public sealed class GatewayWeb : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GatewayView _view;
    private readonly EndPoint _listen;

    private GatewayWeb(WebApplication app, GatewayView view, EndPoint listen)
    {
        _app = app;
        _view = view;
        _listen = listen;
    }

    /// <summary>Where console and API are, with the port that was really bound.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Builds the server; it listens from <see cref="StartAsync"/> on.</summary>
    public static GatewayWeb Build(RunningGateway gateway, TimeProvider clock, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.AddGatewayApi(gateway.Settings.Http);
        var view = new GatewayView(gateway, clock);
        builder.Services.AddSingleton<IGatewayView>(view);
        builder.Services.AddSingleton(gateway.Feed);
        var app = builder.Build();
        app.UseWebSockets();
        app.UseGatewayApi();
        app.Map("/mqtt", context => ServeMqttAsync(context, gateway));
        return new GatewayWeb(app, view, gateway.Settings.Http.Listen);
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The address is taken or may not be used.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        try
        {
            await _app.StartAsync(stop);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new IOException(
                $"HTTP cannot listen on {_listen} ({(error.InnerException ?? error).Message}); stop the program that uses it, "
                + "or choose another address with http.listen", error);
        }

        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Address = new Uri(addresses!.Addresses.First());
    }

    /// <summary>Answers what is under way, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        _view.Dispose();
    }

    private static async Task ServeMqttAsync(HttpContext context, RunningGateway gateway)
    {
        if (gateway.Broker is null || !context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains("mqtt"))
        {
            await new Problem(400, "not-mqtt", "This address speaks MQTT over WebSocket.", "Connect with the subprotocol 'mqtt'.").ExecuteAsync(context);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync("mqtt");
        var remote = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
        await gateway.Broker.ServeAsync(socket, remote, context.RequestAborted);
    }
}
