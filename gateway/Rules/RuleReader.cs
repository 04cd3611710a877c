using System.Buffers;
using System.Globalization;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Schedules;

namespace IotEvents.Gateway.Rules;

/// <summary>Reads one rule of a file.</summary>
internal static class RuleReader
{
    private const int IdCharactersMax = 64;
    private const int TimesMax = 64;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>How bad, as it is written.</summary>
    public static readonly (string, Severity)[] Severities =
        [("info", Severity.Info), ("warning", Severity.Warning), ("critical", Severity.Critical)];

    /// <summary>The rule; null when it has errors.</summary>
    public static Rule? Read(SettingsMap settings, List<SettingsError> warnings)
    {
        var before = settings.Errors.All.Count;
        var id = ReadId(settings);
        var known = settings.Errors.All.Count;
        var kind = RuleKinds.Choose(settings);
        if (settings.Errors.All.Count > known)
        {
            // Which keys belong here is not known either; what else could be said would only hide this.
            return null;
        }

        if (!settings.Has("match") && kind.NeedsMatch)
        {
            settings.Refuse("match", "'match' is missing", "add match: { device: \"*\", metric: temperature }");
        }

        IdleKeys.Refuse(settings, kind.Name);
        var head = new RuleHead(
            settings.Has("match") || !kind.NeedsMatch ? RuleMatch.Read(settings.Map("match")) : null,
            settings.Choice("severity", Severity.Warning, Severities),
            settings.Duration("for", TimeSpan.Zero, TimeSpan.Zero, Longest),
            ReadGroup(settings));
        var condition = kind.Read(settings, head, warnings);
        var summary = settings.Text("summary", kind.Summary);
        foreach (var place in SummaryTemplate.UnknownPlaces(summary))
        {
            settings.Refuse("summary", $"'{{{place}}}' is no place that can be filled in",
                "use {value}, {metric}, {rule}, {device.id}, {device.name}, {label.NAME} or {NAME} of an attribute or label");
        }

        CheckScope(settings, kind, head, condition);
        var rule = new Rule(condition!)
        {
            Id = id,
            Was = settings.OptionalText("was"),
            Kind = kind.Name,
            Match = head.Match!,
            GroupBy = head.Group,
            Levels = condition?.Levels ?? [],
            Summary = summary,
            Severity = head.Severity,
            KeepFiringFor = settings.Duration("keep_firing_for", TimeSpan.Zero, TimeSpan.Zero, Longest),
            Times = ReadTimes(settings),
            Schedule = Schedule.Read(settings),
            AnyQuality = settings.Choice("quality", false, ("good", false), ("any", true)),
            Missing = settings.Choice("missing", kind.Missing,
                ("ok", MissingPolicy.Ok), ("alert", MissingPolicy.Alert), ("hold", MissingPolicy.Hold)),
            MissingAfter = condition?.SilentAfter ?? settings.OptionalDuration("missing_after", TimeSpan.FromSeconds(1), Longest),
            SilentFor = condition is { Levels.Count: 0 } ? head.For : TimeSpan.Zero,
            Notify = settings.Texts("notify"),
            File = settings.Node.File,
            Line = settings.Node.Line,
            Text = $"rules:\n{SettingsText.Item(settings.Node)}",
        };
        IdleKeys.Warn(settings, rule.Missing, warnings);
        settings.Done();

        // Without match or condition there was an error, and the rule that lacks them is thrown away here.
        return settings.Errors.All.Count == before ? rule : null;
    }

    private static IReadOnlyList<string>? ReadGroup(SettingsMap settings)
    {
        var group = settings.Texts("group");
        return group.Count == 0 ? null : group is ["all"] ? [] : group;
    }

    private static Times? ReadTimes(SettingsMap settings)
    {
        if (settings.OptionalText("times") is not { } text)
        {
            return null;
        }

        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var bad, "of", var of]
            && int.TryParse(bad, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
            && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && b >= 1 && b <= n && n <= TimesMax)
        {
            return new Times(b, n);
        }

        settings.Refuse("times", $"'{text}' does not say how many of the last readings must be bad", $"write 3 of 5, with at most {TimesMax}");
        return null;
    }

    /// <summary>Refuses names that have no meaning in a rule about a device or a group as a whole, or about a series.</summary>
    private static void CheckScope(SettingsMap settings, IRuleKind kind, RuleHead head, ICondition? condition)
    {
        if (head.Match is not { } match || condition is null)
        {
            return;
        }

        if (condition is not FlappingCondition && (head.Group is not null || match.Metrics.Count == 0)
            && settings.OptionalText("quality") == "any")
        {
            settings.Refuse("quality", "A rule about a device or a group as a whole judges good readings only",
                "name the metric in 'match' and no 'group', or leave 'quality' out");
        }

        if (kind.IsOfSeries && (head.Group is not null || match.Metrics.Count == 0))
        {
            settings.Refuse(head.Group is null ? "match" : "group", $"A rule of the kind '{kind.Name}' is about one series",
                "name the metric in 'match', and no 'group'");
        }
        else if (head.Group is not null && match.Metrics.Count == 0)
        {
            settings.Refuse("group", "A group is made of series, and 'match' names no metric", "add the metric to 'match'");
        }
        else if (condition.Needs.Members && head.Group is null)
        {
            settings.Refuse("raise", "'members' are the series of a group, and this rule has none", "add group: all, or a label such as group: site");
        }
        else if (condition.Needs.Value && head.Group is not null)
        {
            settings.Refuse("raise", "A group has no 'value' of its own", "ask of its members, such as avg of members > 5 or any of members where value > 5");
        }
        else if (condition.Needs.Value && match.Metrics.Count == 0)
        {
            settings.Refuse("match", "'value' is that of a metric, and 'match' names none", "add the metric, or name metrics in the condition in place of 'value'");
        }
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
