using System.Globalization;

namespace IotEvents.Tests.Gateway.History.Codec;

/// <summary>Recorded series of the data folder beside the repository, one for each numeric column of each
/// file.</summary>
internal static class RecordedSeries
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "d/MM/yyyy H:mm:ss"];

    public static string? Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IotEvents.sln")))
            {
                folder = folder.Parent;
            }

            var data = folder is null ? null : Path.Combine(folder.FullName, "..", "shared", "data");
            return Directory.Exists(data) ? data : null;
        }
    }

    public static IEnumerable<(string Name, List<(long Time, double Value)> Points)> Read(string set)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Folder!, set)).Order(StringComparer.Ordinal))
        {
            if (Path.GetExtension(file) is ".csv" or ".txt")
            {
                foreach (var (column, points) in ReadFile(file))
                {
                    yield return ($"{set}/{Path.GetFileNameWithoutExtension(file)}/{column}", points);
                }
            }
        }
    }

    private static IEnumerable<(string Column, List<(long Time, double Value)> Points)> ReadFile(string file)
    {
        var rows = File.ReadAllLines(file).Select(line => line.Split(',')).ToList();
        var names = rows[0].Select(name => name.Trim('"')).ToList();
        if (rows[1].Length > names.Count)
        {
            names.Insert(0, "row");
        }

        for (var column = 0; column < names.Count; column++)
        {
            var points = new List<(long Time, double Value)>();
            foreach (var row in rows.Skip(1))
            {
                if (double.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                {
                    points.Add((Time(names, row), value));
                }
            }

            if (points.Count > 0)
            {
                yield return (names[column], points.OrderBy(point => point.Time).ToList());
            }
        }
    }

    private static long Time(List<string> names, string[] row)
    {
        if (names.Contains("year"))
        {
            return Nanoseconds(new DateTime(Number(row, names, "year"), Number(row, names, "month"),
                Number(row, names, "day"), Number(row, names, "hour"), 0, 0, DateTimeKind.Utc));
        }

        var text = names.Contains("Time") ? $"{row[names.IndexOf("Date")]} {row[names.IndexOf("Time")]}"
            : row[names.FindIndex(name => name is "timestamp" or "date")].Trim('"');
        return Nanoseconds(DateTime.ParseExact(text, TimeFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal));
    }

    private static long Nanoseconds(DateTime instant) => (instant - DateTime.UnixEpoch).Ticks * 100;

    private static int Number(string[] row, List<string> names, string name) =>
        int.Parse(row[names.IndexOf(name)], CultureInfo.InvariantCulture);
}
