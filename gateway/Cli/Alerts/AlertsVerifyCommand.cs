using System.CommandLine;
using System.Text.Json;
using IotEvents.Gateway.Cli.Terminal;
using IotEvents.Gateway.Rules.Proof;

namespace IotEvents.Gateway.Cli.Alerts;

/// <summary><c>iotevents alerts verify</c>: decides once more from evidence alone. Needs no gateway, no settings, no network.</summary>
internal static class AlertsVerifyCommand
{
    public static Command Create()
    {
        var bundle = new Argument<string>("BUNDLE")
        {
            Description = "A file of iotevents alerts explain ID --bundle FILE; - reads the standard input.",
        };
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var command = new Command(
            "verify", "Judge the evidence of an alert again, on any machine, and say whether the same comes out.") { bundle, json };
        command.SetAction((parsed, stop) => VerifyAsync(parsed, parsed.GetValue(bundle)!, parsed.GetValue(json), stop));
        return command;
    }

    private static async Task<int> VerifyAsync(ParseResult parsed, string file, bool json, CancellationToken stop)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        byte[] bytes;
        try
        {
            bytes = await ReadAsync(file, stop);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await error.WriteLineAsync($"iotevents: '{Words.OneLine(file)}' cannot be read: {problem.Message.TrimEnd('.')}.");
            await error.WriteLineAsync("  mend: give a file of iotevents alerts explain ID --bundle FILE");
            return CommandLine.Failed;
        }

        var verdict = EvidenceVerifier.Verify(bytes);
        if (json)
        {
            WriteJson(output, verdict);
        }
        else if (verdict.Problem.Length > 0)
        {
            await error.WriteLineAsync($"iotevents: {Words.OneLine(verdict.Problem)}.");
            await error.WriteLineAsync($"  mend: {Words.OneLine(verdict.Mend)}");
        }
        else if (verdict.IsSame)
        {
            await output.WriteLineAsync("the same decision");
            EvidenceReport.Write(output, verdict.Bundle!);
        }
        else
        {
            await output.WriteLineAsync("another decision:");
            foreach (var (what, then, now) in verdict.Differences)
            {
                await output.WriteLineAsync($"  {what}: the evidence says {Words.OneLine(then)}; judged again it is {Words.OneLine(now)}");
            }
        }

        return verdict.IsSame ? 0 : CommandLine.Failed;
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken stop)
    {
        await using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, stop)) > 0;)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > EvidenceVerifier.FileBytesMax)
            {
                throw new IOException($"it has more than {EvidenceVerifier.FileBytesMax} bytes, and no evidence has");
            }
        }

        return bytes.ToArray();
    }

    private static void WriteJson(TextWriter output, EvidenceVerdict verdict)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("same", verdict.IsSame);
            json.WriteString("problem", verdict.Problem);
            json.WriteStartArray("differences");
            foreach (var (what, then, now) in verdict.Differences)
            {
                json.WriteStartObject();
                json.WriteString("what", what);
                json.WriteString("then", then);
                json.WriteString("now", now);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }
}
