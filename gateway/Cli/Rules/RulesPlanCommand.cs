using System.CommandLine;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Hosting.Planning;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>
/// <c>iotevents rules plan</c>: what other rules would do, before they are put in force. Nothing is changed, nobody is notified.
/// </summary>
/// <remarks>
/// It reads the data folder, of a gateway that runs or has stopped. With <c>--url</c> the gateway makes the plan; so it does, at
/// the usual address, where there is no history in the usual folder.
/// </remarks>
internal static class RulesPlanCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("DIR")
        {
            Description = "The new rules: a configuration folder, a folder of rule files, or one rule file.",
        };
        var since = Since();
        var to = new Option<string?>("--to")
        {
            Description = "Up to which instant; default the newest stored reading.",
            HelpName = "INSTANT",
        };
        var (data, config) = (Folders.Data(), Folders.Config());
        var url = ClientOptions.CreateUrl(byDefault: null);
        var list = new Option<int>("--list")
        {
            Description = "How many changed alerts, and how many timers, to list.",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
        };
        var json = new Option<bool>("--json") { Description = "Machine-readable output, with every changed alert and timer." };
        var silent = new Option<bool>("--no-progress") { Description = "Do not show how far it is." };
        list.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--list is 0 or more.");
            }
        });
        var command = new Command("plan", "Show what other rules would change: alerts, notifications, timers, by the history.")
        {
            path, since, to, data, config, url, list, json, silent,
        };
        command.Validators.Add(result =>
        {
            // What is wrong with --since alone has been said.
            if (PlanRange.TryParse(result.GetValue(since), to: null, out _) is not null
                && PlanRange.TryParse(result.GetValue(since), result.GetValue(to), out var problem) is null)
            {
                result.AddError($"{problem}.");
            }

            if (result.GetValue(url) is not null && result.GetResult(data) is { Implicit: false })
            {
                result.AddError("--url and --data exclude each other: the gateway plans by its own data.");
            }
        });
        command.SetAction((parsed, stop) =>
        {
            var request = new PlanRequest(
                parsed.GetValue(path)!, parsed.GetValue(since)!, parsed.GetValue(to), parsed.GetValue(list), parsed.GetValue(json),
                !parsed.GetValue(silent), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var gateway = parsed.GetValue(url);
            if (gateway is null && parsed.GetResult(data) is not { Implicit: false } && !PlanFromFolder.IsHistory(parsed.GetValue(data)!))
            {
                gateway = ClientOptions.UrlByDefault;
            }

            return gateway is null
                ? PlanFromFolder.RunAsync(request, parsed.GetValue(config)!, parsed.GetValue(data)!, stop)
                : ClientOptions.RunAsync(parsed, gateway, request.IsJson, call => PlanFromGateway.RunAsync(request, call, gateway), stop);
        });
        return command;
    }

    /// <summary>The option <c>--since</c>: how far back the history is looked at.</summary>
    public static Option<string> Since()
    {
        var since = new Option<string>("--since")
        {
            Description = "How far back from the newest stored reading: a length of time, an instant, or all.",
            HelpName = "TIME",
            DefaultValueFactory = _ => PlanRange.SinceByDefault,
        };
        since.Validators.Add(result =>
        {
            if (PlanRange.TryParse(result.GetValueOrDefault<string>(), to: null, out var problem) is null)
            {
                result.AddError($"{problem}.");
            }
        });
        return since;
    }
}
