namespace IotEvents.Gateway.Api.Endpoints;

/// <summary><c>/api/rules</c>: the rules in force, and putting others in force. <c>/api/schema</c>: how their files are written.</summary>
internal static class RuleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/rules", async (HttpContext context, IGatewayView view) =>
            Results.Json(await view.RulesAsync(context.RequestAborted), ApiJson.Default.IReadOnlyListRuleView));
        routes.MapGet("/api/rules/{rule}/instances", async (HttpContext context, string rule, IGatewayView view) =>
            await view.RuleInstancesAsync(rule, context.RequestAborted) is { } instances
                ? Results.Json(instances, ApiJson.Default.IReadOnlyListRuleInstanceView)
                : Problem.NotFound("There is no rule of that id.", "GET /api/rules lists every rule."));
        routes.MapGet("/api/rules/receipt", (IGatewayView view) => Results.Json(view.Receipt(), ApiJson.Default.ReceiptView));
        routes.MapPost("/api/rules/reload", ReloadAsync);

        // With .json too: a schema names the others as files beside it.
        routes.MapGet("/api/schema/{name}", (string name) =>
            SchemaFiles.Open(name.EndsWith(".json", StringComparison.Ordinal) ? name[..^".json".Length] : name) is { } schema
                ? Results.Stream(schema, "application/schema+json")
                : Results.NotFound());
    }

    private static async Task<IResult> ReloadAsync(HttpContext context, IGatewayView view)
    {
        var done = await view.ReloadRulesAsync(Who(context), context.RequestAborted);
        return done.Errors.Count == 0 ? Results.Json(done, ApiJson.Default.ReloadView) : new SettingsProblem(done.Errors);
    }

    /// <summary>Who asks: the user that was recognized, or the address asked from.</summary>
    public static string Who(HttpContext context) =>
        context.User.Identity?.Name is { Length: > 0 } name ? name
        : context.Connection.RemoteIpAddress is { } address && !System.Net.IPAddress.IsLoopback(address) ? address.ToString() : "local";
}
