namespace IotEvents.Simulator.Recordings;

/// <summary>A CSV file with times and values, read row by row. One thread; dispose it.</summary>
public sealed class CsvRecording : IDisposable
{
    private const int RowsToLookAt = 100;

    private readonly StreamReader _reader;
    private readonly Queue<string> _lookedAt;
    private readonly CsvFormat _format;
    private readonly CsvTime _time;
    private readonly CsvNumber _numbers;
    private readonly int[] _columns;

    private CsvRecording(StreamReader reader, Queue<string> lookedAt, CsvFormat format, CsvTime time, CsvNumber numbers, int[] columns)
    {
        (_reader, _lookedAt, _format, _time, _numbers, _columns) = (reader, lookedAt, format, time, numbers, columns);
        Columns = [.. columns.Select(c => format.Columns[c])];
    }

    /// <summary>The names of the value columns, in the order of the values of a row.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What stands between fields.</summary>
    public char Separator => _format.Separator;

    /// <summary>True when 1,5 is one and a half.</summary>
    public bool DecimalComma => _format.DecimalComma;

    /// <summary>Rows read so far that have no time, and were left out.</summary>
    public long RowsWithoutTime { get; private set; }

    /// <summary>Values read so far that are missing.</summary>
    public long ValuesMissing { get; private set; }

    /// <summary>Values read so far that are no numbers, and count as missing too.</summary>
    public long ValuesUnreadable { get; private set; }

    /// <summary>How much of the file has been read, 0 to 1.</summary>
    public double Progress => _reader.BaseStream.Length == 0 ? 1 : (double)_reader.BaseStream.Position / _reader.BaseStream.Length;

    /// <summary>Opens a file and finds out its shape.</summary>
    /// <returns>Null when it cannot be used; the problem says why.</returns>
    public static CsvRecording? TryOpen(string file, CsvRecordingOptions options, out RecordingProblem? problem)
    {
        StreamReader reader;
        try
        {
            reader = new StreamReader(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = new RecordingProblem($"The recording cannot be read: {error.Message.TrimEnd('.')}", "check the path and its permissions");
            return null;
        }

        var recording = Open(reader, options, out problem);
        if (recording is null)
        {
            reader.Dispose();
        }

        return recording;
    }

    /// <summary>The rows that have a time, in the order of the file. Read once.</summary>
    public IEnumerable<RecordedRow> Rows()
    {
        var values = new double[_columns.Length];
        for (var line = NextLine(); line is not null; line = NextLine())
        {
            var fields = CsvLine.Split(line, _format.Separator);
            if (!_time.TryRead(fields, out var time))
            {
                RowsWithoutTime++;
                continue;
            }

            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Read(fields, _columns[i]);
            }

            yield return new RecordedRow(time, values);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static CsvRecording? Open(StreamReader reader, CsvRecordingOptions options, out RecordingProblem? problem)
    {
        var lines = new List<string>();
        while (lines.Count < RowsToLookAt && reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                lines.Add(line);
            }
        }

        if (lines.Count == 0)
        {
            problem = new RecordingProblem("The recording is empty", "choose another file");
            return null;
        }

        var format = CsvFormat.Detect(lines, options);
        var data = lines.Skip(format.HasHeader ? 1 : 0).ToList();
        var rows = data.ConvertAll(line => CsvLine.Split(line, format.Separator));
        var names = string.Join(", ", format.Columns);
        if (CsvTime.Detect(format, rows, options) is not { } time)
        {
            problem = options.TimeColumn is { } column
                ? new RecordingProblem($"No column is called '{column}'", $"name one of: {names}")
                : new RecordingProblem("No column holds times", $"name the column of the times; there are: {names}");
            return null;
        }

        var numbers = new CsvNumber(format.DecimalComma, options.Missing);
        var columns = FindValues(format, time, rows, numbers, options, out problem);
        return columns is null ? null : new CsvRecording(reader, new Queue<string>(data), format, time, numbers, columns);
    }

    private static int[]? FindValues(
        CsvFormat format, CsvTime time, List<List<string>> rows, CsvNumber numbers, CsvRecordingOptions options, out RecordingProblem? problem)
    {
        problem = null;
        foreach (var name in options.ValueColumns)
        {
            if (format.Find(name) < 0)
            {
                problem = new RecordingProblem($"No column is called '{name}'", $"name one of: {string.Join(", ", format.Columns)}");
                return null;
            }
        }

        var columns = options.ValueColumns.Count > 0
            ? [.. options.ValueColumns.Select(format.Find)]
            : Enumerable.Range(0, format.Columns.Count).Where(HoldsNumbers).ToArray();
        problem = columns.Length > 0 ? null : new RecordingProblem("No column holds numbers", "name the column of the values");
        return columns.Length > 0 ? columns : null;

        // Row numbers have no name in the files of some tools and "No" in others: they are no measurement.
        bool HoldsNumbers(int column)
        {
            var fields = rows.Where(row => column < row.Count).Select(row => row[column]).ToList();
            return !time.Columns.Contains(column) && format.Columns[column] is not ("" or "No") &&
                fields.Any(field => numbers.TryParse(field, out _)) &&
                fields.All(field => numbers.TryParse(field, out _) || numbers.IsMissing(field));
        }
    }

    private string? NextLine()
    {
        while (true)
        {
            var line = _lookedAt.TryDequeue(out var known) ? known : _reader.ReadLine();
            if (line is null || !string.IsNullOrWhiteSpace(line))
            {
                return line;
            }
        }
    }

    private double Read(List<string> fields, int column)
    {
        if (column < fields.Count && _numbers.TryParse(fields[column], out var value))
        {
            return value;
        }

        ValuesMissing++;
        ValuesUnreadable += column < fields.Count && !_numbers.IsMissing(fields[column]) ? 1 : 0;
        return double.NaN;
    }
}
