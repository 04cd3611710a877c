using System.CommandLine;
using System.Text.Json;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Rules.Proof;

namespace IotEvents.Gateway.Cli.Alerts;

/// <summary><c>iotevents alerts explain</c>: what an alert was decided from.</summary>
internal static class AlertsExplainCommand
{
    public static Command Create()
    {
        var id = AlertsShowCommand.IdArgument();
        var bundle = new Option<string?>("--bundle")
        {
            Description = "Write the evidence to this file, for iotevents alerts verify.",
            HelpName = "FILE",
        };
        return ClientOptions.Create(
            "explain", "Explain an alert: the rule as it was, the readings it looked at, and what it remembered.",
            call => ExplainAsync(call, call.Parsed.GetValue(id)!, call.Parsed.GetValue(bundle)), id, bundle);
    }

    private static async Task<int> ExplainAsync(ClientCall call, string id, string? file)
    {
        var evidence = await call.Gateway.GetAsync($"api/alerts/{Uri.EscapeDataString(id)}/evidence", call.Stop);
        if (file is not null)
        {
            await WriteAsync(file, evidence, call.Stop);
        }

        if (call.IsJson)
        {
            call.WriteJson(evidence);
            return 0;
        }

        var output = call.Parsed.InvocationConfiguration.Output;
        EvidenceReport.Write(output, Read(evidence));
        await output.WriteLineAsync(file is null
            ? $"To keep it: iotevents alerts explain {id} --bundle FILE"
            : $"The evidence is in {file}; iotevents alerts verify {file}");
        return 0;
    }

    private static EvidenceBundle Read(byte[] evidence)
    {
        try
        {
            return JsonSerializer.Deserialize(evidence, EvidenceFormat.Json.EvidenceBundle) ?? throw new JsonException("it is null");
        }
        catch (JsonException problem)
        {
            throw new GatewayClientException(
                $"The evidence cannot be read: {problem.Message}", "use the iotevents of the gateway's version, or --json", problem);
        }
    }

    private static async Task WriteAsync(string file, byte[] evidence, CancellationToken stop)
    {
        try
        {
            await File.WriteAllBytesAsync(file, evidence, stop);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new GatewayClientException($"'{file}' cannot be written: {problem.Message}", "choose another file", problem);
        }
    }
}
