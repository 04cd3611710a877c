using System.CommandLine;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary><c>iotevents rules score</c>: how well the anomaly kind finds what people labelled, beside plain thresholds.</summary>
internal static class BenchmarkCommand
{
    /// <summary>The option that asks for it.</summary>
    public static Option<string?> Folder() => new("--nab")
    {
        Description = "Folder with labels.json and CSV files, in the form of the Numenta anomaly benchmark.",
    };

    /// <summary>Scores a folder and writes the report to the standard output.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="json">True to write JSON.</param>
    /// <returns>The exit code.</returns>
    public static int Score(string folder, bool json)
    {
        try
        {
            var series = LabelledFolder.Read(folder);
            var report = BenchmarkReport.Of(series, (name, number) => Tell($"{number} of {series.Count}: {name}"));
            Tell("");
            if (json)
            {
                using var output = Console.OpenStandardOutput();
                BenchmarkJson.Write(output, report);
            }
            else
            {
                BenchmarkTable.Write(AnsiConsole.Console, report);
            }

            return 0;
        }
        catch (LabelledFolderException problem)
        {
            Console.Error.WriteLine($"iotevents: {problem.Message}");
            return CommandLine.Failed;
        }
    }

    // One line that writes itself over; only where somebody watches.
    private static void Tell(string progress)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{progress,-60}\r");
        }
    }
}
