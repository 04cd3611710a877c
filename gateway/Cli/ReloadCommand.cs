using System.CommandLine;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli.Client;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents reload</c>: other rules in a running gateway, and the receipt of it.</summary>
internal static class ReloadCommand
{
    public static Command Create() => ClientOptions.Create(
        "reload",
        "Let a running gateway read rules/*.yaml and devices.yaml again; say what became of what pended or fired.",
        ReloadAsync);

    private static async Task<int> ReloadAsync(ClientCall call)
    {
        byte[] answer;
        try
        {
            answer = await call.Gateway.SendAsync(HttpMethod.Post, "api/rules/reload", null, call.Stop);
        }
        catch (GatewayClientException problem) when (problem.Reason == SettingsProblem.Reason)
        {
            WriteErrors(call, problem.Answer);
            return CommandLine.Failed;
        }

        if (call.IsJson)
        {
            call.WriteJson(answer);
        }
        else
        {
            Write(call, call.Gateway.Read(answer, ApiJson.Default.ReloadView));
        }

        return 0;
    }

    private static void Write(ClientCall call, ReloadView done)
    {
        var output = call.Parsed.InvocationConfiguration.Output;
        var all = done.Kept + done.Reset + done.Dropped;
        output.WriteLine($"{done.Rules} {(done.Rules == 1 ? "rule is" : "rules are")} in force.");
        SettingsReport.WriteWarnings(call.Screen, [.. done.Warnings.Select(SettingsReport.Of)], showLines: call.Gateway.IsLocal);

        if (all == 0)
        {
            output.WriteLine("Nothing pended or fired.");
            return;
        }

        output.WriteLine($"Of what pended or fired: {done.Kept} kept, {done.Reset} reset, {done.Dropped} dropped.");
        var listing = new Listing("fate", "rule", "subject", "was", "why");
        foreach (var line in done.Lines)
        {
            listing.Add(line.Fate, line.Rule, line.Subject, line.Stood, line.Why);
        }

        listing.Write(call.Screen);
        if (all > done.Lines.Count)
        {
            output.WriteLine($"... and {all - done.Lines.Count} more.");
        }
    }

    private static void WriteErrors(ClientCall call, byte[] answer)
    {
        if (call.IsJson)
        {
            call.WriteJson(answer);
            return;
        }

        var problem = call.Gateway.Read(answer, ApiJson.Default.SettingsProblemView);
        SettingsReport.Write(
            call.Screen, [.. problem.Errors.Select(SettingsReport.Of)], showLines: call.Gateway.IsLocal);
        call.Parsed.InvocationConfiguration.Output.WriteLine("Nothing was changed: the rules that were in force go on.");
    }
}
