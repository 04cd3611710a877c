using System.Globalization;
using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>A capacity reaching its limit, measured on this very computer.</summary>
public class CapacityTests
{
    private const string HostOnly = "linux: { host: true, hwmon: false, iio: false, onewire: false, device: box, interval: 1s }";

    [Fact]
    public async Task Disk_FilledOverEightyPercent_RaisesAndEndsAsRecovered()
    {
        using var folder = new TestFolder();
        await using var disk = await LoopDisk.MountAsync(folder, "64M");
        await using var gateway = await GatewayProcess.StartAsync(folder, HostOnly, $$"""
            rules:
              - id: disk-nearly-full
                match: { device: box, metric: {{disk.Metric}}.used }
                raise: value >= 80 % of {{disk.Metric}}.total
                clear: value < 75 % of {{disk.Metric}}.total
                severity: critical
            """);
        await Until.TrueAsync(async () => (await gateway.ReadingsAsync($"box/{disk.Metric}.used")).Count > 0, "the disk's first reading");
        Assert.Empty((await gateway.GetAsync("/api/alerts")).EnumerateArray());

        disk.Fill(0.85);
        var raised = await AlertAsync(gateway, "active");
        var points = await gateway.ReadingsAsync($"box/{disk.Metric}.total");
        Assert.True(raised.GetProperty("value").GetDouble() >= 0.8 * points[^1].Value, raised.ToString());

        disk.Clear();
        var ended = await AlertAsync(gateway, "ended");
        Assert.Equal("recovered", ended.GetProperty("endReason").GetString());
        Assert.Equal(raised.GetProperty("id").GetString(), ended.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Memory_OverAPartOfItsTotal_Raises()
    {
        using var folder = new TestFolder();

        // A little under what is in use now: others on this computer take and give back memory meanwhile.
        var percent = Math.Round(0.75 * UsedMemoryPercent(), 3);
        await using var gateway = await GatewayProcess.StartAsync(folder, HostOnly, string.Create(CultureInfo.InvariantCulture, $$"""
            rules:
              - id: memory-over-a-part
                match: { device: box, metric: memory.used }
                raise: value >= {{percent}} % of memory.total
              - id: memory-over-all
                match: { device: box, metric: memory.used }
                raise: value > 100 % of memory.total
            """));

        var alert = await AlertAsync(gateway, "active");

        Assert.Equal("memory-over-a-part", alert.GetProperty("rule").GetString());
        Assert.Equal("memory.used", alert.GetProperty("metric").GetString());
    }

    private static Task<JsonElement> AlertAsync(GatewayProcess gateway, string state) => FirstAsync(
        async () => (await gateway.GetAsync("/api/alerts")).EnumerateArray().Where(alert => alert.GetProperty("state").GetString() == state).ToList(),
        $"an alert that is {state}");

    private static async Task<JsonElement> FirstAsync(Func<Task<List<JsonElement>>> ask, string what) =>
        Assert.Single(await Until.NotNullAsync(async () => await ask() is { Count: > 0 } found ? found : null, what));

    private static double UsedMemoryPercent()
    {
        var rows = File.ReadLines("/proc/meminfo").Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(columns => columns[0], columns => double.Parse(columns[1], CultureInfo.InvariantCulture));
        return 100 * (rows["MemTotal"] - rows["MemAvailable"]) / rows["MemTotal"];
    }
}
