using IotEvents.Devices.Settings;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>Reads a schedule out of settings: a text, a list of texts, or the long form with during or not, except and zone.</summary>
internal static class ScheduleReader
{
    /// <summary>The most spans of a schedule.</summary>
    public const int SpansMax = 64;

    /// <summary>The most dates or ranges of dates behind <c>except</c>.</summary>
    public const int ExceptMax = 366;

    private const string During = "during";
    private const string Not = "not";
    private const string Except = "except";
    private const string Zone = "zone";

    private delegate ScheduleText? ParsePart(string text, out ExpressionProblem? problem);

    /// <summary>The schedule; null when it does not stand there or is wrong.</summary>
    /// <param name="settings">The map that holds the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="zones">Where zones are looked up.</param>
    public static Schedule? Read(SettingsMap settings, string key, ZoneFolder zones)
    {
        if (!settings.Has(key))
        {
            return null;
        }

        var node = settings.Node.Find(key)!;
        var before = settings.Errors.All.Count;
        var whole = new ScheduleText();
        var zoneNode = node;
        if (node.Members is not null)
        {
            zoneNode = ReadLong(new SettingsMap(node, settings.Errors), whole);
        }
        else if (node.Items is null)
        {
            whole = Parse(node, settings.Errors, ScheduleParser.Parse) ?? whole;
        }
        else
        {
            zoneNode = ReadSpans(node, settings.Errors, whole);
        }

        return settings.Errors.All.Count == before ? Build(whole, node, zoneNode, zones, settings.Errors) : null;
    }

    /// <summary>Reads a schedule of a text alone, as the command line gives it.</summary>
    /// <param name="text">The schedule.</param>
    /// <param name="zone">The zone of a text that names none; empty when there is no such.</param>
    /// <param name="zones">Where zones are looked up.</param>
    /// <param name="problem">What is wrong.</param>
    public static Schedule? Parse(string text, string zone, ZoneFolder zones, out SettingsError? problem)
    {
        var errors = new SettingsErrors();
        var node = new SettingsNode { File = "schedule", Path = "", Line = 1, Column = 1, Scalar = text };
        var whole = Parse(node, errors, ScheduleParser.Parse);
        if (whole is { Zone: "" })
        {
            (whole.Zone, whole.ZonePosition) = (zone, 0);
        }

        var schedule = whole is null ? null : Build(whole, node, node, zones, errors);
        problem = errors.IsEmpty ? null : errors.All[0];
        return schedule;
    }

    private static Schedule? Build(ScheduleText whole, SettingsNode node, SettingsNode zoneNode, ZoneFolder zones, SettingsErrors errors)
    {
        if (whole.Spans.Count > SpansMax || whole.Except.Count > ExceptMax)
        {
            errors.Add(node, $"The schedule has {whole.Spans.Count} spans and {whole.Except.Count} exceptions",
                $"at most {SpansMax} and {ExceptMax} are taken; join some of them");
            return null;
        }

        if (whole.Zone.Length == 0)
        {
            errors.Add(node, "The schedule names no time zone", "write it last, such as Europe/Berlin or UTC");
            return null;
        }

        if (!zones.TryFind(whole.Zone, out var zone, out var problem))
        {
            errors.Add(Place(zoneNode, whole.ZonePosition, problem.Value.Message, problem.Value.Mend));
            return null;
        }

        if (whole.Spans.Count == 0)
        {
            whole.Spans.Add(new DaySpan(Weekdays.All, 0, DaySpan.DaySeconds));
        }

        var except = DateRange.Merge(whole.Except);
        var plan = new WallPlan(whole.Spans, except, whole.IsNot);
        if (!plan.Contains(0) && plan.NextChange(0) == long.MaxValue)
        {
            errors.Add(node, "The schedule is never active", "remove 'not', or leave some time out of it");
            return null;
        }

        var text = $"{(whole.IsNot ? "not " : "")}{ScheduleText.Canonical(whole.Spans)}"
            + $"{(except.Length > 0 ? $" except {string.Join(", ", except)}" : "")} {zone.Name}";
        return new Schedule(plan, zone, text);
    }

