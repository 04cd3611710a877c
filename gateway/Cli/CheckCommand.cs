using System.CommandLine;
using System.Text.Json;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli.Terminal;
using IotEvents.Gateway.Hosting.Configuration;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents check</c>: validates configuration and rules without starting anything.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = Folders.ConfigOrDefaults();
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var command = new Command(
            "check", "Check configuration and rules without starting: file, line, key, what is wrong, how to mend it.") { config, json };
        command.SetAction(parsed => Check(parsed.GetValue(config)!, parsed.GetValue(json)));
        return command;
    }

    private static int Check(string folder, bool json)
    {
        var errors = new SettingsErrors();
        var settings = GatewaySettings.Read(folder, Folders.Environment(), errors);
        var warnings = errors.IsEmpty ? settings.Rules.Warnings : [];
        if (json)
        {
            WriteJson(errors.All, warnings);
        }
        else if (errors.IsEmpty)
        {
            SettingsReport.WriteWarnings(AnsiConsole.Console, warnings);
            var kept = Directory.Exists(folder) ? "" : $" ({folder} does not exist: everything has its default)";
            var said = warnings.Count == 0 ? "" : $", {Words.Count(warnings.Count, "warning")}";
            var (rules, devices) = (Words.Count(settings.Rules.Rules.Count, "rule"), Words.Count(settings.Devices.Described.Count, "device"));
            AnsiConsole.MarkupLineInterpolated($"[green]●[/] Fine: {rules}, {devices} described{said}{kept}.");
        }
        else
        {
            SettingsReport.Write(AnsiConsole.Console, errors.All);
        }

        return errors.IsEmpty ? 0 : CommandLine.Failed;
    }

    private static void WriteJson(IReadOnlyList<SettingsError> errors, IReadOnlyList<SettingsError> warnings)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var one in errors.Select(error => SettingsErrorView.Of(error) with { Severity = "error" })
                .Concat(warnings.Select(warning => SettingsErrorView.Of(warning) with { Severity = "warning" })))
            {
                JsonSerializer.Serialize(json, one, ApiJson.Default.SettingsErrorView);
            }

            json.WriteEndArray();
        }

        output.WriteByte((byte)'\n');
    }
}
