using System.CommandLine;
using System.Globalization;
using System.Net;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Cli.Terminal;
using IotEvents.Gateway.Hosting;
using IotEvents.Gateway.Hosting.Clock;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Journal;
using IotEvents.Simulator.Runs;
using IotEvents.Simulator.Scenarios;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents demo</c>: the whole gateway with simulated devices and this computer's own sensors, live in the terminal.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var duration = new Option<string?>("--for") { Description = "Stop by itself after this time, such as 60s.", HelpName = "TIME" };
        var http = new Option<int>("--http") { Description = "HTTP port on 127.0.0.1; 0 = any free one.", DefaultValueFactory = _ => 8080 };
        var mqtt = new Option<int>("--mqtt") { Description = "MQTT port on 127.0.0.1; 0 = any free one.", DefaultValueFactory = _ => 1883 };
        var data = new Option<string?>("--data") { Description = "Keep the data in this folder. Default: a temporary one.", HelpName = "DIR" };
        var command = new Command(
            "demo", "Watch this computer and a simulated building, cold chain and field; show readings and alerts live.") { duration, http, mqtt, data };
        duration.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !SettingsValues.TryParseDuration(text, out _))
            {
                result.AddError($"'{text}' is not a length of time; write it like 60s or 5m.");
            }
        });
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(duration) is { } text && SettingsValues.TryParseDuration(text, out var time) ? time : null,
            parsed.GetValue(http), parsed.GetValue(mqtt), parsed.GetValue(data)));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan? duration, int http, int mqtt, string? data)
    {
        var folder = Directory.CreateTempSubdirectory("iotevents-demo-").FullName;
        using var stop = new StopSignal();
        try
        {
            return await RunAsync(folder, data ?? Path.Combine(folder, "data"), duration, http, mqtt, stop.Token);
        }
        catch (Exception failure) when (failure is JournalFailedException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"iotevents: {failure.Message}");
            return CommandLine.Failed;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(
        string folder, string data, TimeSpan? duration, int http, int mqtt, CancellationToken stop)
    {
        var serialLine = Path.Combine(folder, "weather.tty");
        var errors = new SettingsErrors();
        var settings = WriteSettings(folder, serialLine, http, mqtt, errors);
        if (!errors.IsEmpty)
        {
            SettingsReport.Write(AnsiConsole.Console, errors.All);
            return CommandLine.Failed;
        }

        Directory.CreateDirectory(data);
        var log = Path.Combine(data, "demo.log");
        using var loggers = LoggerFactory.Create(logging => GatewayLogging.ToFile(logging, log));
        var clock = new SteadyClock(TimeProvider.System, ClockHealth.Ask, settings.Clock);
        await using var gateway = new RunningGateway(settings, data, clock, loggers);
        var board = new LiveBoard(gateway.Catalog, gateway.Devices, gateway.Alerts, gateway.InForce);
        gateway.Watcher = board.Take;
        await using var web = GatewayWeb.Build(gateway, clock, logging => GatewayLogging.ToFile(logging, log));
        await gateway.StartAsync(stop);
        await web.StartAsync(stop);

        using var simulation = SimulationRun.FromScenario(
            Scenario.BuiltIn("demo"), new SimulationTargets { MqttEndPoint = gateway.Broker!.EndPoint, SerialLinkPath = serialLine },
            clock, loggers.CreateLogger<SimulationRun>());
        simulation.Start();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (duration is { } limit)
        {
            end.CancelAfter(limit);
        }

        var playing = simulation.RunAsync(end.Token);
        var addresses = $"console {web.Address} · MQTT {gateway.Broker.EndPoint} · log {log}";
        await new LiveScreen(AnsiConsole.Console, clock, Refresh).ShowAsync(
            now => board.Snapshot(now) with
            {
                Addresses = addresses,
                StoreBytes = gateway.Store.Status.BytesOnDisk + gateway.Journal.Status.UsedBytes,
                TimeLeft = duration - gateway.Uptime,
                Problem = gateway.Journal.Status.State is JournalState.Ok or JournalState.Closed ? "" : gateway.Journal.Status.Detail,
            },
            end.Token);
        await playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        WriteSummary(AnsiConsole.Console, gateway, board, data);
        return 0;
    }

    private static GatewaySettings WriteSettings(string folder, string serialLine, int http, int mqtt, SettingsErrors errors)
    {
        var rules = Directory.CreateDirectory(Path.Combine(folder, "config", "rules")).FullName;
        var config = Path.Combine(folder, "config");
        File.WriteAllText(Path.Combine(config, "gateway.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            http: { listen: "{{IPAddress.Loopback}}:{{http}}" }
            mqtt: { broker: { listen: "{{IPAddress.Loopback}}:{{mqtt}}" } }
            serial: [ { name: weather-1, port: "{{serialLine}}", baud: 115200, decoder: json } ]
            """));
        File.WriteAllText(Path.Combine(config, "devices.yaml"), Resource("devices.yaml"));
        File.WriteAllText(Path.Combine(rules, "demo.yaml"), Resource("rules.yaml"));
        return GatewaySettings.Read(config, Folders.Environment(), errors);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(DemoCommand).Assembly.GetManifestResourceStream($"Demo/{name}")!);
        return reader.ReadToEnd();
    }

    private static void WriteSummary(IAnsiConsole console, RunningGateway gateway, LiveBoard board, string data)
    {
        var store = gateway.Store.Status;
        console.MarkupLineInterpolated(
            $"[bold]{board.Readings}[/] readings of [bold]{gateway.Devices.All.Count}[/] devices in [bold]{gateway.Catalog.Count}[/] series stored.");
        console.MarkupLineInterpolated($"[bold]{board.Raised}[/] alerts raised, [bold]{board.Ended}[/] ended:");
        foreach (var alert in gateway.Alerts.List(null, 20).OrderBy(alert => alert.RaisedAt))
        {
            var end = alert.EndedAt.HasValue ? $"ended after {Words.Age(alert.EndedAt - alert.RaisedAt)}: {Events.TransitionNames.Name(alert.Reason)}" : "active";
            console.MarkupLineInterpolated($"  {Timestamped(alert.RaisedAt)}  {alert.Rule}  {alert.Summary}  [grey]{end}[/]");
        }

        if (Directory.Exists(data) && !data.StartsWith(Path.GetTempPath(), StringComparison.Ordinal))
        {
            console.MarkupLineInterpolated($"The data is kept in {data} ({Words.Size(store.BytesOnDisk)} of history).");
        }
    }

    private static string Timestamped(Timestamp at) => at.ToDateTimeOffset().ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
