using System.Diagnostics;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Api;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_CheckedByPromtool_PassWithoutALint()
    {
        await using var server = await ApiServer.StartAsync(new FakeGateway(TimeProvider.System));
        var text = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }
}
