using System.CommandLine;
using System.Diagnostics;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Testing;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules test</c>: unit tests of rules in virtual time.</summary>
internal static class RulesTestCommand
{
    private const int SeedsPerTest = 5;

    public static Command Create()
    {
        var paths = new Argument<string[]>("FILE")
        {
            Description = "Files of tests, or folders with such files. Default: the folder tests of the configuration folder.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var shuffle = new Option<string?>("--shuffle")
        {
            Description = $"Also deliver the readings of each test in {SeedsPerTest} random orders, each reading late by less than this, such as 30s; the alerts must stay the same.",
            HelpName = "TIME",
        };
        var seed = new Option<int>("--seed")
        {
            Description = "The seed of the first random order.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var junit = new Option<string?>("--junit") { Description = "Also write the outcome as JUnit XML.", HelpName = "FILE" };
        var config = Folders.Config();
        var command = new Command("test", "Run unit tests of rules in virtual time: series in, expected alerts out.")
        {
            paths, shuffle, seed, json, junit, config,
        };
        command.SetAction(parsed => Run(new Request(
            parsed.GetValue(paths)!, parsed.GetValue(config)!, parsed.GetValue(shuffle), parsed.GetValue(seed),
            parsed.GetValue(json), parsed.GetValue(junit)), AnsiConsole.Console));
        return command;
    }

    /// <summary>What was asked for on the command line.</summary>
    internal sealed record Request(
        IReadOnlyList<string> Paths, string Config, string? Shuffle = null, int Seed = 1, bool Json = false, string? Junit = null);

    /// <summary>Runs the tests.</summary>
    /// <returns>0 all passed, 1 a test failed or a file has errors, 2 wrong usage.</returns>
    internal static int Run(Request request, IAnsiConsole console)
    {
        var lateness = TimeSpan.Zero;
        if (request.Shuffle is { } text && (!SettingsValues.TryParseDuration(text, out lateness) || lateness <= TimeSpan.Zero || lateness > TimeSpan.FromHours(1)))
        {
            return Misused($"'{text}' is no time to shuffle within", "write it like --shuffle 30s, up to 1h");
        }

        var errors = new SettingsErrors();
        var loader = new RuleTestLoader(request.Config, errors);
        if (Load(request, loader) is not { } files)
        {
            return CommandLine.WrongUsage;
        }

        if (files.Count == 0 && errors.IsEmpty)
        {
            return Misused("There are no tests in " + string.Join(", ", request.Paths), "give files with the key tests:, or folders with such files");
        }

        var seeds = lateness > TimeSpan.Zero ? Enumerable.Range(request.Seed, SeedsPerTest).ToList() : [];
        var started = Stopwatch.GetTimestamp();
        var results = files.SelectMany(file => file.Tests.SelectMany(test => RunOne(test, file.Bed, lateness, seeds))).ToList();
        var summary = new RuleTestSummary(results, errors.All, seeds, lateness, Stopwatch.GetElapsedTime(started));
        if (request.Json)
        {
            using var output = Console.OpenStandardOutput();
            RuleTestJson.Write(output, summary);
        }
        else
        {
            RuleTestReport.Write(console, summary);
        }

        return TryWriteJunit(request.Junit, summary) && summary.Passed ? 0 : CommandLine.Failed;
    }

    private static IEnumerable<RuleTestResult> RunOne(RuleTest test, RuleTestBed bed, TimeSpan lateness, List<int> seeds)
    {
        var inOrder = RuleTestJudge.Run(test, bed);
        if (seeds.Count == 0)
        {
            return [inOrder];
        }

        // What comes within the limit is not historical, however the gateway is set.
        var options = bed.Options with
        {
            Lateness = lateness,
            HistoricalAfter = bed.Options.HistoricalAfter > lateness ? bed.Options.HistoricalAfter : lateness,
        };
        return [inOrder, .. RuleTestJudge.RunShuffled(test, bed, options, lateness, seeds)];
    }

    private static List<RuleTestFile>? Load(Request request, RuleTestLoader loader)
    {
        var paths = request.Paths;
        if (paths.Count == 0)
        {
            var standard = Path.Combine(request.Config, "tests");
            if (!Directory.Exists(standard))
            {
                Misused($"There is no folder {standard}", "name files or folders with tests");
                return null;
            }

            paths = [standard];
        }

        var files = new List<RuleTestFile>();
        foreach (var path in paths)
        {
            var isFolder = Directory.Exists(path);
            if (!isFolder && !File.Exists(path))
            {
                Misused($"There is no file or folder {path}", "name files or folders with tests");
                return null;
            }

            files.AddRange((isFolder ? RuleTestPaths.InFolder(path, recurse: true) : [path])
                .Select(file => loader.Read(file, isGuess: isFolder)).OfType<RuleTestFile>());
        }

        return files;
    }

    private static bool TryWriteJunit(string? path, RuleTestSummary summary)
    {
        if (path is null)
        {
            return true;
        }

        try
        {
            using var file = File.Create(path);
            RuleTestJunit.Write(file, summary);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"iotevents: {path} cannot be written: {error.Message}");
            return false;
        }
    }

    private static int Misused(string what, string mend)
    {
        Console.Error.WriteLine($"iotevents: {what}; {mend}.");
        return CommandLine.WrongUsage;
    }
}
