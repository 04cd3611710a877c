using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>Room on a file system, in bytes. What is free but kept for root is neither used nor available.</summary>
internal readonly record struct DiskSpace(long Total, long Free, long Available);

/// <summary>The file systems that hold data: those on a device, once each, and the root. fstab(5), <c>/proc/mounts</c>.</summary>
internal sealed class DiskSource(Func<string, DiskSpace?> space) : IHostSource
{
    private static readonly Unit Bytes = Units.Get("B");
    private static readonly Unit Percent = Units.Get("%");

    /// <summary>Images that are full by nature.</summary>
    private static readonly string[] ReadOnlyImages = ["squashfs", "iso9660", "erofs", "cramfs"];

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        if (sample.Text("proc/mounts") is not { } text)
        {
            return;
        }

        var devices = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (device, mount, type) in Visible(sample, text))
        {
            var isData = device.StartsWith("/dev/", StringComparison.Ordinal) && !ReadOnlyImages.Contains(type);
            if ((isData || mount == "/") && devices.Add(isData ? device : mount))
            {
                Add(sample, mount);
            }
        }
    }

    /// <summary>Asks the operating system; null when the mount is not to be reached.</summary>
    internal static DiskSpace? OfThisComputer(string mount)
    {
        try
        {
            var drive = new DriveInfo(mount);
            return new DiskSpace(drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Of mounts over each other only the last is seen: a service must not take what hides a disk from it for that disk.</summary>
    private static IEnumerable<(string Device, string Mount, string Type)> Visible(HostSample sample, string text)
    {
        var mounts = new List<(string Device, string Mount, string Type)>();
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var columns = line.Split(' ');
            if (columns.Length < 3)
            {
                sample.Broken();
                continue;
            }

            var mount = Unescape(columns[1]);
            last[mount] = mounts.Count;
            mounts.Add((columns[0], mount, columns[2]));
        }

        return mounts.Where((it, index) => last[it.Mount] == index);
    }

    private void Add(HostSample sample, string mount)
    {
        if (space(mount) is not { } disk)
        {
            sample.Broken();
            return;
        }

        if (disk.Total <= 0)
        {
            return;
        }

        var name = sample.Unique("disk." + (mount == "/" ? "root" : HostSample.Part(mount.Trim('/'))));
        var used = (double)(disk.Total - disk.Free);
        sample.Add(name + ".total", disk.Total, Bytes);
        sample.Add(name + ".used", used, Bytes);

        // As df does: of what an ordinary user could have.
        sample.Add(name + ".used_percent", used + disk.Available > 0 ? 100 * used / (used + disk.Available) : 0, Percent);
    }

    /// <summary>Spaces, tabs, line ends and backslashes stand as octal numbers.</summary>
    private static string Unescape(string mount) => mount
        .Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}
