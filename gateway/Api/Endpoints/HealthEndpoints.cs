using System.Reflection;
using IotEvents.Gateway.Api.Metrics;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary>What machines ask: health, metrics, the description of this API.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", () => Results.Json(new ReadyView("live", []), ApiJson.Default.ReadyView));
        routes.MapGet("/healthz/ready", (GatewayReport report) =>
        {
            var troubles = report.Status().Troubles;
            return Results.Json(
                new ReadyView(troubles.Count == 0 ? "ready" : "not ready", troubles), ApiJson.Default.ReadyView,
                statusCode: troubles.Count == 0 ? 200 : 503);
        });
        routes.MapGet("/ping", (HttpContext context) =>
        {
            // The level of the InfluxDB API that is spoken; its clients ask for it before anything else.
            context.Response.Headers["X-Influxdb-Version"] = "1.8";
            return Results.NoContent();
        });
        routes.MapGet("/health", (GatewayReport report) =>
        {
            var status = report.Status();
            var trouble = status.Troubles.Count > 0 ? status.Troubles[0].What : null;
            return Results.Json(
                new HealthView("iotevents", trouble ?? "ready for queries and writes", trouble is null ? "pass" : "fail", status.Version),
                ApiJson.Default.HealthView, statusCode: trouble is null ? 200 : 503);
        });
        routes.MapGet("/metrics", (PrometheusText metrics) => Results.Text(metrics.Write(), "text/plain; version=0.0.4; charset=utf-8"));
        routes.MapGet("/openapi/v1.json", () => Results.Stream(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!, "application/json"));
    }
}
