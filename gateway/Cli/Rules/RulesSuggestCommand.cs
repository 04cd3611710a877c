using System.CommandLine;
using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Hosting.Planning;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Replay;
using IotEvents.Gateway.Rules.Testing;
using Microsoft.Data.Sqlite;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules suggest</c>: limit, hysteresis and duration for a wanted number of alerts, from the history.</summary>
/// <remarks>Reads the data folder, also beside a running gateway, and changes nothing.</remarks>
internal static class RulesSuggestCommand
{
    private const int ReadingsMax = 5_000_000;

    /// <summary>One a minute: more is no alert any more.</summary>
    private const double PerWeekMax = 7 * 24 * 60;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static Command Create()
    {
        var device = new Argument<string>("DEVICE") { Description = "The device's id." };
        var metric = new Argument<string>("METRIC") { Description = "The metric." };
        var target = new Option<string>("--target")
        {
            Description = "At most so many alerts in a time, such as 1/week, 2/day, 5/30d.",
            HelpName = "N/TIME",
            DefaultValueFactory = _ => "1/week",
        };
        target.Validators.Add(result =>
        {
            if (PerWeek(result.GetValueOrDefault<string>() ?? "") is null)
            {
                result.AddError($"'{result.GetValueOrDefault<string>()}' is no number of alerts in a time, up to one a minute; "
                    + "write it like 1/week, 2/day or 5/30d.");
            }
        });
        var since = RulesPlanCommand.Since();
        var data = Folders.Data();
        var config = Folders.Config();
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var command = new Command("suggest", "Suggest limit, hysteresis and duration for a wanted number of alerts, from the history.")
        {
            device, metric, target, since, data, config, json,
        };
        command.SetAction(parsed => Run(
            new Request(
                parsed.GetValue(device)!, parsed.GetValue(metric)!, PerWeek(parsed.GetValue(target)!)!.Value,
                PlanRange.TryParse(parsed.GetValue(since), null, out _)!,
                parsed.GetValue(data)!, parsed.GetValue(config)!, parsed.GetValue(json)),
            AnsiConsole.Console, Console.Error));
        return command;
    }

    /// <summary>Reads such as <c>1/week</c> or <c>5/30d</c>, in alerts a week: 0 to one a minute. Null when it is neither.</summary>
    internal static double? PerWeek(string text)
    {
        if (text.Split('/') is not [var count, var time]
            || !double.TryParse(count, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
        {
            return null;
        }

        var length = time.Trim() switch
        {
            "hour" => TimeSpan.FromHours(1),
            "day" => TimeSpan.FromDays(1),
            "week" => Week,
            "month" => TimeSpan.FromDays(30),
            var other => SettingsValues.TryParseDuration(other, out var parsed) ? parsed : TimeSpan.Zero,
        };
        var perWeek = number * (Week / length);
        return length > TimeSpan.Zero && length < TimeSpan.MaxValue && perWeek <= PerWeekMax ? perWeek : null;
    }

    /// <summary>Does it.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="console">Takes the answer.</param>
    /// <param name="problems">Takes the reason why there is none.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(Request request, IAnsiConsole console, TextWriter problems)
    {
        var errors = new SettingsErrors();
        var settings = PlanSources.InForce(request.Config, errors);
        if (!errors.IsEmpty)
        {
            SettingsReport.WriteAny(errors);
            return CommandLine.Failed;
        }

        try
        {
            using var archive = SeriesArchive.Open(Path.Combine(request.Data, "series.db"));
            if (!archive.Catalog.TryGet($"{request.Device}/{request.Metric}", out var series))
            {
                return Fail(NoSeries(request, archive.Catalog));
            }

            if (request.Since.Within(archive.Latest(series.Id), Timestamp.Now(TimeProvider.System)) is not var (from, to))
            {
                return Fail($"{series.Name} has no reading in that time; look further back with --since.");
            }

            var readings = new HistoryReadings(archive.Read, [series.Id], from, to).Read()
                .Where(it => (it.Quality & (Quality.Retained | Quality.OutOfRange | Quality.Suspect)) == 0).Take(ReadingsMax + 1).ToList();
            if (readings.Count > ReadingsMax)
            {
                return Fail($"{series.Name} has more than {ReadingsMax} readings in that time; look at less with --since.");
            }

            if (readings.Count < RuleSuggestion.ReadingsMin)
            {
                return Fail($"{series.Name} has {readings.Count} readings in that time; at least {RuleSuggestion.ReadingsMin} are needed: "
                    + "look farther back with --since, or ask again later.");
            }

            var suggestion = new RuleSuggestion(series, archive.Catalog, settings.Devices, settings.Options, readings);
            if (suggestion.Shape.Spread == 0)
            {
                var always = readings[0].Value.ToString(CultureInfo.InvariantCulture);
                return Fail($"{series.Name} was always {always}; no limit can be learned from that.");
            }

            SuggestReport.Write(console, series, suggestion, request.PerWeek, request.IsJson);
            return 0;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException
            or TooManyAlertsException or SqliteException)
        {
            return Fail(error is FileNotFoundException ? $"{error.Message} Name the gateway's data folder with --data." : error.Message);
        }

        int Fail(string problem)
        {
            problems.WriteLine($"iotevents: {problem}");
            return CommandLine.Failed;
        }
    }

    private static string NoSeries(Request request, SeriesCatalog catalog)
    {
        var wanted = $"{request.Device}/{request.Metric}";
        var names = catalog.All.Where(it => it.Device == request.Device).Select(it => it.Name).ToList();
        var known = names.Count > 0 ? names : [.. catalog.All.Select(it => it.Name)];
        return known.Count == 0 ? $"the history in {request.Data} has no series yet."
            : $"the history in {request.Data} has no series {wanted}; {TestWords.Mend(wanted, known)}";
    }

    /// <summary>What is asked.</summary>
    /// <param name="Device">The device's id.</param>
    /// <param name="Metric">The metric.</param>
    /// <param name="PerWeek">At most so many alerts a week.</param>
    /// <param name="Since">Which part of the history.</param>
    /// <param name="Data">The data folder.</param>
    /// <param name="Config">The configuration folder.</param>
    /// <param name="IsJson">True for programs.</param>
    internal sealed record Request(
        string Device, string Metric, double PerWeek, PlanRange Since, string Data, string Config, bool IsJson);
}
