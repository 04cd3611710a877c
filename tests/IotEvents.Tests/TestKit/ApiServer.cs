using System.Net;
using IotEvents.Gateway.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IotEvents.Tests.TestKit;

/// <summary>The real endpoints on a real server at a free port of loopback, in front of a gateway in memory.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ApiServer> StartAsync(FakeGateway gateway, HttpOptions? options = null, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IGatewayView>(gateway);
        builder.Services.AddSingleton(gateway.Feed);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.AddGatewayApi((options ?? new HttpOptions()) with { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        var app = builder.Build();
        app.UseGatewayApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
