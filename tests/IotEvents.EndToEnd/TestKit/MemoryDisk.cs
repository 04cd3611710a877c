using Xunit;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>A disk of a few megabytes in memory, which a test can fill to the last byte. Needs root; gone after the test.</summary>
internal sealed class MemoryDisk : IAsyncDisposable
{
    private readonly string _mount;

    private MemoryDisk(string mount) => _mount = mount;

    private string Filling => Path.Combine(_mount, "filling");

    /// <summary>Mounts one as a folder below the test's; skips the test, with the reason, where this computer does not allow it.</summary>
    public static async Task<MemoryDisk> MountAsync(TestFolder folder, string name, string size)
    {
        var mount = Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName;
        var (code, output) = await RunningProgram.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", mount]);
        Assert.SkipUnless(code == 0, $"no disk of its own for this test: mount says {output.Trim()}");
        return new MemoryDisk(mount);
    }

    /// <summary>Writes until nothing more fits.</summary>
    public void FillUp()
    {
        using var file = new FileStream(Filling, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full: that is what was wanted.
        }
    }

    /// <summary>Takes away what filled it.</summary>
    public void Clear() => File.Delete(Filling);

    public async ValueTask DisposeAsync() => await RunningProgram.RunAsync("umount", ["-l", _mount]);
}
