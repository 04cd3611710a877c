using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Simulator.Recordings;

/// <summary>Finds and reads the times of a recording: one column, a date and a time apart, or year, month, day, hour apart.</summary>
internal sealed class CsvTime
{
    private static readonly string[] Names = ["ts", "time", "timestamp", "date", "datetime", "_time", "recorded", "recorded_at"];
    private static readonly string[] Parts = ["year", "month", "day", "hour", "minute", "second"];

    private static readonly string[] Dates = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "yyyyMMdd"];
    private static readonly string[] DayFirstDates = ["d/M/yyyy", "d.M.yyyy", "d-M-yyyy"];
    private static readonly string[] MonthFirstDates = ["M/d/yyyy", "M-d-yyyy"];
    private static readonly string[] Clocks = ["H:mm:ss.FFFFFFF", "H:mm", "H.mm.ss", "HHmmss"];

    private static readonly string[] DayFirst = Formats([.. Dates, .. DayFirstDates]);
    private static readonly string[] MonthFirst = Formats([.. Dates, .. MonthFirstDates]);

    private readonly int[] _columns;
    private readonly bool _parts;
    private readonly string[] _formats;
    private readonly TimeZoneInfo _zone;

    private CsvTime(int[] columns, bool parts, bool monthFirst, TimeZoneInfo zone)
    {
        _columns = columns;
        _parts = parts;
        _formats = monthFirst ? MonthFirst : DayFirst;
        _zone = zone;
    }

    /// <summary>The columns that hold the time.</summary>
    public IReadOnlyList<int> Columns => _columns;

    public static bool LooksLikeTime(string field) => TryParseText(field, DayFirst, out _) || TryParseText(field, MonthFirst, out _);

    /// <summary>Finds the times; null when nothing in the rows reads as one.</summary>
    public static CsvTime? Detect(CsvFormat format, IReadOnlyList<List<string>> rows, CsvRecordingOptions options)
    {
        if (options.TimeColumn is { } named)
        {
            var column = format.Find(named);
            return column < 0 ? null : Of([column], parts: false);
        }

        var parts = Parts.Select(format.Find).TakeWhile(place => place >= 0).ToArray();
        if (parts.Length >= 3 && format.HasHeader)
        {
            return Of(parts, parts: true);
        }

        var dates = Enumerable.Range(0, format.Columns.Count).Where(c => Reads([c], rows)).ToList();
        if (dates.Count > 0)
        {
            // A date alone, with clock times beside it: both belong together.
            var (date, clock) = (dates[0], dates[0] + 1);
            return rows.All(row => !row[date].Contains(':')) && clock < format.Columns.Count && Reads([date, clock], rows)
                ? Of([date, clock], parts: false)
                : Of([date], parts: false);
        }

        var epoch = Names.Select(format.Find).FirstOrDefault(place => place >= 0, -1);
        return epoch < 0 ? null : Of([epoch], parts: false);

        CsvTime Of(int[] columns, bool parts) => new(columns, parts, !parts && IsMonthFirst(columns[0], rows), options.Zone);
    }

    /// <summary>Reads the time of a row; false when it holds none.</summary>
    public bool TryRead(List<string> row, out Timestamp time)
    {
        time = Timestamp.None;
        if (_columns.Any(column => column >= row.Count))
        {
            return false;
        }

        return _parts ? TryReadParts(row, out time) : TryReadText(Join(row, _columns), out time);
    }

    private static bool Reads(int[] columns, IReadOnlyList<List<string>> rows)
    {
        var texts = rows.Where(row => columns.All(c => c < row.Count)).Select(row => Join(row, columns)).ToList();
        return texts.Count > 0 && (texts.All(t => TryParseText(t, DayFirst, out _)) || texts.All(t => TryParseText(t, MonthFirst, out _)));
    }

    // 03/04/2005 says nothing; only a 13 or more in the second place shows that the month comes first.
    private static bool IsMonthFirst(int column, IReadOnlyList<List<string>> rows) =>
        rows.Any(row => column < row.Count && TryParseText(row[column], MonthFirst, out _) && !TryParseText(row[column], DayFirst, out _));

    private static string Join(List<string> row, int[] columns) => string.Join(' ', columns.Select(c => row[c]));

    private static string[] Formats(string[] dates) =>
        [.. dates, .. dates.SelectMany(date => Clocks.SelectMany(clock => new[] { $"{date} {clock}", $"{date}'T'{clock}" }))];

    private static bool TryParseText(string text, string[] formats, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 8 || !(text.Contains('-') || text.Contains('/') || text.Contains('.') || text.Contains(':')))
        {
            return false;
        }

        if (DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            time = new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), TimeSpan.Zero);
            return true;
        }

        return HasZone(text) &&
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    // RFC 3339 with Z or an offset after the clock; everything else must match a format, or "1.5" would become a date.
    private static bool HasZone(string text) =>
        text.Length >= 17 && text[4] == '-' && text.Contains(':') && (text[^1] is 'Z' or 'z' || text.AsSpan(10).ContainsAny('+', '-'));

    private bool TryReadText(string text, out Timestamp time)
    {
        time = Timestamp.None;
        if (TryParseText(text, _formats, out var parsed))
        {
            return HasZone(text) ? Take(parsed, out time) : TakeLocal(parsed.DateTime, out time);
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && TryReadEpoch(number, out time);
    }

    private bool TryReadParts(List<string> row, out Timestamp time)
    {
        time = Timestamp.None;
        Span<int> parts = [1, 1, 1, 0, 0, 0];
        for (var i = 0; i < _columns.Length; i++)
        {
            if (!int.TryParse(row[_columns[i]], NumberStyles.None, CultureInfo.InvariantCulture, out parts[i]))
            {
                return false;
            }
        }

        var isDate = parts[0] is >= 1 and <= 9999 && parts[1] is >= 1 and <= 12 &&
            parts[2] >= 1 && parts[2] <= DateTime.DaysInMonth(parts[0], parts[1]) && parts[3] < 24 && parts[4] < 60 && parts[5] < 60;
        return isDate && TakeLocal(new DateTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], DateTimeKind.Unspecified), out time);
    }

    // Seconds, milliseconds, microseconds or nanoseconds, told apart by size: each reaches from 1973 to far beyond 2200.
    // Decimal, because a double cannot hold nanoseconds since 1970.
    private static bool TryReadEpoch(decimal number, out Timestamp time)
    {
        time = Timestamp.None;
        if (Math.Abs(number) is < 1e8m or > 9e18m)
        {
            return false;
        }

        var nanoseconds = Math.Abs(number) switch
        {
            < 1e11m => number * 1_000_000_000,
            < 1e14m => number * 1_000_000,
            < 1e17m => number * 1_000,
            _ => number,
        };
        var isInRange = Math.Abs(nanoseconds) < 9.2e18m;
        time = isInRange ? new Timestamp((long)nanoseconds) : Timestamp.None;
        return isInRange;
    }

    private bool TakeLocal(DateTime local, out Timestamp time) => Take(new DateTimeOffset(local, _zone.GetUtcOffset(local)), out time);

    private static bool Take(DateTimeOffset parsed, out Timestamp time)
    {
        var isInRange = parsed.Year is >= 1678 and <= 2261;
        time = isInRange ? Timestamp.From(parsed) : Timestamp.None;
        return isInRange;
    }
}
