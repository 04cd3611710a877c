using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Reads a series out of a table of comma-separated values with a line of names at its top.</summary>
/// <remarks>
/// Columns are parted by a comma, a semicolon or a tab, whichever the first line has. An empty value, <c>nan</c> and
/// <c>null</c> are silence. Times are RFC 3339 or <c>2026-03-01 12:00:00</c> (UTC), or numbers: seconds since the start of the
/// test; from 100,000,000 on Unix time in seconds, from 100,000,000,000 on in milliseconds.
/// </remarks>
internal sealed class RecordedSeries
{
    private const double UnixSecondsMin = 1e8;
    private const double UnixMillisecondsMin = 1e11;

    private readonly List<(Timestamp Time, double Value)> _dated = [];
    private readonly List<(TimeSpan At, double Value)> _undated = [];

    /// <summary>What is wrong, with its line in the table; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The first date in the table; none when it counts from the start of the test.</summary>
    public Timestamp First => _dated.Count == 0 ? Timestamp.None : _dated.Min(point => point.Time);

    /// <summary>Reads a table.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="timeColumn">The name of the column with the times; null for the first.</param>
    /// <param name="valueColumn">The name of the column with the values; null for <paramref name="metric"/>, or else the second of two.</param>
    /// <param name="metric">The metric's name.</param>
    /// <param name="rowsMax">How many rows are read at most; more are a problem.</param>
    public static RecordedSeries Read(string text, string? timeColumn, string? valueColumn, string metric, int rowsMax)
    {
        var series = new RecordedSeries();
        var lines = text.AsSpan().EnumerateLines();
        if (!lines.MoveNext() || lines.Current.IsWhiteSpace())
        {
            series.Problem = "The file has no line of column names";
            return series;
        }

        var separator = lines.Current.Contains('\t') ? '\t' : lines.Current.Contains(';') ? ';' : ',';
        var names = Split(lines.Current, separator);
        var time = timeColumn is null ? 0 : names.IndexOf(timeColumn);
        var value = valueColumn is not null ? names.IndexOf(valueColumn)
            : names.Contains(metric) ? names.IndexOf(metric)
            : names.Count == 2 ? 1 - time : -1;
        if (time < 0 || value < 0 || value == time)
        {
            series.Problem = $"The file has no column '{(time < 0 ? timeColumn : valueColumn ?? metric)}' for the "
                + $"{(time < 0 ? "times" : "values")}; it has {string.Join(", ", names)}";
            return series;
        }

        for (var line = 2; lines.MoveNext() && series.Problem is null; line++)
        {
            if (line > rowsMax + 1)
            {
                series.Problem = $"The file has more than {rowsMax.ToString("N0", CultureInfo.InvariantCulture)} rows";
            }
            else if (!lines.Current.IsWhiteSpace())
            {
                series.Add(Split(lines.Current, separator), time, value, line);
            }
        }

        return series;
    }

    /// <summary>The points with their times since the start of a test.</summary>
    public IEnumerable<(TimeSpan At, double Value)> Since(Timestamp start) =>
        _undated.Concat(_dated.Select(point => (point.Time - start, point.Value)));

    private void Add(List<string> fields, int time, int value, int line)
    {
        if (fields.Count <= Math.Max(time, value))
        {
            Problem = $"Line {line} has only {fields.Count} columns";
            return;
        }

        if (fields[value] is "" or "null" || fields[value].Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (!TryParseNumber(fields[value], out var number))
        {
            Problem = $"'{fields[value]}' in line {line} is not a number";
        }
        else if (!TryAdd(fields[time], number))
        {
            Problem = $"'{fields[time]}' in line {line} is not a time";
        }
    }

    private bool TryAdd(string time, double value)
    {
        if (!TryParseNumber(time, out var number))
        {
            var isDate = DateTimeOffset.TryParse(
                time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date);
            if (isDate && date.Year is >= 1970 and < 2262)
            {
                _dated.Add((Timestamp.From(date), value));
                return true;
            }

            return false;
        }

        var unix = number >= UnixMillisecondsMin ? number / 1000 : number;
        if (number < 0 || unix > 9e9)
        {
            return false;
        }

        if (number < UnixSecondsMin)
        {
            _undated.Add((TimeSpan.FromSeconds(number), value));
        }
        else
        {
            _dated.Add((Timestamp.FromUnixMilliseconds((long)Math.Round(unix * 1000)), value));
        }

        return true;
    }

    private static bool TryParseNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static List<string> Split(ReadOnlySpan<char> line, char separator)
    {
        var fields = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var i = 0; i <= line.Length; i++)
        {
            if (i == line.Length || (line[i] == separator && !isQuoted))
            {
                var field = line[start..i].Trim().Trim('\uFEFF');
                fields.Add(field is ['"', .. var inside, '"'] ? inside.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : field.ToString());
                start = i + 1;
            }
            else if (line[i] == '"')
            {
                isQuoted = !isQuoted;
            }
        }

        return fields;
    }
}
