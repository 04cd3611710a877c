using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Hosting.Planning;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Replay;
using Microsoft.Data.Sqlite;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Makes a plan of a data folder, of a gateway that runs or has stopped. Changes nothing in it.</summary>
internal static class PlanFromFolder
{
    /// <summary>Parts of the whole that the progress is shown in.</summary>
    private const int Whole = 10_000;

    /// <summary>True when there is a history to plan by.</summary>
    public static bool IsHistory(string data) => File.Exists(HistoryOf(data));

    /// <summary>Makes the plan and writes it.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="config">The configuration in force; its rules count where the journal does not say which are.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="stop">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(PlanRequest request, string config, string data, CancellationToken stop)
    {
        if (!File.Exists(request.Path) && !Directory.Exists(request.Path))
        {
            return request.Fail($"there is no {request.Path}; name a configuration folder, a folder of rule files, or a rule file.");
        }

        if (!Directory.Exists(config))
        {
            return request.Fail($"there is no folder {config}; name the folder of the rules in force with --config.");
        }

        var errors = new SettingsErrors();
        var settings = PlanSources.InForce(config, errors);
        var planned = IsSame(request.Path, config) ? settings : PlanSources.Planned(request.Path, settings, errors);
        if (!errors.IsEmpty)
        {
            return request.Refuse(errors.All);
        }

        try
        {
            using var archive = SeriesArchive.Open(HistoryOf(data));
            var now = Timestamp.Now(TimeProvider.System);
            var (inForce, handover) = Remembered(data, settings, planned, now);
            PlanView? plan = null;
            var part = 0.0;
            await ReplayBar.RunAsync(request.ShowsProgress, Whole, () => (long)(part * Whole), progress =>
            {
                var meter = progress is null ? null : new Meter(told =>
                {
                    part = told.Part;
                    progress.Report(new ReplayProgress(told.Readings, Timestamp.None));
                });
                plan = PlanRun.Make(inForce, planned, handover, PlanHistory.Of(archive), request.Range, now, meter, stop);
                return Task.CompletedTask;
            });
            return plan is null
                ? request.Fail($"the history in {data} has no reading in that time; look further back with --since, "
                    + "or ask the gateway that writes it with --url: what came in the last minutes is not in the file yet.")
                : request.Write(plan, handover is null ? config : "the rules in force");
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException
            or TooManyAlertsException or SqliteException or JournalFailedException)
        {
            return request.Fail(error is FileNotFoundException
                ? $"{error.Message} Name the gateway's data folder with --data."
                : error.Message);
        }
        catch (OperationCanceledException)
        {
            return request.Fail("stopped before the end; nothing was planned.");
        }
    }

    /// <summary>What the journal says; the settings alone where a folder has a history without one.</summary>
    private static (PlannedRules InForce, RuleHandover? Handover) Remembered(
        string data, PlannedRules settings, PlannedRules planned, Timestamp now)
    {
        var path = Path.Combine(data, "journal.db");
        if (!File.Exists(path))
        {
            return (settings, null);
        }

        using var journal = JournalArchive.Open(path);
        return PlanMemory.Read(journal, settings, planned, now);
    }

    private static string HistoryOf(string data) => Path.Combine(data, "series.db");

    private static bool IsSame(string path, string config) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(config));

    /// <summary>Hands on at once, on the plan's own thread.</summary>
    private sealed class Meter(Action<PlanProgressView> told) : IProgress<PlanProgressView>
    {
        public void Report(PlanProgressView value) => told(value);
    }
}
