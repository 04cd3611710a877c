using System.Globalization;
using System.Text.Json;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary>A folder cannot be read as labelled series. The message says where, what and how to mend it.</summary>
internal sealed class LabelledFolderException(string message) : Exception(message);

/// <summary>
/// Reads a folder in the form of the Numenta anomaly benchmark: <c>labels.json</c> and a <c>NAME.csv</c> for each name in it.
/// </summary>
internal static class LabelledFolder
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];

    /// <summary>Reads all series, in the order of their names. Times without a zone are taken as UTC.</summary>
    /// <exception cref="LabelledFolderException">Something is missing or wrong.</exception>
    public static IReadOnlyList<LabelledSeries> Read(string folder)
    {
        var labels = Path.Combine(folder, "labels.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(labels));
            var series = new List<LabelledSeries>();
            foreach (var member in json.RootElement.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                if (member.Name != Path.GetFileName(member.Name) || member.Name.Length == 0)
                {
                    throw new LabelledFolderException(
                        $"{labels}: '{member.Name}' is no name of a file; name the series like its CSV file");
                }

                series.Add(new LabelledSeries(
                    member.Name, ReadPoints(Path.Combine(folder, member.Name + ".csv")), ReadWindows(labels, member)));
            }

            return series.Count > 0 ? series : throw new LabelledFolderException($"{labels} names no series; add one");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new LabelledFolderException(
                $"{labels}: {problem.Message} Write {{ \"NAME\": {{ \"windows\": [[\"BEGIN\", \"END\"]] }} }}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LabelledFolderException($"{problem.Message} Give a folder with labels.json and its CSV files");
        }
    }

    private static List<LabelledWindow> ReadWindows(string labels, JsonProperty series)
    {
        var windows = new List<LabelledWindow>();
        if (!series.Value.TryGetProperty("windows", out var list))
        {
            throw new LabelledFolderException($"{labels}: '{series.Name}' has no windows; write [] when nothing is anomalous");
        }

        foreach (var pair in list.EnumerateArray())
        {
            if (pair.GetArrayLength() != 2
                || !TryReadTime(pair[0].GetString(), out var begin) || !TryReadTime(pair[1].GetString(), out var end)
                || end < begin || (windows.Count > 0 && begin <= windows[^1].End))
            {
                throw new LabelledFolderException(
                    $"{labels}: window {windows.Count + 1} of '{series.Name}' is not two times after the window before; "
                    + "write [\"BEGIN\", \"END\"]");
            }

            windows.Add(new LabelledWindow(begin, end));
        }

        return windows;
    }

    private static List<Point> ReadPoints(string file)
    {
        var points = new List<Point>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            var comma = line.IndexOf(',', StringComparison.Ordinal);
            if (++number == 1 || line.Length == 0)
            {
                continue;
            }

            if (comma < 0 || !TryReadTime(line[..comma], out var time)
                || !double.TryParse(line.AsSpan(comma + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !double.IsFinite(value))
            {
                throw new LabelledFolderException(
                    $"{file}:{number}: '{line}' is not a time and a number; write 2014-04-01 00:05:00,20.5");
            }

            // As in the gateway: what is older than the last is not judged.
            if (points.Count == 0 || time >= points[^1].Time)
            {
                points.Add(new Point(time, value));
            }
        }

        return points.Count > 0 ? points : throw new LabelledFolderException($"{file} has no readings; add lines below its header");
    }

    private static bool TryReadTime(string? text, out Timestamp time)
    {
        var isTime = DateTimeOffset.TryParseExact(
            text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            && instant.Year is > 1700 and < 2200;
        time = isTime ? Timestamp.From(instant) : Timestamp.None;
        return isTime;
    }
}
