using System.CommandLine;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Cli.Terminal;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules explain</c>: why a rule fires, or why it does not.</summary>
internal static class RulesExplainCommand
{
    public static Command Create()
    {
        var rule = new Argument<string>("RULE") { Description = "The rule's id." };
        var subject = new Argument<string>("DEVICE") { Description = "The device's id, DEVICE/METRIC, or the name of a group." };
        var command = ClientOptions.Create(
            "explain", "Explain why a rule fires for a device, or why it does not.",
            call => ExplainAsync(call, call.Parsed.GetValue(rule)!, call.Parsed.GetValue(subject)!), rule, subject);
        command.Aliases.Add("why-not");
        return command;
    }

    private static async Task<int> ExplainAsync(ClientCall call, string rule, string subject)
    {
        var path = GatewayClient.Query($"api/rules/{Uri.EscapeDataString(rule)}/explain", ("device", subject));
        if (call.IsJson)
        {
            call.WriteJson(await call.Gateway.GetAsync(path, call.Stop));
            return 0;
        }

        var output = call.Parsed.InvocationConfiguration.Output;
        foreach (var answer in await call.Gateway.GetAsync(path, ApiJson.Default.IReadOnlyListRuleExplanation, call.Stop))
        {
            foreach (var line in answer.ToLines())
            {
                output.WriteLine(Words.OneLine(line));
            }
        }

        return 0;
    }
}
