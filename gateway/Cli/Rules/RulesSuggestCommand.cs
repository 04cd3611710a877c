using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Hosting.Planning;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Replay;
using Microsoft.Data.Sqlite;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary><c>iotevents rules suggest</c>: limit, hysteresis and duration for a wanted number of alerts, from the history.</summary>
/// <remarks>Reads the data folder, also beside a running gateway, and changes nothing.</remarks>
internal static class RulesSuggestCommand
{
    private const int ReadingsMax = 5_000_000;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly (string Name, double Factor)[] Variants = [("suggested", 1), ("tighter", 4), ("looser", 0.25)];

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
                result.AddError($"'{result.GetValueOrDefault<string>()}' is no number of alerts in a time; write it like 1/week, 2/day or 5/30d.");
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
        command.SetAction(parsed => Suggest(new Request(
            parsed.GetValue(device)!, parsed.GetValue(metric)!, PerWeek(parsed.GetValue(target)!)!.Value,
            PlanRange.TryParse(parsed.GetValue(since), null, out _)!,
            parsed.GetValue(data)!, parsed.GetValue(config)!, parsed.GetValue(json))));
        return command;
    }

    /// <summary>Reads such as <c>1/week</c> or <c>5/30d</c>, in alerts a week; null when it is neither.</summary>
    internal static double? PerWeek(string text)
    {
        if (text.Split('/') is not [var count, var time]
            || !double.TryParse(count, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e6)
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
        return length > TimeSpan.Zero ? number * (Week / length) : null;
    }

    private static int Suggest(Request request)
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
                return Fail($"the history in {request.Data} has no series {request.Device}/{request.Metric}.");
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
                return Fail($"{series.Name} has {readings.Count} readings in that time; at least {RuleSuggestion.ReadingsMin} are needed.");
            }

            var suggestion = new RuleSuggestion(series, archive.Catalog, settings.Devices, settings.Options, readings);
            if (suggestion.Shape.Spread == 0)
            {
                return Fail($"{series.Name} was always {readings[0].Value.ToString(CultureInfo.InvariantCulture)}; no limit can be learned from that.");
            }

            Write(request, series, suggestion, readings.Count);
            return 0;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or TooManyAlertsException or SqliteException)
        {
            return Fail(error is FileNotFoundException ? $"{error.Message} Name the gateway's data folder with --data." : error.Message);
        }
    }

    private static readonly bool[] Sides = [true, false];

    private static void Write(Request request, Series series, RuleSuggestion suggestion, int readings)
    {
        var found = from isAbove in Sides
                    from variant in Variants
                    let rule = suggestion.Find(isAbove, AlertsMax(request.PerWeek * variant.Factor, suggestion.Span))
                    where rule is not null
                    select (variant.Name, Rule: rule!);
        var rules = found.ToList();
        if (request.IsJson)
        {
            WriteJson(series, suggestion, readings, rules);
            return;
        }

        var console = AnsiConsole.Console;
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{series.Name}: {readings:N0} readings in {suggestion.Span.TotalDays:0.#} days; wanted are at most {request.PerWeek:0.##} alerts a week."));
        if (suggestion.Span < Week)
        {
            console.WriteLine("The history is shorter than a week: what happens once a week may not be in it. Ask again later.");
        }

        var listing = new Listing("", "RAISE", "CLEAR", ">FOR", ">ALERTS COUNTED", ">A WEEK");
        foreach (var (name, rule) in rules)
        {
            listing.Add(name, $"value {(rule.IsAbove ? '>' : '<')} {Number(rule.Limit)}", $"value {(rule.IsAbove ? '<' : '>')} {Number(rule.Clear)}",
                SettingsValues.Format(rule.For), Number(rule.Alerts), Number(Math.Round(rule.Alerts * (Week / suggestion.Span), 2)));
        }

        console.WriteLine();
        listing.Write(console);
        foreach (var (_, rule) in rules.Where(it => it.Name == "suggested"))
        {
            console.WriteLine();
            console.Write(new Text(rule.Text));
        }
    }

    private static void WriteJson(Series series, RuleSuggestion suggestion, int readings, List<(string Name, SuggestedRule Rule)> rules)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("series", series.Name);
            json.WriteString("unit", series.Unit.Symbol);
            json.WriteNumber("readings", readings);
            json.WriteNumber("days", suggestion.Span.TotalDays);
            json.WriteBoolean("too_short", suggestion.Span < Week);
            json.WriteStartArray("rules");
            foreach (var (name, rule) in rules)
            {
                json.WriteStartObject();
                json.WriteString("variant", name);
                json.WriteString("direction", rule.IsAbove ? "above" : "below");
                json.WriteNumber("limit", rule.Limit);
                json.WriteNumber("clear", rule.Clear);
                json.WriteNumber("for_s", rule.For.TotalSeconds);
                json.WriteNumber("alerts", rule.Alerts);
                json.WriteString("yaml", rule.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static int AlertsMax(double perWeek, TimeSpan span) => (int)Math.Floor((perWeek * (span / Week)) + 1e-9);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Fail(string problem)
    {
        Console.Error.WriteLine($"iotevents: {problem}");
        return CommandLine.Failed;
    }

    private sealed record Request(
        string Device, string Metric, double PerWeek, PlanRange Since, string Data, string Config, bool IsJson);
}
