using IotEvents.Gateway.Rules.Explaining;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary><c>/api/alerts/{id}/evidence</c> and <c>/api/rules/{rule}/explain</c>: why it is so.</summary>
internal static class WhyEndpoints
{
    private const int SubjectCharactersMax = 512;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/alerts/{id}/evidence", async (string id, IGatewayView view) =>
            await view.FindEvidenceAsync(id) is { } evidence
                ? Results.Bytes(evidence, "application/json")
                : Problem.NotFound("There is no evidence of an alert of that id.", "GET /api/alerts lists the newest; those raised by an older program may have none."));
        routes.MapGet("/api/rules/{rule}/explain", async (string rule, string? device, IGatewayView view) => device switch
        {
            null or "" => Problem.Invalid("'device' is missing.", "Add ?device=DEVICE or ?device=DEVICE/METRIC."),
            { Length: > SubjectCharactersMax } => Problem.Invalid("'device' is too long.", $"No name has more than {SubjectCharactersMax} characters."),
            _ => Answer(await view.ExplainAsync(rule, device)),
        });
    }

    private static IResult Answer(IReadOnlyList<RuleExplanation> answers) => answers is [{ State: "no-rule" } none]
        ? Problem.NotFound(none.Reasons[0], "GET /api/rules lists every rule.")
        : Results.Json(answers, ApiJson.Default.IReadOnlyListRuleExplanation);
}
