using System.Text.Json;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Hosting.Planning;
using IotEvents.Gateway.Pipeline;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary><c>POST /api/rules/check</c> and <c>/api/rules/plan</c>: what other rules would be and do. Nothing is changed.</summary>
internal static class PlanEndpoints
{
    /// <summary>The type of an answer that says on the way how far it is: one JSON text a line.</summary>
    public const string LinesType = "application/x-ndjson";

    private static readonly TimeSpan LineEvery = TimeSpan.FromMilliseconds(500);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/rules/check", CheckAsync);
        routes.MapPost("/api/rules/plan", PlanAsync);
    }

    private static async Task<IResult> CheckAsync(HttpContext context, IGatewayView view)
    {
        var (files, problem) = await PostedFiles.ReadAsync(context.Request, context.RequestAborted);
        return problem is null ? Results.Json(view.CheckRules(files), ApiJson.Default.CheckView) : problem;
    }

    private static async Task<IResult> PlanAsync(HttpContext context, string? since, string? to, IGatewayView view, TimeProvider clock)
    {
        if (PlanRange.TryParse(since, to, out var wrong) is not { } range)
        {
            var parts = wrong.Split("; ", 2);
            return Problem.Invalid($"{parts[0]}.", $"{char.ToUpperInvariant(parts[1][0])}{parts[1][1..]}.");
        }

        var (files, problem) = await PostedFiles.ReadAsync(context.Request, context.RequestAborted);
        if (problem is not null)
        {
            return problem;
        }

        return context.Request.Headers.Accept.ToString().Contains(LinesType, StringComparison.OrdinalIgnoreCase)
            ? await StreamAsync(context, view, files, range, clock)
            : Result(await view.PlanRulesAsync(files, range, progress: null, context.RequestAborted));
    }

    /// <summary>A plan that is done soon is answered like any other; for one that takes longer lines are sent meanwhile.</summary>
    private static async Task<IResult> StreamAsync(
        HttpContext context, IGatewayView view, IReadOnlyList<RuleFile> files, PlanRange range, TimeProvider clock)
    {
        var latest = new Latest();
        var plan = view.PlanRulesAsync(files, range, latest, context.RequestAborted);
        try
        {
            while (await Task.WhenAny(plan, Task.Delay(LineEvery, clock, context.RequestAborted)) != plan)
            {
                await WriteAsync(context, new PlanLineView(latest.Value, null, null));
            }
        }
        finally
        {
            // Who went away has ended the plan too.
            await ((Task)plan).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!context.Response.HasStarted)
        {
            var answer = await plan;
            return answer.Plan is { } done ? new Line(new PlanLineView(null, done, null)) : Result(answer);
        }

        return new Line(await LastAsync(plan));
    }

    private static async Task<PlanLineView> LastAsync(Task<PlanAnswer> plan)
    {
        try
        {
            var answer = await plan;
            return new PlanLineView(null, answer.Plan, answer.Problem?.View());
        }
        catch (IOException error)
        {
            return new PlanLineView(null, null, new Problem(503, "not-read", error.Message, "See /api/status for what is wrong.").View());
        }
    }

    private static IResult Result(PlanAnswer answer) =>
        answer.Problem is { } problem ? problem
        : answer.Errors.Count > 0 ? new SettingsProblem(answer.Errors)
        : Results.Json(answer.Plan, ApiJson.Default.PlanView);

    private static async Task WriteAsync(HttpContext context, PlanLineView line)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = LinesType;
        }

        await JsonSerializer.SerializeAsync(context.Response.Body, line, ApiJson.Default.PlanLineView, context.RequestAborted);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private sealed record Line(PlanLineView View) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, View);
    }

    /// <summary>The newest progress: told by the plan's thread, read by the answer's.</summary>
    private sealed class Latest : IProgress<PlanProgressView>
    {
        private volatile PlanProgressView _value = new(0, 0);

        public PlanProgressView Value => _value;

        public void Report(PlanProgressView value) => _value = value;
    }
}
