using System.Globalization;
using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>Somebody sets the computer's clock while the gateway runs: libfaketime moves the clock, and leaves the steady counter alone.</summary>
public class ClockTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(20);

    private const string Rules = """
        rules:
          - id: too-warm
            match: { device: oven, metric: temperature }
            raise: value > 80
            for: 20s
        """;

    [Theory]
    [InlineData(2 * 3600)]
    [InlineData(-3600)]
    public async Task Set_WhilePending_FiresAfterTheTimeThatReallyPassed(int seconds)
    {
        using var folder = new TestFolder();
        var faked = new FakeTime(folder);
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules, environment: faked.Environment);
        var began = TimeProvider.System.GetTimestamp();
        await gateway.PublishAsync("oven/temperature", "90");
        await Until.TrueAsync(async () => (await gateway.ReadingsAsync("oven/temperature")).Count == 1, "the reading");

        faked.Set(seconds);
        await Until.TrueAsync(async () => (await ClockAsync(gateway)).GetProperty("steps").GetInt32() == 1, "the step of the clock");
        Assert.Equal(seconds, (await ClockAsync(gateway)).GetProperty("steppedBy").GetDouble(), 5.0);
        Assert.Empty((await gateway.GetAsync("/api/alerts")).EnumerateArray());
        await gateway.PublishAsync("oven/temperature", "91");

        await Until.TrueAsync(
            async () => (await gateway.GetAsync("/api/alerts")).GetArrayLength() == 1, "the alert", TimeSpan.FromMinutes(2));
        var alert = (await gateway.GetAsync("/api/alerts"))[0];
        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.InRange(took, Hold, Hold + TimeSpan.FromMinutes(1));
        Assert.Equal("active", alert.GetProperty("state").GetString());
        Assert.Equal(Hold.TotalMilliseconds, alert.GetProperty("raisedAt").GetInt64() - alert.GetProperty("since").GetInt64());
        var devices = (await gateway.GetAsync("/api/devices/oven")).GetProperty("metrics")[0];
        Assert.Equal(91, devices.GetProperty("value").GetDouble());
        Assert.InRange(devices.GetProperty("age").GetDouble(), 0, 90);
    }

    [Fact]
    public async Task Start_BeforeTheClockIsSet_MarksReadingsAndStoresThemOnceWithTheRightTime()
    {
        using var folder = new TestFolder();
        var faked = new FakeTime(folder);
        var years = -20 * 365 * 86400;
        faked.Set(years);
        await using var gateway = await GatewayProcess.StartAsync(folder, environment: faked.Environment);
        Assert.False((await ClockAsync(gateway)).GetProperty("trusted").GetBoolean());
        var began = TimeProvider.System.GetUtcNow();
        await gateway.PublishAsync("oven/temperature", "70");
        await gateway.UntilStoredAsync();
        Assert.Empty(await gateway.ReadingsAsync("oven/temperature"));

        faked.Set(0);

        var points = await Until.NotNullAsync(
            async () => await gateway.ReadingsAsync("oven/temperature", "&from=0") is { Count: > 0 } stored ? stored : null, "the reading");
        var (at, value) = Assert.Single(points);
        Assert.Equal(70, value);
        Assert.InRange(at, began.ToUnixTimeMilliseconds() - 5000, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 5000);
        var quality = (await gateway.GetAsync("/api/devices/oven")).GetProperty("metrics")[0].GetProperty("quality");
        Assert.Contains("time-untrusted", quality.EnumerateArray().Select(name => name.GetString()));
        await gateway.KillAsync();
        await gateway.StartAgainAsync();
        await gateway.UntilStoredAsync();
        Assert.Equal(points, await gateway.ReadingsAsync("oven/temperature", "&from=0"));
    }

    private static async Task<JsonElement> ClockAsync(GatewayProcess gateway) => (await gateway.GetAsync("/api/status")).GetProperty("clock");

    /// <summary>libfaketime's settings for a process, and its file that moves the clock while the process runs.</summary>
    private sealed class FakeTime
    {
        private readonly string _file;

        public FakeTime(TestFolder folder)
        {
            _file = Path.Combine(folder.Path, "faketime");
            Set(0);
        }

        public IEnumerable<KeyValuePair<string, string>> Environment =>
        [
            new("LD_PRELOAD", Library()), new("FAKETIME_TIMESTAMP_FILE", _file), new("FAKETIME_NO_CACHE", "1"),
            new("DONT_FAKE_MONOTONIC", "1"),
        ];

        public void Set(int seconds)
        {
            // Moved into place: half a file would be half a number.
            File.WriteAllText(_file + ".new", string.Create(CultureInfo.InvariantCulture, $"{seconds:+0;-0;+0}\n"));
            File.Move(_file + ".new", _file, overwrite: true);
        }

        private static string Library() =>
            Directory.GetDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
                .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("libfaketime is not installed; tests/run.sh installs it (package faketime).");
    }
}
