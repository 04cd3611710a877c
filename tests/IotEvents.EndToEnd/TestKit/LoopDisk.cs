using System.Text;
using Xunit;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>A small real disk: an ext4 file system in a file, mounted over a loop device. Needs root; gone after the test.</summary>
internal sealed class LoopDisk : IAsyncDisposable
{
    private readonly string _mount;

    private LoopDisk(string mount) => _mount = mount;

    /// <summary>The host adapter's name for it: <c>disk.</c> and the mount's path in letters, digits and underscores.</summary>
    public string Metric
    {
        get
        {
            var name = new StringBuilder("disk.");
            foreach (var letter in _mount.Trim('/'))
            {
                name.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
            }

            return name.ToString();
        }
    }

    /// <summary>Makes and mounts one; skips the test, with the reason, where this computer does not allow it.</summary>
    public static async Task<LoopDisk> MountAsync(TestFolder folder, string size)
    {
        var image = Path.Combine(folder.Path, "disk.img");
        var mount = Directory.CreateDirectory(Path.Combine(folder.Path, "disk")).FullName;
        foreach (string[] step in new string[][]
        {
            ["truncate", "-s", size, image], ["mkfs.ext4", "-q", "-F", "-m", "0", image], ["mount", "-o", "loop", image, mount],
        })
        {
            var (code, output) = await RunningProgram.RunAsync(step[0], step[1..]);
            Assert.SkipUnless(code == 0, $"no disk of its own for this test: '{string.Join(' ', step)}' says {output.Trim()}");
        }

        return new LoopDisk(mount);
    }

    /// <summary>Fills it to this part of its size.</summary>
    public void Fill(double part)
    {
        var drive = new DriveInfo(_mount);
        var used = drive.TotalSize - drive.TotalFreeSpace;
        using var file = File.Create(Path.Combine(_mount, "filling"));
        file.Write(new byte[(int)((part * drive.TotalSize) - used)]);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Takes away what filled it.</summary>
    public void Clear() => File.Delete(Path.Combine(_mount, "filling"));

    public async ValueTask DisposeAsync() => await RunningProgram.RunAsync("umount", ["-l", _mount]);
}
