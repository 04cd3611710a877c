using IotEvents.Simulator.Cli;
using Xunit;

namespace IotEvents.Tests.Simulator.Cli;

public sealed class SimulatorCommandTests
{
    [Theory]
    [InlineData(0, "list")]
    [InlineData(0, "list", "demo")]
    [InlineData(0, "run", "--help")]
    [InlineData(2, "list", "nope")]
    [InlineData(2, "run", "nope")]
    [InlineData(2, "run", "demo", "--days", "2")]
    [InlineData(2, "run", "demo", "--score")]
    [InlineData(2, "run", "demo", "--truth", "t.jsonl")]
    [InlineData(2, "run", "demo", "--virtual", "--rules", "config")]
    [InlineData(2, "run", "demo", "--virtual", "--score", "--out", "m.jsonl")]
    [InlineData(1, "run", "cold-chain", "--virtual", "--score", "--gateway", "/nowhere/iotevents")]
    [InlineData(0, "list", "cold-chain", "--rules")]
    [InlineData(1, "list", "storm", "--rules")]
    [InlineData(2, "list", "--rules")]
    [InlineData(2, "run", "demo", "--speed", "0x")]
    [InlineData(2, "run", "demo", "--mqtt", "127.0.0.1")]
    [InlineData(2, "load", "--qos", "3")]
    [InlineData(2, "load", "--rate", "5", "--as-fast-as-possible")]
    [InlineData(2, "load", "--for", "0s")]
    [InlineData(2, "replay", "none.csv")]
    [InlineData(2, "replay", "none.csv", "--zone", "Moon/Crater")]
    [InlineData(2, "replay", "none.csv", "--rate", "1", "--speed", "2x")]
    [InlineData(2, "serial", "storm")]
    [InlineData(1, "load", "--mqtt", "127.0.0.1:1", "--count", "1", "--patience", "10ms")]
    public async Task RunAsync_EachCommandLine_ExitsAsPromised(int exit, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(exit, await SimulatorCommand.RunAsync(args, output, error, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.NotEmpty(exit == 0 ? output.ToString() : error.ToString());
    }

    [Fact]
    public async Task RunAsync_VirtualTwice_WritesTheSameFile()
    {
        var files = new[] { Path.GetTempFileName(), Path.GetTempFileName() };
        var truths = new[] { Path.GetTempFileName(), Path.GetTempFileName() };
        foreach (var (file, truth) in files.Zip(truths))
        {
            using var silent = new StringWriter();
            string[] args = ["run", "storm", "--virtual", "--for", "5s", "--seed", "99", "--out", file, "--truth", truth];
            Assert.Equal(0, await SimulatorCommand.RunAsync(args, silent, silent, TimeProvider.System, TestContext.Current.CancellationToken));
        }

        var bytes = await File.ReadAllBytesAsync(files[0], TestContext.Current.CancellationToken);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(files[1], TestContext.Current.CancellationToken));
        Assert.InRange(bytes.Count(b => b == '\n'), 4_000, 6_000);
        var truthBytes = await File.ReadAllBytesAsync(truths[0], TestContext.Current.CancellationToken);
        Assert.Equal(truthBytes, await File.ReadAllBytesAsync(truths[1], TestContext.Current.CancellationToken));
        Assert.InRange(truthBytes.Count(b => b == '\n'), 100, 6_000);
        Array.ForEach([.. files, .. truths], File.Delete);
    }
}
