using System.CommandLine;
using IotEvents.Gateway.Cli.Alerts;
using IotEvents.Gateway.Cli.Rules;

namespace IotEvents.Gateway.Cli;

/// <summary>The verbs of <c>iotevents</c>: one file each, one line here.</summary>
public static class CommandLine
{
    /// <summary>The thing asked for failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>0 success, 1 the thing asked for failed, 2 wrong usage.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync();
        }

        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync($"iotevents: {error.Message}");
        }

        await Console.Error.WriteLineAsync("Try 'iotevents --help'.");
        return WrongUsage;
    }

    /// <summary>All of it.</summary>
    internal static RootCommand Create() => new("Turns sensor traffic into events, judges them by rules, tells people, keeps the history.")
    {
        RunCommand.Create(),
        DemoCommand.Create(),
        CheckCommand.Create(),
        CadenceCommand.Create(),
        RulesCommand.Create(),
        AlertsCommand.Create(),
        ScheduleCommand.Create(),
        SchemaCommand.Create(),
        QualityCommand.Create(),
        ClockCommand.Create(),
        ReloadCommand.Create(),
        OverrideCommand.Create(),
    };
}
