using System.CommandLine;
using System.Globalization;
using IotEvents.Simulator.Runs;
using IotEvents.Simulator.Scenarios;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotEvents.Simulator.Cli;

/// <summary><c>run SCENARIO</c>: plays a scenario in real time, or writes it down in virtual time.</summary>
internal static class RunCommand
{
    public static Command Create(Screen screen)
    {
        var scenario = new Argument<string>("SCENARIO") { Description = ScenarioArgument.Description };
        var mqtt = CommonOptions.Mqtt();
        var seed = CommonOptions.Count("--seed", "Another seed than the scenario's", 0, long.MaxValue);
        var speed = CommonOptions.Number("--speed", "How many times faster than real, such as 10x", "x", 1000);
        var length = CommonOptions.Duration("--for", "How long to play; until Ctrl-C without it");
        var isVirtual = new Option<bool>("--virtual") { Description = "Virtual time: write messages as JSON lines, send nothing" };
        var days = CommonOptions.Number("--days", "How many virtual days (default 1)", "d", 36_500);
        var file = new Option<string?>("--out") { Description = "Where virtual messages go; to the screen without it" };
        var serial = new Option<string?>("--serial") { Description = "Path of a symbolic link to the serial line" };
        var truth = new Option<string?>("--truth") { Description = "Where the truth goes: what went wrong, where and when" };
        var scoring = new ScoreOptions();
        var command = new Command("run", "Play a scenario: devices over MQTT and serial lines")
        {
            scenario, mqtt, seed, speed, length, isVirtual, days, file, truth, serial,
        };
        scoring.AddTo(command);
        command.Validators.Add(result =>
        {
            Option[] needVirtual = [days, file, truth];
            if (!result.GetValue(isVirtual) &&
                (scoring.IsAsked(result) || needVirtual.Any(option => result.GetResult(option) is not null)))
            {
                result.AddError("--days, --out, --truth and --score need --virtual");
            }

            if (scoring.IsAsked(result) && result.GetResult(file) is not null)
            {
                result.AddError("With --score the messages go to the gateway; leave out --out");
            }
        });
        command.SetAction(async (parsed, stop) =>
        {
            if (ScenarioArgument.Load(parsed.GetValue(scenario)!, parsed.GetValue(seed), screen) is not { } loaded)
            {
                return ExitCode.WrongUsage;
            }

            if (parsed.GetValue(isVirtual))
            {
                var span = parsed.GetValue(length) ?? TimeSpan.FromDays(parsed.GetValue(days) ?? 1);
                return scoring.IsAsked(parsed.CommandResult)
                    ? await ScoreCommand.RunAsync(
                        screen, parsed.GetValue(scenario)!, loaded, span, scoring.Request(parsed, parsed.GetValue(truth)), stop)
                    : await WriteVirtualAsync(screen, loaded, span, parsed.GetValue(file), parsed.GetValue(truth), stop);
            }

            var targets = new SimulationTargets
            {
                MqttEndPoint = parsed.GetValue(mqtt),
                SerialLinkPath = parsed.GetValue(serial),
                Speed = parsed.GetValue(speed) ?? 1,
                For = parsed.GetValue(length) ?? TimeSpan.MaxValue,
            };
            return await PlayAsync(screen, loaded, targets, stop);
        });
        return command;
    }

    internal static async Task<int> PlayAsync(Screen screen, Scenario scenario, SimulationTargets targets, CancellationToken stop)
    {
        using var run = SimulationRun.FromScenario(scenario, targets, screen.Clock, NullLogger.Instance);
        try
        {
            run.Start();
        }
        catch (IOException error)
        {
            return screen.Fail($"The serial line cannot be made: {error.Message}");
        }

        screen.Say($"Playing {scenario.Name} with seed {scenario.Seed}; Ctrl-C ends it.");
        foreach (var path in run.SerialPaths)
        {
            screen.Output.WriteLine(path);
        }

        var playing = run.RunAsync(stop);
        while (!playing.IsCompleted)
        {
            await Task.WhenAny(playing, Task.Delay(TimeSpan.FromSeconds(screen.IsWatched ? 1 : 10), screen.Clock, CancellationToken.None));
            screen.Say(Describe(run.Counters));
        }

        await playing;
        var nothingArrived = run.Counters is { Sent: 0, LinkDown: > 0 };
        return nothingArrived ? screen.Fail($"Nothing was sent: no MQTT broker answers at {targets.MqttEndPoint}") : ExitCode.Success;
    }

    private static string Describe(SimulationCounters counters) => string.Create(CultureInfo.InvariantCulture,
        $"{counters.Produced} messages, {counters.Sent} sent, lost: {counters.LinkDown} link down, {counters.NobodyReads} nobody reads, {counters.Full} too slow");

    private static async Task<int> WriteVirtualAsync(
        Screen screen, Scenario scenario, TimeSpan length, string? file, string? truthFile, CancellationToken stop)
    {
        try
        {
            await using var output = file is null ? Console.OpenStandardOutput() : File.Create(file);
            await using var buffered = new BufferedStream(output, 1 << 16);
            await using var truth = truthFile is null ? null : new BufferedStream(File.Create(truthFile), 1 << 16);
            var began = screen.Clock.GetTimestamp();
            var written = await screen.WithProgressAsync(scenario.Name, progress =>
                Task.Run(() => VirtualRun.Write(scenario, length, buffered, stop, truth, progress), CancellationToken.None));
            var seconds = Math.Max(screen.Clock.GetElapsedTime(began).TotalSeconds, 0.001);
            screen.Say(string.Create(CultureInfo.InvariantCulture,
                $"{written} messages in {seconds:F1} s, {written / seconds:F0} a second"));
            return ExitCode.Success;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return screen.Fail($"The messages cannot be written: {error.Message}");
        }
    }
}
