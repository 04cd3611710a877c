using System.CommandLine;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Replay;
using Microsoft.Data.Sqlite;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules plan</c>: what other rules would have done with the history, before they are put in force.</summary>
/// <remarks>Reads the data folder, also beside a running gateway, and changes nothing; nobody is notified.</remarks>
internal static class RulesPlanCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("DIR") { Description = "The new rules: a configuration folder, a folder of rule files, or one rule file." };
        var since = Since();
        var data = Folders.Data();
        var config = Folders.Config();
        var list = new Option<int>("--list")
        {
            Description = "How many changed alerts to list.",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
        };
        var json = new Option<bool>("--json") { Description = "Machine-readable output, with every changed alert." };
        var silent = new Option<bool>("--no-progress") { Description = "Do not show how far it is." };
        list.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--list is 0 or more.");
            }
        });
        var command = new Command("plan", "Show what other rules would change: alerts, notifications, timers, by the history.")
        {
            path, since, data, config, list, json, silent,
        };
        command.SetAction((parsed, stop) =>
        {
            _ = SettingsValues.TryParseDuration(parsed.GetValue(since)!, out var length);
            var request = new Request(parsed.GetValue(path)!, parsed.GetValue(config)!, parsed.GetValue(data)!, length);
            var (isJson, max) = (parsed.GetValue(json), parsed.GetValue(list));
            return Task.FromResult(Plan(request, !parsed.GetValue(silent), Write, stop));

            void Write(RulePlan plan, PlanFrame frame)
            {
                if (isJson)
                {
                    PlanJson.Write(Console.Out, plan, frame);
                }
                else
                {
                    PlanReport.Write(AnsiConsole.Console, plan, frame, max);
                }
            }
        });
        return command;
    }

    /// <summary>The option <c>--since</c>: how far back the history is looked at.</summary>
    public static Option<string> Since()
    {
        var since = new Option<string>("--since")
        {
            Description = "How far back from the newest stored reading.",
            HelpName = "TIME",
            DefaultValueFactory = _ => "30d",
        };
        since.Validators.Add(result =>
        {
            if (!SettingsValues.TryParseDuration(result.GetValueOrDefault<string>() ?? "", out var time)
                || time <= TimeSpan.Zero || time > TimeSpan.FromDays(3660))
            {
                result.AddError($"'{result.GetValueOrDefault<string>()}' is not a length of time up to 3660d; write it like 30d or 12h.");
            }
        });
        return since;
    }

    private static int Plan(Request request, bool showsProgress, Action<RulePlan, PlanFrame> write, CancellationToken stop)
    {
        if (!File.Exists(request.Path) && !Directory.Exists(request.Path))
        {
            return Fail($"there is no {request.Path}; name a configuration folder, a folder of rule files, or a rule file.");
        }

        if (!Directory.Exists(request.Config))
        {
            return Fail($"there is no folder {request.Config}; name the folder of the rules in force with --config.");
        }

        var errors = new SettingsErrors();
        var old = PlanSources.InForce(request.Config, errors);
        var planned = PlanSources.Planned(request.Path, old, errors);
        if (!errors.IsEmpty)
        {
            SettingsReport.WriteAny(errors);
            return CommandLine.Failed;
        }

        try
        {
            using var archive = SeriesArchive.Open(Path.Combine(request.Data, "series.db"));
            var newest = archive.Catalog.All.Select(series => archive.Latest(series.Id)).DefaultIfEmpty(Timestamp.None).Max();
            var (from, to) = PlanSources.Range(newest, request.Since);
            if (!to.HasValue)
            {
                return Fail($"the history in {request.Data} has no reading yet; there is nothing to judge.");
            }

            RulePlan? plan = null;
            var readings = new HistoryReadings(archive, [.. archive.Catalog.All.Select(series => series.Id)], from, to);
            var now = from;
            ReplayBar.Run(showsProgress, (long)(to - from).TotalMilliseconds, () => (long)(now - from).TotalMilliseconds, progress =>
                plan = RulePlan.Make(old, planned, archive.Catalog, readings.Read().Select(Follow), new Timestamp(to.Nanoseconds - 1), progress, stop));
            write(plan!, new PlanFrame(request.Path, request.Config, from, to, archive.Catalog.Count, archive.Damaged));
            return 0;

            Events.Reading Follow(Events.Reading reading)
            {
                now = reading.Time;
                return reading;
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or TooManyAlertsException or SqliteException)
        {
            return Fail(error is FileNotFoundException ? $"{error.Message} Name the gateway's data folder with --data." : error.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail("stopped before the end; nothing was planned.");
        }
    }

    private static int Fail(string problem)
    {
        Console.Error.WriteLine($"iotevents: {problem}");
        return CommandLine.Failed;
    }

    private sealed record Request(string Path, string Config, string Data, TimeSpan Since);
}

/// <summary>What a plan was made of.</summary>
/// <param name="New">Where the new rules stand.</param>
/// <param name="Old">Where the rules in force stand.</param>
/// <param name="From">First instant.</param>
/// <param name="To">First instant after the range.</param>
/// <param name="Series">How many series the history has.</param>
/// <param name="Damaged">Chunks that could not be read.</param>
internal sealed record PlanFrame(string New, string Old, Timestamp From, Timestamp To, int Series, int Damaged);
