using System.Globalization;
using IotEvents.Simulator.Scenarios;
using IotEvents.Simulator.Scoring;

namespace IotEvents.Simulator.Cli;

/// <summary><c>run … --virtual --score</c>: has the user's rules judged against the truth of the scenario.</summary>
internal static class ScoreCommand
{
    /// <summary>Plays, judges, prints.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="name">The scenario as the user names it: built-in ones may bring rules along.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="length">How long, in virtual time.</param>
    /// <param name="request">What the user asks for.</param>
    /// <param name="stop">Ends it early.</param>
    public static async Task<int> RunAsync(
        Screen screen, string name, Scenario scenario, TimeSpan length, ScoreRequest request, CancellationToken stop)
    {
        var searchPath = Environment.GetEnvironmentVariable("PATH");
        if (GatewayProgram.Find(request.Gateway, AppContext.BaseDirectory, searchPath, out var problem) is not { } gateway)
        {
            return screen.Fail(problem);
        }

        var folder = Directory.CreateTempSubdirectory("iotevents-score-").FullName;
        try
        {
            if (ChooseRules(screen, name, request.Rules, folder) is not { } rules)
            {
                return ExitCode.WrongUsage;
            }

            var truth = request.Truth ?? Path.Combine(folder, "truth.jsonl");
            return await RunAsync(screen, scenario, length, new ScoreRunOptions(gateway, rules, truth, request.More), stop);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return screen.Fail($"The run cannot be scored: {error.Message}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(
        Screen screen, Scenario scenario, TimeSpan length, ScoreRunOptions options, CancellationToken stop)
    {
        var began = screen.Clock.GetTimestamp();
        var result = await screen.WithProgressAsync($"{scenario.Name}, {length.TotalDays:0.##} days", progress =>
            ScoreRun.RunAsync(scenario, length, options, progress, stop));
        screen.Output.Write(result.Output);
        foreach (var line in result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            screen.Say(line);
        }

        if (result.ExitCode != 0 || result.Messages is not { } messages)
        {
            return screen.Fail($"The gateway's 'rules score' ({options.Gateway}) did not score the run");
        }

        var seconds = Math.Max(screen.Clock.GetElapsedTime(began).TotalSeconds, 0.001);
        screen.Say(string.Create(CultureInfo.InvariantCulture,
            $"{messages} messages played and judged in {seconds:F1} s, {messages / seconds:F0} a second"));
        return ExitCode.Success;
    }

    /// <summary>The user's rules; without them those that come with the scenario.</summary>
    private static string? ChooseRules(Screen screen, string scenario, string? given, string folder)
    {
        if (given is not null)
        {
            if (Directory.Exists(given))
            {
                return given;
            }

            screen.Say($"There is no folder {given}; name the folder that holds rules/*.yaml with --rules");
            return null;
        }

        if (ExampleRules.TryWrite(scenario, folder))
        {
            screen.Say($"Judged by the rules that come with {scenario}; 'list {scenario} --rules' prints them, --rules DIR takes yours.");
            return folder;
        }

        screen.Say("Name the folder that holds your rules/*.yaml with --rules");
        return null;
    }
}

/// <summary>What a user asks for.</summary>
/// <param name="Gateway">The gateway's program; null to find it.</param>
/// <param name="Rules">The configuration folder with the rules; null for those that come with the scenario.</param>
/// <param name="Truth">Where to keep the truth; null to throw it away.</param>
/// <param name="More">More options of <c>rules score</c>.</param>
internal sealed record ScoreRequest(string? Gateway, string? Rules, string? Truth, IReadOnlyList<string> More);
