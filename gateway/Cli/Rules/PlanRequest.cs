using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Hosting.Planning;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>What a run of <c>rules plan</c> was asked, and where its answer goes.</summary>
/// <param name="Path">Where the new rules stand.</param>
/// <param name="Since">How far back, as written.</param>
/// <param name="To">Up to when, as written; null for the end of the history.</param>
/// <param name="Max">How many changed alerts and timers are listed.</param>
/// <param name="IsJson">Machine-readable output is wanted.</param>
/// <param name="ShowsProgress">How far it is is shown on standard error.</param>
/// <param name="Output">Takes the plan.</param>
/// <param name="Error">Takes what went wrong.</param>
internal sealed record PlanRequest(
    string Path, string Since, string? To, int Max, bool IsJson, bool ShowsProgress, TextWriter Output, TextWriter Error)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Which part of the history; the command line was checked.</summary>
    public PlanRange Range => PlanRange.TryParse(Since, To, out var problem) ?? throw new InvalidOperationException(problem);

    /// <summary>Writes the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="old">What is in force, in words.</param>
    /// <returns>The exit code.</returns>
    public int Write(PlanView plan, string old)
    {
        if (!IsJson)
        {
            new PlanReport(ClientCall.ScreenOf(Output), Max).Write(plan, $"{Path} in place of {old}");
            return 0;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            JsonSerializer.Serialize(json, plan, ApiJson.Default.PlanView);
        }

        Output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        return 0;
    }

    /// <summary>Shows what is wrong in the files.</summary>
    /// <returns>The exit code.</returns>
    public int Refuse(IReadOnlyList<SettingsError> errors, bool showLines = true)
    {
        SettingsReport.Write(ClientCall.ScreenOf(Error), errors, showLines);
        Error.WriteLine("Nothing was planned and nothing was changed.");
        return CommandLine.Failed;
    }

    /// <summary>Says why there is no plan.</summary>
    /// <returns>The exit code.</returns>
    public int Fail(string problem)
    {
        Error.WriteLine($"iotevents: {problem}");
        return CommandLine.Failed;
    }
}
