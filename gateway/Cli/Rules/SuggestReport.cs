using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Plans;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Writes suggested rules, above and below: the one that was asked for, one that tells more and one that tells less.</summary>
internal static class SuggestReport
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>From the fewest alerts up, and how many of those that were asked for each may raise.</summary>
    private static readonly (string Name, double Factor)[] Variants = [("looser", 0.25), ("suggested", 1), ("tighter", 4)];

    private static readonly string[] Order = ["suggested", "tighter", "looser"];

    /// <summary>Finds and writes them.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="series">The series.</param>
    /// <param name="suggestion">Its history.</param>
    /// <param name="perWeek">At most so many alerts a week.</param>
    /// <param name="isJson">True for programs.</param>
    public static void Write(IAnsiConsole console, Series series, RuleSuggestion suggestion, double perWeek, bool isJson)
    {
        var rules = Find(suggestion, perWeek, isAbove: true).Concat(Find(suggestion, perWeek, isAbove: false)).ToList();
        if (isJson)
        {
            WriteJson(console.Profile.Out.Writer, series, suggestion, perWeek, rules);
        }
        else
        {
            WriteText(console, series, suggestion, perWeek, rules);
        }
    }

    private static IEnumerable<(string Name, SuggestedRule Rule)> Find(RuleSuggestion suggestion, double perWeek, bool isAbove)
    {
        int[] most = [.. Variants.Select(variant => (int)Math.Floor((perWeek * variant.Factor * (suggestion.Span / Week)) + 1e-9))];
        var found = suggestion.FindEach(isAbove, most);
        return from name in Order
               let rule = found[Array.FindIndex(Variants, variant => variant.Name == name)]
               where rule is not null
               select (name, rule!);
    }

    private static void WriteText(
        IAnsiConsole console, Series series, RuleSuggestion suggestion, double perWeek, List<(string Name, SuggestedRule Rule)> rules)
    {
        // Plain lines: what a terminal's width broke in two could not be pasted into a file.
        var output = console.Profile.Out.Writer;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{series.Name}: {suggestion.Readings:N0} readings in {suggestion.Span.TotalDays:0.#} days; "
            + $"wanted: at most {perWeek:0.##} a week."));
        if (suggestion.Span < Week)
        {
            output.WriteLine("The history is shorter than a week: what happens once a week may not be in it. Ask again later.");
        }

        output.WriteLine();
        var listing = new Listing("", "RAISE", "CLEAR", ">FOR", ">ALERTS COUNTED", ">A WEEK");
        foreach (var (name, rule) in rules)
        {
            var (bad, good) = rule.IsAbove ? ('>', '<') : ('<', '>');
            listing.Add(name, $"value {bad} {Number(rule.Limit)}", $"value {good} {Number(rule.Clear)}",
                SettingsValues.Format(rule.For), Number(rule.Alerts), Number(PerWeek(rule, suggestion)));
        }

        listing.Write(console);
        foreach (var (_, rule) in rules.Where(it => it.Name == "suggested"))
        {
            output.WriteLine();
            output.Write(rule.Text);
        }
    }

    private static void WriteJson(
        TextWriter output, Series series, RuleSuggestion suggestion, double perWeek, List<(string Name, SuggestedRule Rule)> rules)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("series", series.Name);
            json.WriteString("unit", series.Unit.Symbol);
            json.WriteNumber("readings", suggestion.Readings);
            json.WriteNumber("days", suggestion.Span.TotalDays);
            json.WriteBoolean("too_short", suggestion.Span < Week);
            json.WriteNumber("wanted_a_week", perWeek);
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
                json.WriteNumber("alerts_a_week", PerWeek(rule, suggestion));
                json.WriteString("yaml", rule.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static double PerWeek(SuggestedRule rule, RuleSuggestion suggestion) => Math.Round(rule.Alerts * (Week / suggestion.Span), 2);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
