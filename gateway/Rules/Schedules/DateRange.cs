using System.Globalization;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>Days of the calendar, first and last among them.</summary>
internal readonly record struct DateRange(DateOnly First, DateOnly Last)
{
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>The first, in days since 1970-01-01.</summary>
    public long FirstDay => First.DayNumber - Epoch;

    /// <summary>The last, in days since 1970-01-01.</summary>
    public long LastDay => Last.DayNumber - Epoch;

    /// <summary>Sorts ranges and makes one of those that overlap or touch.</summary>
    public static DateRange[] Merge(IEnumerable<DateRange> ranges)
    {
        var merged = new List<DateRange>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First.DayNumber <= merged[^1].Last.DayNumber + 1)
            {
                merged[^1] = merged[^1] with { Last = range.Last > merged[^1].Last ? range.Last : merged[^1].Last };
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    /// <summary>As <c>2026-12-24</c> or <c>2026-12-24..2027-01-01</c>.</summary>
    public override string ToString() => First == Last
        ? First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First:yyyy-MM-dd}..{Last:yyyy-MM-dd}");
}
