using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>What a newcomer runs first.</summary>
public class DemoTests
{
    [Fact]
    public async Task Demo_OneMinute_ShowsDevicesAlertsAndAnEndAndExitsWithZero()
    {
        using var folder = new TestFolder();

        var (code, output) = await RunningProgram.RunAsync(
            Checkout.Gateway, ["demo", "--for", "60s", "--http", "0", "--mqtt", "0", "--data", Path.Combine(folder.Path, "data")],
            TimeSpan.FromMinutes(2), folder.Path);

        Assert.True(code == 0, output);
        foreach (var expected in new[]
        {
            "Room 1 discovered", "Freezer 2 discovered", "Diesel tank discovered", "Weather station discovered", $"{Environment.MachineName} discovered",
            "freezer-too-warm", "tank-nearly-full", "recovered",
        })
        {
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
    }
}
