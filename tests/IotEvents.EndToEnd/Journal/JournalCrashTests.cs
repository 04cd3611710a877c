using System.Diagnostics;
using System.Globalization;
using IotEvents.Gateway.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.EndToEnd.Journal;

public sealed class JournalCrashTests
{
    [Fact]
    public async Task Kill_AtRandomMoments_LosesNothingAcknowledged()
    {
        const int Seed = 20261123;
        var random = new Random(Seed);
        using var child = new JournalChild();
        for (var kill = 0; kill < 6; kill++)
        {
            using var process = child.Start();
            await child.UntilAcknowledgedAsync(child.Acknowledged().Count + random.Next(1, 300), process);
            process.Kill();
            await JournalChild.ExitAsync(process);
            Assert.True(child.CountLost(child.JournalFile) == 0, $"seed {Seed}, kill {kill}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"6 kills, {child.Acknowledged().Count} acknowledged, 0 lost, seed {Seed}");
    }

    [Fact]
    public async Task Kill_WhenItAcknowledgesBeforeTheCommit_LosesSomething()
    {
        // The control: killed at the write to the log, what was acknowledged too early is missing, and the oracle must see it.
        using var child = new JournalChild { IsAckFirst = true };
        using var process = child.Start(
            "-P", Path.Combine(child.Folder, "data", "journal.db-wal"),
            "-e", "trace=pwrite64", "-e", "inject=pwrite64:signal=SIGKILL:when=40");
        await JournalChild.ExitAsync(process);
        Assert.NotEmpty(child.Acknowledged());
        Assert.Equal(1, child.CountLost(child.JournalFile));
    }

    [Theory]
    [InlineData("fsync,fdatasync", 1)]
    [InlineData("fsync,fdatasync", 2)]
    [InlineData("fsync,fdatasync", 3)]
    [InlineData("fsync,fdatasync", 9)]
    [InlineData("pwrite64", 1)]
    [InlineData("pwrite64", 2)]
    [InlineData("pwrite64", 3)]
    [InlineData("pwrite64", 10)]
    [InlineData("pwrite64", 31)]
    public async Task Kill_AtTheNthCall_LosesNothingAcknowledged(string calls, int number)
    {
        using var child = new JournalChild { Records = 200 };
        var data = Path.Combine(child.Folder, "data", "journal.db");
        using var process = child.Start(
            "-P", data, "-P", data + "-wal", "-e", $"trace={calls}",
            "-e", string.Create(CultureInfo.InvariantCulture, $"inject={calls}:signal=SIGKILL:when={number}"));
        await JournalChild.ExitAsync(process);
        Assert.DoesNotContain("done", child.Lines());
        Assert.Equal(0, child.CountLost(child.JournalFile));
    }

    [Theory]
    [InlineData("pwrite64", "ENOSPC", JournalFailure.DiskFull)]
    [InlineData("pwrite64", "EIO", JournalFailure.IoError)]
    [InlineData("fsync,fdatasync", "EIO", JournalFailure.IoError)]
    public async Task Commit_WhenTheDiskFails_SaysWhyAndLosesNothingAcknowledged(string calls, string error, JournalFailure expected)
    {
        using var child = new JournalChild { Records = 500 };
        using var process = child.Start(
            "-P", Path.Combine(child.Folder, "data", "journal.db-wal"), "-e", $"trace={calls}",
            "-e", $"inject={calls}:error={error}:when=20+");
        await JournalChild.ExitAsync(process);
        Assert.Equal($"failed {expected}", child.Lines()[^1]);
        Assert.NotEmpty(child.Acknowledged());
        Assert.Equal(0, child.CountLost(child.JournalFile));
    }

    [Fact]
    public async Task Open_WhileAnotherProcessWrites_IsRefusedWithItsNumber()
    {
        using var child = new JournalChild();
        using var process = child.Start();
        await child.UntilAcknowledgedAsync(1, process);
        var failure = Assert.Throws<JournalFailedException>(
            () => JournalStore.Open(child.JournalFile, new JournalOptions(), TimeProvider.System, NullLogger.Instance));
        process.Kill();
        await JournalChild.ExitAsync(process);
        Assert.Equal(JournalFailure.InUse, failure.Failure);
        Assert.Contains($"process {process.Id}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, child.CountLost(child.JournalFile));
    }

    [Fact]
    public async Task Open_AfterAKillWithoutTheLog_SaysThatItIsMissing()
    {
        using var child = new JournalChild();
        using (var process = child.Start())
        {
            await child.UntilAcknowledgedAsync(5, process);
            process.Kill();
            await JournalChild.ExitAsync(process);
        }

        File.Delete(child.JournalFile + "-wal");
        using var store = JournalStore.Open(child.JournalFile, new JournalOptions(), TimeProvider.System, NullLogger.Instance);
        Assert.Contains("-wal' is missing", store.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(JournalState.Ok, store.Status.State);
    }

    [Fact]
    public async Task PowerCut_WithFull_LosesNothingAcknowledged()
    {
        Assert.Equal(0, await CutAsync(synchronous: 2));
    }

    [Fact]
    public async Task PowerCut_WithOff_LosesSomething()
    {
        // The control: without flushes the same cut must lose acknowledged records, or the cut cuts nothing.
        Assert.NotEqual(0, await CutAsync(synchronous: 0));
    }

    // An ext4 image on a loop device. After the kill, the image's file holds what the file system inside had flushed; the rest
    // is in the page cache of the mounted one and is not copied. A long commit interval keeps its journal still meanwhile.
    private static async Task<int> CutAsync(int synchronous)
    {
        using var child = new JournalChild { Synchronous = synchronous };
        var image = Path.Combine(child.Folder, "disk.img");
        var cut = Path.Combine(child.Folder, "cut.img");
        var mount = Directory.CreateDirectory(Path.Combine(child.Folder, "disk")).FullName;
        using (var file = new FileStream(image, FileMode.CreateNew))
        {
            file.SetLength(64 << 20);
        }

        Assert.Equal(0, await RunAsync("mkfs.ext4", "-q", "-F", image));
        Assert.SkipUnless(await RunAsync("mount", "-o", "loop,commit=300", image, mount) == 0,
            "No loop device can be mounted here: the power cut needs root and /dev/loop-control.");
        try
        {
            // The files are there durably before the cut; what is tested are the records in them.
            child.JournalFile = Path.Combine(mount, "journal.db");
            JournalStore.Open(child.JournalFile, new JournalOptions(), TimeProvider.System, NullLogger.Instance).Dispose();
            await RunAsync("sync", "-f", mount);
            using var process = child.Start();
            await child.UntilAcknowledgedAsync(200, process);
            process.Kill();
            await JournalChild.ExitAsync(process);
            File.Copy(image, cut);
        }
        finally
        {
            await RunAsync("umount", mount);
        }

        Assert.Equal(0, await RunAsync("mount", "-o", "loop", cut, mount));
        try
        {
            return child.CountLost(child.JournalFile);
        }
        finally
        {
            await RunAsync("umount", mount);
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
