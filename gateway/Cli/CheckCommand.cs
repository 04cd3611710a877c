using System.CommandLine;
using System.Text.Json;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Cli.Terminal;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents check</c>: validates configuration and rules without starting anything.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = Folders.Config();
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var command = new Command("check", "Check configuration and rules without starting: file, line, key, what is wrong, how to mend it.") { config, json };
        command.SetAction(parsed => Check(parsed.GetValue(config)!, parsed.GetValue(json)));
        return command;
    }

    private static int Check(string folder, bool json)
    {
        var errors = new SettingsErrors();
        var settings = GatewaySettings.Read(folder, Folders.Environment(), errors);
        if (json)
        {
            WriteJson(errors.All);
        }
        else if (errors.IsEmpty)
        {
            var kept = Directory.Exists(folder) ? "" : $" ({folder} does not exist: everything has its default)";
            AnsiConsole.MarkupLineInterpolated($"[green]●[/] Fine: {Words.Count(settings.Rules.Rules.Count, "rule")}, {Words.Count(settings.Devices.Described.Count, "device")} described{kept}.");
        }
        else
        {
            SettingsReport.Write(AnsiConsole.Console, errors.All);
        }

        return errors.IsEmpty ? 0 : CommandLine.Failed;
    }

    private static void WriteJson(IReadOnlyList<SettingsError> errors)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var error in errors)
            {
                json.WriteStartObject();
                json.WriteString("file", error.File);
                json.WriteNumber("line", error.Line);
                json.WriteNumber("column", error.Column);
                json.WriteString("key", error.Key);
                json.WriteString("message", error.Message);
                json.WriteString("mend", error.Mend);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        output.WriteByte((byte)'\n');
    }
}
