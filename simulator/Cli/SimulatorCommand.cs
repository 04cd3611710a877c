using System.CommandLine;

namespace IotEvents.Simulator.Cli;

/// <summary>The program <c>iotevents-simulator</c>: its verbs, one line each.</summary>
public static class SimulatorCommand
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">What the user typed after the program's name.</param>
    /// <param name="output">Takes results.</param>
    /// <param name="error">Takes progress and problems.</param>
    /// <param name="clock">The real clock.</param>
    /// <param name="stop">Ends the command early, as Ctrl-C does.</param>
    /// <returns>0 success, 1 the thing asked for failed, 2 wrong usage.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TimeProvider clock, CancellationToken stop)
    {
        var screen = new Screen(output, error, clock);
        var root = new RootCommand("Plays the world outside the gateway: devices, faults, recordings, load.")
        {
            RunCommand.Create(screen),
            ReplayCommand.Create(screen),
            LoadCommand.Create(screen),
            SerialCommand.Create(screen),
            ListCommand.Create(screen),
        };
        var parsed = root.Parse(args);
        var exit = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, stop);
        return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : exit;
    }
}
