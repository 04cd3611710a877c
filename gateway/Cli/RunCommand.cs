using System.CommandLine;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting;
using IotEvents.Gateway.Hosting.Clock;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Journal;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents run</c>: the gateway, until it is told to stop.</summary>
internal static partial class RunCommand
{
    public static Command Create()
    {
        var config = Folders.ConfigOrDefaults();
        var data = Folders.Data();
        var command = new Command("run", "Run the gateway until it is stopped (Ctrl-C, SIGTERM).") { config, data };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(data)!));
        return command;
    }

    private static async Task<int> RunAsync(string config, string data)
    {
        var errors = new SettingsErrors();
        var settings = GatewaySettings.Read(config, Folders.Environment(), errors);
        if (!errors.IsEmpty)
        {
            SettingsReport.Write(StandardError(), errors.All);
            return CommandLine.Failed;
        }

        using var stop = new StopSignal(onHangUp: false);
        using var watchdog = new Watchdog(
            Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"));
        using var loggers = LoggerFactory.Create(GatewayLogging.ToStandardError);
        try
        {
            return await RunAsync(settings, data, loggers, watchdog, stop);
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
    }

    private static async Task<int> RunAsync(
        GatewaySettings settings, string data, ILoggerFactory loggers, Watchdog watchdog, StopSignal signal)
    {
        var stop = signal.Token;
        var clock = new SteadyClock(TimeProvider.System, ClockHealth.Ask, settings.Clock);
        await using var gateway = new RunningGateway(settings, data, clock, loggers);
        await using var web = GatewayWeb.Build(gateway, clock, GatewayLogging.ToStandardError);
        using var hangUp = new ReloadSignal(() => _ = ReloadAsync(gateway, loggers, stop), signal.Stop);
        await gateway.StartAsync(stop);
        await web.StartAsync(stop);
        watchdog.Ready();
        var pings = watchdog.RunAsync(gateway.Pipeline.HasComeRound, TimeProvider.System, stop);
        await Console.Out.WriteLineAsync(
            $"IotEvents {GatewayView.ProgramVersion}: console {web.Address}{(gateway.Broker is { } broker ? $", MQTT {broker.EndPoint}" : "")}");
        var ended = await Task.WhenAny(gateway.Broken, stop.WhenCanceledAsync());
        watchdog.Stopping();
        if (ended == gateway.Broken)
        {
            // An error of the code on the journal's thread: the process must not look alive.
            await gateway.Broken;
        }

        await pings;
        return 0;
    }

    private static async Task ReloadAsync(RunningGateway gateway, ILoggerFactory loggers, CancellationToken stop)
    {
        try
        {
            // What it did, or what is wrong in the files, stands in the log.
            await gateway.Reloader.ReloadAsync("signal", stop);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or OperationCanceledException)
        {
            NotReloaded(loggers.CreateLogger("IotEvents.Reload"), failure.Message);
        }
    }

    [LoggerMessage(5204, LogLevel.Error, "Rules were not read again: {Message}")]
    private static partial void NotReloaded(ILogger logger, string message);

    private static IAnsiConsole StandardError() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
}
