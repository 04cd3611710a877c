using System.CommandLine;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Cli.Terminal;
using IotEvents.Gateway.Rules.Explaining;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules explain</c>: why a rule fires, or why it does not.</summary>
internal static class RulesExplainCommand
{
    public static Command Create()
    {
        var rule = new Argument<string>("RULE") { Description = "The rule's id." };
        var subject = new Argument<string>("DEVICE") { Description = "The device's id, or DEVICE/METRIC." };
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
            Write(output, answer);
        }

        return 0;
    }

    private static void Write(TextWriter output, RuleExplanation it)
    {
        output.WriteLine(Words.OneLine($"{it.Rule} on {it.Subject}: {it.State}"));
        foreach (var reason in it.Reasons)
        {
            output.WriteLine($"  {Words.OneLine(reason)}");
        }

        foreach (var level in it.Levels)
        {
            Write(output, $"{level.Severity}, raise", level.Raise);
            Write(output, $"{level.Severity}, clear", level.Clear);
        }
    }

    private static void Write(TextWriter output, string title, IReadOnlyList<ExplainedPart> parts)
    {
        foreach (var part in parts)
        {
            var head = part.Depth == 0 ? $"{title}: " : "";
            var values = part.Values.Length == 0 ? "" : $"  ({part.Values})";
            output.WriteLine($"  {new string(' ', part.Depth * 2)}{Words.OneLine($"[{part.Is}] {head}{part.Text}{values}")}");
        }
    }
}
