using System.CommandLine;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Cli.Benchmark;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Replay;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules score</c>: precision, recall and delay of rules on recorded messages whose truth is known.</summary>
/// <remarks>Reads its files and writes its result; nothing else: no network, no data folder, nobody is notified.</remarks>
internal static class RulesScoreCommand
{
    private static readonly TimeSpan GraceByDefault = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var messages = new Argument<string?>("MESSAGES")
        {
            Description = "Recorded messages, one JSON object per line; - for standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var truth = new Option<string?>("--truth")
        {
            Description = "What was truly the case, one JSON object per line.",
            HelpName = "FILE",
        };
        var nab = BenchmarkCommand.Folder();
        var config = Folders.Config();
        var grace = new Option<string>("--grace")
        {
            Description = "How long after an incident an alert still counts, or before it.",
            HelpName = "TIME",
            DefaultValueFactory = _ => SettingsValues.Format(GraceByDefault),
        };
        var list = new Option<int>("--list")
        {
            Description = "How many missed incidents and false alarms to list.",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
        };
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var silent = new Option<bool>("--no-progress") { Description = "Do not show how far it is." };
        grace.Validators.Add(result =>
        {
            if (!SettingsValues.TryParseDuration(result.GetValueOrDefault<string>() ?? "", out var time) || time > TimeSpan.FromDays(366))
            {
                result.AddError($"'{result.GetValueOrDefault<string>()}' is not a length of time up to 366d; write it like 10m or 1h30m.");
            }
        });
        list.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--list is 0 or more.");
            }
        });
        var command = new Command("score", "Score the rules on recorded messages whose truth is known: precision, recall, delay.")
        {
            messages, truth, config, grace, list, json, silent, nab,
        };
        command.Validators.Add(result =>
        {
            var isLabelled = result.GetValue(nab) is not null;
            if (isLabelled == (result.GetValue(messages) is not null) || isLabelled == (result.GetValue(truth) is not null))
            {
                result.AddError("Give MESSAGES with --truth to score the rules, or --nab FOLDER to score the anomaly kind.");
            }
        });
        command.SetAction((parsed, stop) =>
        {
            if (parsed.GetValue(nab) is { } folder)
            {
                return Task.FromResult(BenchmarkCommand.Score(folder, parsed.GetValue(json)));
            }

            _ = SettingsValues.TryParseDuration(parsed.GetValue(grace)!, out var length);
            var run = new Request(parsed.GetValue(messages)!, parsed.GetValue(truth)!, parsed.GetValue(config)!, length);
            var report = new ScoreReport(Console.Out, parsed.GetValue(list), parsed.GetValue(json));
            return Task.FromResult(Score(run, report, !parsed.GetValue(silent), stop));
        });
        return command;
    }

    private static int Score(Request request, ScoreReport report, bool showsProgress, CancellationToken stop)
    {
        var errors = new SettingsErrors();
        var settings = GatewaySettings.Read(request.Config, Folders.Environment(), errors, mayLackAlerts: true);
        if (!errors.IsEmpty)
        {
            SettingsReport.Write(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), errors.All);
            return CommandLine.Failed;
        }

        if (Problem(request) is { } problem)
        {
            return Fail(problem);
        }

        if (settings.Rules.Rules.Count == 0)
        {
            Console.Error.WriteLine($"iotevents: there is no rule in {Path.Combine(request.Config, "rules")}: nothing will be found.");
        }

        try
        {
            var replay = new ScoredReplay(
                settings.Rules, settings.Devices, PayloadDecoderList.Map(settings.Devices.Topics), settings.Normalize, settings.RuleEngine);
            return Score(request, replay, report, showsProgress, stop);
        }
        catch (Exception error) when (error is RecordedLineException or TooManyAlertsException
            or IOException or UnauthorizedAccessException)
        {
            return Fail(error.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail("stopped before the end; nothing was scored.");
        }
    }

    private static int Score(Request request, ScoredReplay replay, ScoreReport report, bool showsProgress, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        using (var input = request.Messages == "-" ? Console.OpenStandardInput() : File.OpenRead(request.Messages))
        {
            var bytes = input.CanSeek ? input.Length : 0;
            ReplayBar.Run(showsProgress, bytes, () => replay.Messages.BytesRead, progress => replay.Run(input, progress, stop));
        }

        if (replay.Messages.Messages == 0)
        {
            return Fail($"there is no message in {request.Messages}; write some with {Written("out", request.Messages)}.");
        }

        // The truth may still have been written while the messages came through a pipe: it is read last.
        using var truth = File.OpenRead(request.Truth);
        var score = replay.Against(TruthFile.Read(truth), request.Grace);
        report.Write(score, replay, TimeProvider.System.GetElapsedTime(began));
        return 0;
    }

    private static string? Problem(Request request) =>
        !Directory.Exists(request.Config)
            ? $"there is no folder {request.Config}; name the folder that holds rules/*.yaml with --config."
        : request.Messages != "-" && !File.Exists(request.Messages)
            ? $"there is no file {request.Messages}; write it with {Written("out", request.Messages)}."
        : !File.Exists(request.Truth)
            ? $"there is no file {request.Truth}; write it with {Written("truth", request.Truth)}."
        : null;

    private static string Written(string option, string file) => $"'iotevents-simulator run … --virtual --{option} {file}'";

    private static int Fail(string problem)
    {
        Console.Error.WriteLine($"iotevents: {problem}");
        return CommandLine.Failed;
    }

    private sealed record Request(string Messages, string Truth, string Config, TimeSpan Grace);
}
