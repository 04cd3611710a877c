using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Endpoints;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Replay;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Lets a running gateway make a plan by its own history and memory.</summary>
internal static class PlanFromGateway
{
    private const int Whole = 10_000;

    /// <summary>Sends the rules, shows how far it is, writes the plan.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(PlanRequest request, ClientCall call, Uri url)
    {
        if (!File.Exists(request.Path) && !Directory.Exists(request.Path))
        {
            return request.Fail($"there is no {request.Path}; name a configuration folder, a folder of rule files, or a rule file.");
        }

        var errors = new SettingsErrors();
        var files = PlanSources.Texts(request.Path, errors);
        if (!errors.IsEmpty)
        {
            return request.Refuse(errors.All);
        }

        if (files.Count == 0)
        {
            return request.Fail($"there is no rule file in {request.Path}; name a configuration folder, or a folder with *.yaml files.");
        }

        PlanView? plan = null;
        var sent = new RuleFilesView([.. files.Select(file => new RuleFileView(file.Name, file.Text))]);
        try
        {
            var part = 0.0;
            await ReplayBar.RunAsync(request.ShowsProgress, Whole, () => (long)(part * Whole), async progress =>
                plan = await AskAsync(request, call, sent, told =>
                {
                    part = told.Part;
                    progress?.Report(new ReplayProgress(told.Readings, Timestamp.None));
                }));
        }
        catch (GatewayClientException problem) when (problem.Reason == SettingsProblem.Reason)
        {
            var refused = call.Gateway.Read(problem.Answer, ApiJson.Default.SettingsProblemView);
            return request.Refuse([.. refused.Errors.Select(SettingsReport.Of)]);
        }

        return request.Write(plan!, $"the rules in force at {url}");
    }

    private static async Task<PlanView> AskAsync(PlanRequest request, ClientCall call, RuleFilesView files, Action<PlanProgressView> told)
    {
        using var content = GatewayClient.Content(
            JsonSerializer.SerializeToUtf8Bytes(files, ApiJson.Default.RuleFilesView), "application/json");
        var path = GatewayClient.Query("api/rules/plan", ("since", request.Since), ("to", request.To));
        await using var answer = await call.Gateway.OpenAsync(HttpMethod.Post, path, content, PlanEndpoints.LinesType, call.Stop);
        try
        {
            await foreach (var bytes in JsonLines.ReadAsync(answer, call.Stop))
            {
                var line = call.Gateway.Read(bytes, ApiJson.Default.PlanLineView);
                if (line.Plan is not null)
                {
                    return line.Plan;
                }

                if (line.Problem is { } problem)
                {
                    throw new GatewayClientException(problem.Detail, problem.Mend) { Status = problem.Status, Reason = problem.Title };
                }

                if (line.Progress is { } progress)
                {
                    told(progress);
                }
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new GatewayClientException($"The gateway broke off: {broken.Message}", "see its log, then ask again", broken);
        }

        throw new GatewayClientException("The gateway's answer ends before the plan", "see its log, then ask again");
    }
}
