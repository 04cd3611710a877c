using System.Buffers;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;

namespace IotEvents.Gateway.Rules;

/// <summary>Reads one rule of a file.</summary>
internal static class RuleReader
{
    private const int IdCharactersMax = 64;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>The rule; null when it has errors.</summary>
    public static Rule? Read(SettingsMap settings, List<SettingsError> warnings)
    {
        var before = settings.Errors.All.Count;
        var id = ReadId(settings);
        var kind = RuleKinds.Choose(settings);
        if (!settings.Has("match"))
        {
            settings.Refuse("match", "'match' is missing", "add match: { device: \"*\", metric: temperature }");
        }

        var match = settings.Has("match") ? RuleMatch.Read(settings.Map("match")) : null;
        var condition = kind.Read(settings, warnings);
        var summary = settings.Text("summary", "{device.name} {metric}: {value}");
        foreach (var place in SummaryTemplate.UnknownPlaces(summary))
        {
            settings.Refuse("summary", $"'{{{place}}}' is no place that can be filled in",
                "use {value}, {metric}, {device.id}, {device.name}, {label.NAME} or {NAME} of an attribute or label");
        }

        var rule = new Rule(condition!)
        {
            Id = id,
            Kind = kind.Name,
            Match = match!,
            Summary = summary,
            For = settings.Duration("for", TimeSpan.Zero, TimeSpan.Zero, Longest),
            Severity = settings.Choice("severity", Severity.Warning,
                ("info", Severity.Info), ("warning", Severity.Warning), ("critical", Severity.Critical)),
            Missing = settings.Choice("missing", MissingPolicy.Hold,
                ("ok", MissingPolicy.Ok), ("alert", MissingPolicy.Alert), ("hold", MissingPolicy.Hold)),
            MissingAfter = settings.OptionalDuration("missing_after", TimeSpan.FromSeconds(1), Longest),
            Notify = settings.Texts("notify"),
            File = settings.Node.File,
            Line = settings.Node.Line,
        };
        settings.Done();

        // Without match or condition there was an error, and the rule that lacks them is thrown away here.
        return settings.Errors.All.Count == before ? rule : null;
    }

    private static string ReadId(SettingsMap settings)
    {
        var id = settings.RequiredText("id", "tank-nearly-full");
        if (id.Length > IdCharactersMax || id.AsSpan().ContainsAnyExcept(IdCharacters))
        {
            settings.Refuse("id", $"'{id}' is not an id", $"use at most {IdCharactersMax} of a-z, 0-9, '-', '_' and '.'");
        }

        return id;
    }
}
