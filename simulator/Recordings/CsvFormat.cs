namespace IotEvents.Simulator.Recordings;

/// <summary>The shape of a CSV file, found out from its first rows.</summary>
/// <param name="Separator">What stands between fields.</param>
/// <param name="DecimalComma">True when 1,5 is one and a half.</param>
/// <param name="Columns">The names of the columns; <c>1</c>, <c>2</c>, … when the file does not name them.</param>
/// <param name="HasHeader">True when the first row names the columns.</param>
internal sealed record CsvFormat(char Separator, bool DecimalComma, IReadOnlyList<string> Columns, bool HasHeader)
{
    private static readonly char[] Separators = [';', '\t', '|', ','];

    public static CsvFormat Detect(IReadOnlyList<string> lines, CsvRecordingOptions options)
    {
        var separator = options.Separator ?? FindSeparator(lines);
        var rows = lines.Select(line => CsvLine.Split(line, separator)).ToList();
        var comma = options.DecimalComma ?? FindDecimalComma(rows.Skip(1), separator);
        var numbers = new CsvNumber(comma, options.Missing);
        var hasHeader = rows[0].All(field => !numbers.TryParse(field, out _) && !CsvTime.LooksLikeTime(field));
        var width = rows.Count > 1 ? rows[1].Count : rows[0].Count;
        var names = hasHeader ? rows[0] : [.. Enumerable.Range(1, width).Select(i => $"{i}")];

        // Tools that write row numbers often give them no name: the header is then one field short, on the left.
        if (hasHeader && width == names.Count + 1)
        {
            names.Insert(0, "");
        }

        return new CsvFormat(separator, comma, names, hasHeader);
    }

    /// <summary>The place of a column by its name, else by its number from 1; -1 when there is none.</summary>
    public int Find(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i], column, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return int.TryParse(column, out var place) && place >= 1 && place <= Columns.Count ? place - 1 : -1;
    }

    // The separator that cuts all rows into equally many fields, and most of them. The comma comes last: where it separates
    // decimals, the rows fall into unequal parts or another separator stands there too.
    private static char FindSeparator(IReadOnlyList<string> lines) => Separators.MaxBy(separator =>
    {
        var widths = lines.Skip(1).Select(line => CsvLine.Split(line, separator).Count).ToList();
        var width = widths.Count > 0 ? widths[0] : CsvLine.Split(lines[0], separator).Count;
        var even = widths.Count(w => w == width) >= widths.Count * 0.9;
        return width < 2 ? 0 : even ? 1 + (separator == ',' ? 0 : 1) : 0.5;
    });

    private static bool FindDecimalComma(IEnumerable<List<string>> rows, char separator) =>
        separator != ',' && rows.SelectMany(row => row).Any(IsNumberWithComma) &&
        !rows.SelectMany(row => row).Any(field => field.Contains('.') && double.TryParse(field, out _) && !CsvTime.LooksLikeTime(field));

    private static bool IsNumberWithComma(string field)
    {
        var comma = field.IndexOf(',');
        return comma >= 0 && comma == field.LastIndexOf(',') && field.Length > 1 &&
            field.All(c => char.IsAsciiDigit(c) || c is ',' or '-' or '+' or 'e' or 'E');
    }
}
