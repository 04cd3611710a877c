using System.Text.Json;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary><c>/api/overrides</c>: attributes of devices that are others for a while.</summary>
internal static class OverrideEndpoints
{
    private const int NameMax = 256;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/overrides", async (HttpContext context, IGatewayView view) =>
            Results.Json(await view.OverridesAsync(context.RequestAborted), ApiJson.Default.IReadOnlyListOverrideView));
        routes.MapPost("/api/overrides", SetAsync);
        routes.MapDelete("/api/overrides", (HttpContext context, string? device, string? attribute, IGatewayView view) =>
            ClearAsync(context, device, attribute, view));
    }

    private static async Task<IResult> SetAsync(HttpContext context, IGatewayView view)
    {
        OverrideRequest? wanted;
        try
        {
            wanted = await JsonSerializer.DeserializeAsync(context.Request.Body, ApiJson.Default.OverrideRequest, context.RequestAborted);
        }
        catch (JsonException)
        {
            wanted = null;
        }

        if (wanted is null)
        {
            return Problem.Invalid(
                "The body is no JSON object of an override.",
                "Send {\"device\": \"freezer-1\", \"attribute\": \"max\", \"value\": \"-10 °C\", \"for\": \"2h\", \"reason\": \"defrost\"}.");
        }

        if (!IsName(wanted.Device) || !IsName(wanted.Attribute))
        {
            return Problem.Invalid($"'device' and 'attribute' must be names of 1 to {NameMax} characters.", "Name both, as devices.yaml does.");
        }

        if (!SettingsValues.TryParseMeasure(wanted.Value ?? "", out var value, out var unit))
        {
            return Problem.Invalid($"'{wanted.Value}' is not a number with a unit.", "Write the value like -10 °C, 80 % or 5.");
        }

        if (!SettingsValues.TryParseDuration(wanted.For ?? "", out var duration)
            || duration < AttributeOverride.ShortestFor || duration > AttributeOverride.LongestFor)
        {
            return Problem.Invalid($"'{wanted.For}' is not a length of time from 1s to 366d.", "Write it like 2h or 30m.");
        }

        if (wanted.Reason is null || wanted.Reason.Trim().Length is 0 or > AttributeOverride.ReasonMax)
        {
            return Problem.Invalid($"An override needs a reason of 1 to {AttributeOverride.ReasonMax} characters.", "Say why in a word or two, such as defrost.");
        }

        var (done, problem) = await view.SetOverrideAsync(
            wanted.Device!, wanted.Attribute!, new Quantity(value, unit), duration, wanted.Reason.Trim(), RuleEndpoints.Who(context),
            context.RequestAborted);
        return problem is null ? Results.Json(done, ApiJson.Default.OverrideView) : problem;
    }

    private static async Task<IResult> ClearAsync(HttpContext context, string? device, string? attribute, IGatewayView view)
    {
        if (!IsName(device) || !IsName(attribute))
        {
            return Problem.Invalid("'device' and 'attribute' must be given.", "Ask like DELETE /api/overrides?device=freezer-1&attribute=max.");
        }

        var (done, problem) = await view.ClearOverrideAsync(device!, attribute!, RuleEndpoints.Who(context), context.RequestAborted);
        return problem is null ? Results.Json(done, ApiJson.Default.OverrideView) : problem;
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= NameMax } && !name.Any(char.IsControl);
}
