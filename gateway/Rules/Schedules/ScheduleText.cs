namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>What a text says about a schedule, before its zone is looked up.</summary>
internal sealed class ScheduleText
{
    /// <summary>It begins with <c>not</c>.</summary>
    public bool IsNot { get; set; }

    /// <summary>Its spans; none when it names none.</summary>
    public List<DaySpan> Spans { get; } = [];

    /// <summary>The days on which none begins.</summary>
    public List<DateRange> Except { get; } = [];

    /// <summary>The zone's name; empty when it names none.</summary>
    public string Zone { get; set; } = "";

    /// <summary>Where the zone's name stands, in characters from 0.</summary>
    public int ZonePosition { get; set; }

    /// <summary>True when some span has its days with it.</summary>
    public bool NamesDays { get; set; }

    /// <summary>True when some span has its times with it.</summary>
    public bool NamesTimes { get; set; }

    /// <summary>Writes spans so that those of the same meaning look the same.</summary>
    public static string Canonical(IEnumerable<DaySpan> spans)
    {
        // Of the same times one span; then those of the same days beside each other, from Monday and from midnight on.
        var joined = spans.GroupBy(span => (span.Begin, span.End))
            .Select(same => same.Aggregate((left, right) => left with { Days = left.Days | right.Days }));
        var byDays = joined.GroupBy(span => span.Days).OrderBy(group => group.Key.First).ThenBy(group => group.Key.Bits).ToList();
        return string.Join(", ", byDays.Select(group =>
            (byDays.Count == 1 && group.Key == Weekdays.All ? "" : $"{group.Key} ")
            + string.Join(", ", group.OrderBy(span => span.Begin).ThenBy(span => span.End).Select(span => span.Times))));
    }
}
