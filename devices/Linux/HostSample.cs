using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>One round of measurements: where the files are, how long ago the last round was, where readings go.</summary>
internal sealed class HostSample(string root, byte[] device)
{
    private const int FileBytesMax = 256 * 1024;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly byte[] _metric = new byte[128];

    /// <summary>The readings of this round.</summary>
    public ReadingBuffer Readings { get; } = new();

    /// <summary>Since the last round; zero in the first.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Empties it for the next round.</summary>
    public void Begin(TimeSpan elapsed)
    {
        Elapsed = elapsed;
        Readings.Clear();
        _names.Clear();
    }

    /// <summary>Adds a reading; a value that is not finite, or a name too long, is counted instead.</summary>
    public void Add(string metric, double value, Unit unit)
    {
        if (!Encoding.UTF8.TryGetBytes(metric, _metric, out var length))
        {
            Readings.Reject(RejectReason.Oversize);
        }
        else if (!double.IsFinite(value))
        {
            Readings.Reject(RejectReason.NotFinite);
        }
        else
        {
            Readings.Add(new DecodedReading { Device = device, Metric = _metric.AsSpan(0, length), Value = value, Unit = unit });
        }
    }

    /// <summary>A name nothing else has in this round: the second <c>coretemp</c> becomes <c>coretemp_2</c>.</summary>
    public string Unique(string name)
    {
        var unique = name;
        for (var i = 2; !_names.Add(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        }

        return unique;
    }

    /// <summary>A part of a metric's name out of what the kernel or a driver calls it: small letters, digits and <c>_</c>.</summary>
    public static string Part(string name)
    {
        var part = new StringBuilder(name.Length);
        foreach (var letter in name.Trim())
        {
            part.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        }

        return part.Length == 0 ? "_" : part.ToString();
    }

    /// <summary>Notes a file that is there but does not hold what it should.</summary>
    public void Broken() => Readings.Reject(RejectReason.Malformed);

    /// <summary>A file's text without the line end; null when there is no such file, or it cannot be read, which is counted.</summary>
    /// <param name="path">From the root, such as <c>proc/stat</c>.</param>
    public string? Text(string path)
    {
        var full = Path.Combine(root, path);
        try
        {
            if (!File.Exists(full))
            {
                return null;
            }

            // Files of the kernel have no length: read until the end, within reason.
            using var file = File.OpenRead(full);
            var bytes = new byte[4096];
            var length = 0;
            while (file.Read(bytes, length, bytes.Length - length) is > 0 and var count)
            {
                length += count;
                if (length == bytes.Length && length < FileBytesMax)
                {
                    Array.Resize(ref bytes, length * 2);
                }
            }

            return Encoding.UTF8.GetString(bytes, 0, length).TrimEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Broken();
            return null;
        }
    }

    /// <summary>A file that holds one number; null when there is none.</summary>
    public double? Number(string path)
    {
        if (Text(path) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Broken();
        return null;
    }

    /// <summary>The names in a folder that begin with a prefix, ordered so that 2 comes before 10; none when there is no such folder.</summary>
    public IReadOnlyList<string> Names(string folder, string prefix)
    {
        var full = Path.Combine(root, folder);
        try
        {
            return !Directory.Exists(full) ? [] :
                [.. Directory.EnumerateFileSystemEntries(full).Select(entry => Path.GetFileName(entry)!)
                    .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                    .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Broken();
            return [];
        }
    }
}
