using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;
using IotEvents.Simulator.Recordings;

namespace IotEvents.Simulator.Signals;

/// <summary>Plays a column of a CSV file by the file's own times; the first row is the start.</summary>
/// <param name="Points">The rows that have a value, in the order of time.</param>
/// <param name="Repeat">After this time it begins again: the length of the recording and one typical pause; null for never.</param>
public sealed record RecordingSignal(IReadOnlyList<SignalPoint> Points, TimeSpan? Repeat) : ISignal
{
    /// <summary>The most rows that are kept in memory.</summary>
    public const int RowsMax = 1_000_000;

    /// <summary>
    /// Reads <c>file</c> (relative to the scenario), <c>column</c> (default the first with numbers), <c>pace</c> (how many
    /// times faster than recorded, 0.001 to 1,000,000, default 1), <c>loop</c> (default true).
    /// </summary>
    public static RecordingSignal Read(SettingsMap settings, string folder)
    {
        var file = settings.RequiredText("file", "readings.csv");
        var column = settings.OptionalText("column");
        var pace = settings.Number("pace", 1, 0.001, 1e6);
        var loop = settings.Flag("loop", true);
        if (file.Length == 0)
        {
            return Nothing;
        }

        var options = new CsvRecordingOptions { ValueColumns = column is null ? [] : [column] };
        using var recording = CsvRecording.TryOpen(Path.Combine(folder, file), options, out var problem);
        if (recording is null)
        {
            settings.Refuse(column is null ? "file" : "column", problem!.Message, problem.Mend);
            return Nothing;
        }

        var points = ReadPoints(recording, pace);
        if (points.Count == 0)
        {
            settings.Refuse("file", "No row of the recording has a time and a value", "name another column, or another file");
            return Nothing;
        }

        var length = points[^1].At;
        return new RecordingSignal(points, loop ? length + (length / Math.Max(1, points.Count - 1)) + TimeSpan.FromTicks(1) : null);
    }

    private static RecordingSignal Nothing => new([default], null);

    /// <inheritdoc/>
    public Func<TimeSpan, double> Start(SeededRandom chance) => at =>
        Points[Math.Max(0, SignalPoint.LastIndexAt(Points, SignalTimes.Fold(at, Repeat)))].Value;

    private static List<SignalPoint> ReadPoints(CsvRecording recording, double pace)
    {
        var points = new List<SignalPoint>();
        var first = default(Timestamp?);
        foreach (var row in recording.Rows().Take(RowsMax))
        {
            if (double.IsNaN(row.Values[0]))
            {
                continue;
            }

            first ??= row.Time;
            var at = (row.Time - first.Value) / pace;
            if (points.Count == 0 || at > points[^1].At)
            {
                points.Add(new SignalPoint(at, row.Values[0]));
            }
        }

        return points;
    }
}
