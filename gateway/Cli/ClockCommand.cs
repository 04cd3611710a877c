using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Clock;
using IotEvents.Gateway.Hosting.Configuration;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents clock</c>: what this computer's clock shows, and whether a gateway that started now would trust it.</summary>
internal static class ClockCommand
{
    public static Command Create()
    {
        var config = Folders.Config();
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var command = new Command("clock", "What this computer's clock shows, and whether the gateway would trust it.") { config, json };
        command.SetAction(parsed => Show(parsed.GetValue(config)!, parsed.GetValue(json)));
        return command;
    }

    private static int Show(string folder, bool json)
    {
        var errors = new SettingsErrors();
        var options = GatewaySettings.Read(folder, Folders.Environment(), errors).Clock;
        if (!errors.IsEmpty)
        {
            SettingsReport.Write(AnsiConsole.Console, errors.All);
            return CommandLine.Failed;
        }

        var now = Timestamp.Now(TimeProvider.System);
        var health = ClockHealth.Ask();
        var isTrusted = SteadyClock.Trusts(now, health, options);
        if (json)
        {
            WriteJson(now, health, isTrusted);
            return 0;
        }

        AnsiConsole.MarkupLineInterpolated($"time          {now}");
        AnsiConsole.MarkupLineInterpolated($"synchronised  {(health.IsSynchronised ? "yes" : "no: no time service keeps it, or the system does not tell")}");
        AnsiConsole.MarkupLineInterpolated($"battery       {(health.HasBattery ? "yes" : "no: it begins with a wrong time after every start")}");
        AnsiConsole.MarkupLineInterpolated($"up            {SettingsValues.Format(TimeSpan.FromSeconds((long)health.Uptime.TotalSeconds))}");
        AnsiConsole.MarkupLineInterpolated($"trusted       {Verdict(now, options, isTrusted)}");
        return 0;
    }

    private static string Verdict(Timestamp now, ClockOptions options, bool isTrusted) => isTrusted
        ? "yes"
        : now < SteadyClock.Earliest
            ? $"no: it shows a time before {SteadyClock.Earliest}; set it, or start a time service"
            : string.Create(CultureInfo.InvariantCulture, $"not yet: the gateway waits until {SettingsValues.Format(options.SyncWait)} after the computer's start for a time service");

    private static void WriteJson(Timestamp now, ClockHealth health, bool isTrusted)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("time", now.ToString());
            json.WriteBoolean("synchronised", health.IsSynchronised);
            json.WriteBoolean("battery", health.HasBattery);
            json.WriteNumber("uptime_seconds", (long)health.Uptime.TotalSeconds);
            json.WriteBoolean("trusted", isTrusted);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }
}
