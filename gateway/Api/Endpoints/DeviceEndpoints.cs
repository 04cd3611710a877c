using IotEvents.Gateway.Api.Streams;
using IotEvents.Gateway.Api.Views;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary><c>/api/devices</c>, <c>/api/series</c>, <c>/api/alerts</c>, <c>/api/rules</c>, <c>/api/cadence</c>, <c>/api/status</c>: what is there now.</summary>
internal static class DeviceEndpoints
{
    private const int AlertsMax = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/devices", (GatewayReport report) =>
            Results.Json(report.Devices(), ApiJson.Default.IReadOnlyListDeviceView));
        routes.MapGet("/api/devices/{**id}", (string id, GatewayReport report) => report.Device(RouteId.Read(id)) is { } device
            ? Results.Json(device, ApiJson.Default.DeviceView)
            : Problem.NotFound("No device of that id has sent anything.", "GET /api/devices lists every device."));
        routes.MapGet("/api/series", (GatewayReport report) =>
            Results.Json(report.Series(), ApiJson.Default.IReadOnlyListSeriesView));
        routes.MapGet("/api/alerts", (string? state, bool? historical, IGatewayView view) => state is null or "active"
            ? Results.Json(view.Alerts(state == "active", AlertsMax, historical), ApiJson.Default.IReadOnlyListAlertView)
            : Problem.Invalid("'state' is not known.", "Write state=active, or leave it out for all."));
        routes.MapGet("/api/alerts/{**id}", (string id, IGatewayView view) => view.FindAlert(RouteId.Read(id)) is { } alert
            ? Results.Json(alert, ApiJson.Default.AlertView)
            : Problem.NotFound("There is no alert of that id.", "GET /api/alerts lists the newest."));
        routes.MapGet("/api/cadence", (string? device, IGatewayView view) => device is null or { Length: <= Glob.CharactersMax }
            ? Results.Json(Cadences(view, device), ApiJson.Default.IReadOnlyListCadenceView)
            : Problem.Invalid("'device' is too long.", $"Write a pattern of at most {Glob.CharactersMax} characters."));
        routes.MapGet("/api/status", (GatewayReport report) =>
            Results.Json(report.Status(), ApiJson.Default.StatusView));
    }

    private static IReadOnlyList<CadenceView> Cadences(IGatewayView view, string? device)
    {
        var pattern = new Glob(device ?? "*");
        return [.. view.Cadences().Where(one => pattern.Matches(one.Device)).OrderBy(one => one.Series, StringComparer.Ordinal)];
    }
}

/// <summary>Ids in addresses.</summary>
internal static class RouteId
{
    /// <summary>The id with its slashes: the server leaves <c>%2F</c> as it came, because elsewhere it is not a slash.</summary>
    public static string Read(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