    /// <returns>The node that names the zone.</returns>
    private static SettingsNode ReadLong(SettingsMap settings, ScheduleText whole)
    {
        if (settings.Has(During) && settings.Has(Not))
        {
            settings.Refuse(Not, "'during' and 'not' say the opposite", "keep one of them");
        }

        whole.IsNot = settings.Has(Not);
        var zoneNode = settings.Node;
        if (settings.Node.Find(During) is { } during)
        {
            zoneNode = ReadSpans(during, settings.Errors, whole);
        }
        else if (settings.Node.Find(Not) is { } not)
        {
            zoneNode = ReadSpans(not, settings.Errors, whole);
        }

        if (settings.Has(Except))
        {
            foreach (var item in Texts(settings.Node.Find(Except)!, settings.Errors))
            {
                whole.Except.AddRange(Parse(item, settings.Errors, ScheduleParser.ParseDates)?.Except ?? []);
            }
        }

        if (settings.Has(Zone) && settings.RequiredText(Zone, "Europe/Berlin") is { Length: > 0 } zone)
        {
            if (whole.Zone.Length > 0 && whole.Zone != zone)
            {
                settings.Refuse(Zone, $"The spans name the zone '{whole.Zone}'", "keep one zone");
            }

            (whole.Zone, whole.ZonePosition, zoneNode) = (zone, 0, settings.Node.Find(Zone)!);
        }

        settings.Done();
        return zoneNode;
    }

    /// <summary>Reads a text or a list of texts. Items stand alone: what would be read in two ways is refused.</summary>
    /// <returns>The node that names the zone.</returns>
    private static SettingsNode ReadSpans(SettingsNode node, SettingsErrors errors, ScheduleText whole)
    {
        var zoneNode = node;
        var parts = new List<(SettingsNode Node, ScheduleText Text)>();
        foreach (var item in Texts(node, errors))
        {
            if (Parse(item, errors, ScheduleParser.ParseSpans) is not { } part)
            {
                continue;
            }

            parts.Add((item, part));
            whole.Spans.AddRange(part.Spans);
            if (part.Zone.Length == 0)
            {
                continue;
            }

            if (whole.Zone.Length > 0 && whole.Zone != part.Zone)
            {
                errors.Add(Place(item, part.ZonePosition, $"Another span names the zone '{whole.Zone}'", "a schedule has one zone"));
            }

            (whole.Zone, whole.ZonePosition, zoneNode) = (part.Zone, part.ZonePosition, item);
        }

        RefuseMixed(parts, errors);
        return zoneNode;
    }

    private static void RefuseMixed(List<(SettingsNode Node, ScheduleText Text)> parts, SettingsErrors errors)
    {
        var (anyDays, anyTimes) = (parts.Exists(part => part.Text.NamesDays), parts.Exists(part => part.Text.NamesTimes));
        foreach (var (node, text) in parts)
        {
            if (anyDays && !text.NamesDays)
            {
                errors.Add(node, $"'{node.Scalar}' names no days, other items do",
                    $"write its days too, such as mon-sun {node.Scalar}");
            }
            else if (anyTimes && !text.NamesTimes)
            {
                errors.Add(node, $"'{node.Scalar}' names no times, other items do",
                    "write its times too, 00:00-24:00 for the whole day");
            }
        }
    }

    private static IEnumerable<SettingsNode> Texts(SettingsNode node, SettingsErrors errors)
    {
        if (node.Scalar is not null)
        {
            return [node];
        }

        if (node.Items is not { Count: > 0 } items)
        {
            errors.Add(node, "Here stands neither a text nor a list of texts", "write it like mon-fri 08:00-18:00");
            return [];
        }

        return items.Where(item => IsText(item, errors));
    }

    private static bool IsText(SettingsNode item, SettingsErrors errors)
    {
        if (item.Scalar is null)
        {
            errors.Add(item, "Here stands a list or a map, not a text", "write one text per item");
        }

        return item.Scalar is not null;
    }

    private static ScheduleText? Parse(SettingsNode node, SettingsErrors errors, ParsePart parse)
    {
        var text = parse(node.Scalar!, out var problem);
        if (problem is not null)
        {
            errors.Add(Place(node, problem.Position, problem.Message, problem.Mend));
        }

        return text;
    }

    private static SettingsError Place(SettingsNode node, int position, string message, string mend) =>
        new(node.File, node.Line, node.ColumnOf(position), node.Path, message, mend);
}
