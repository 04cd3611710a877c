using IotEvents.Gateway.Api.Endpoints;
using IotEvents.Gateway.Api.Metrics;
using IotEvents.Gateway.Api.Streams;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotEvents.Gateway.Api;

/// <summary>Puts the HTTP side together: limits, guard, console, endpoints. The whole way of a request stands in <see cref="UseGatewayApi"/>.</summary>
public static class GatewayApi
{
    private const int HeaderBytesMax = 16 * 1024;

    /// <summary>Adds what the endpoints need. The composition adds <see cref="IGatewayView"/> and <see cref="LiveFeed"/> itself.</summary>
    /// <param name="builder">A slim builder.</param>
    /// <param name="options">The settings.</param>
    public static WebApplicationBuilder AddGatewayApi(this WebApplicationBuilder builder, HttpOptions options)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, options));
        builder.Services.AddSingleton(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new HostList(options.Listen.Address, options.Hosts));
        builder.Services.AddSingleton(new StreamGate(options.StreamsMax));
        builder.Services.AddSingleton<GatewayReport>();
        builder.Services.AddSingleton<EventStreams>();
        builder.Services.AddSingleton(services => new PrometheusText(services.GetRequiredService<HttpOptions>()));
        builder.Services.AddSingleton(services => new GatewayMetrics(
            services.GetRequiredService<GatewayReport>(), services.GetRequiredService<StreamGate>(), services.GetRequiredService<HttpOptions>()));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        return builder;
    }

    /// <summary>Puts guard, console and endpoints into the way of requests.</summary>
    public static WebApplication UseGatewayApi(this WebApplication app)
    {
        app.UseMiddleware<RequestGuard>();
        app.UseExceptionHandler(handler => handler.Run(AnswerErrorAsync));
        app.UseStatusCodePages(context => Problem.Of(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        ConsoleFiles.Map(app, app.Services.GetRequiredService<HttpOptions>().ConsoleFolder);
        DeviceEndpoints.Map(app);
        WhyEndpoints.Map(app);
        ReadingEndpoints.Map(app);
        EventEndpoints.Map(app);
        RuleEndpoints.Map(app);
        PlanEndpoints.Map(app);
        OverrideEndpoints.Map(app);
        HealthEndpoints.Map(app);
        // Listens from the first moment on: what is counted before the first scrape counts too.
        _ = app.Services.GetRequiredService<PrometheusText>();
        _ = app.Services.GetRequiredService<GatewayMetrics>();
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, HttpOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.ConnectionsMax;
        kestrel.Limits.MaxRequestBodySize = options.BodyBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        kestrel.Limits.MaxRequestLineSize = HeaderBytesMax / 2;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Listen(options.Listen, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static Task AnswerErrorAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = error switch
        {
            Microsoft.AspNetCore.Http.BadHttpRequestException refused => Problem.Of(refused.StatusCode),
            IOException => new Problem(503, "not-stored", "The journal could not store it.", "See /api/status for what is wrong, then send it again."),
            _ => Problem.Of(500),
        };
        return problem.ExecuteAsync(context);
    }
}
