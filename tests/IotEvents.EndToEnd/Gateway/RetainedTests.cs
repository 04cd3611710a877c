using System.Globalization;
using System.Text.Json;
using IotEvents.EndToEnd.Simulator;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>Last-known values that another broker keeps: shown with their age, and never the cause of an alert.</summary>
public class RetainedTests
{
    private const string Rules = """
        rules:
          - id: too-warm
            match: { device: oven, metric: temperature }
            raise: value > 80
        """;

    [Fact]
    public async Task Start_RetainedValueThatSaysItsTime_FiresNothingAndShowsItsAge()
    {
        using var folder = new TestFolder();
        using var mosquitto = await Mosquitto.StartAsync(TestContext.Current.CancellationToken);
        var measured = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(3);
        await PublishAsync(mosquitto, string.Create(
            CultureInfo.InvariantCulture, $$"""{"temperature": 90, "time": "{{measured:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}"""));
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules, brokers: Brokers(mosquitto));

        for (var start = 1; start <= 2; start++)
        {
            await UntilHeardAsync(gateway);
            var metric = await OvenAsync(gateway);
            Assert.True(metric.GetProperty("lastKnown").GetBoolean());
            Assert.InRange(metric.GetProperty("age").GetDouble(), 3 * 3600, (3 * 3600) + 120);
            Assert.Empty((await gateway.GetAsync("/api/alerts")).EnumerateArray());
            Assert.Equal(0, await gateway.StopAsync());
            await gateway.StartAgainAsync();
        }
    }

    [Fact]
    public async Task Restart_RetainedValueWithoutTime_KeepsTheAgeItHad()
    {
        using var folder = new TestFolder();
        using var mosquitto = await Mosquitto.StartAsync(TestContext.Current.CancellationToken);
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules, brokers: Brokers(mosquitto));
        await Until.TrueAsync(
            async () =>
            {
                // The subscription stands when a message comes through it.
                await PublishAsync(mosquitto, "70");
                return (await gateway.ReadingsAsync("oven/temperature")).Count > 0;
            },
            "the first value");
        var fresh = await OvenAsync(gateway);
        Assert.False(fresh.GetProperty("lastKnown").GetBoolean());

        await gateway.StopAsync();
        await gateway.StartAgainAsync();
        await UntilHeardAsync(gateway);
        var known = await OvenAsync(gateway);
        Assert.True(known.GetProperty("lastKnown").GetBoolean());
        Assert.Equal(70, known.GetProperty("value").GetDouble());
        Assert.Equal(fresh.GetProperty("time").GetInt64(), known.GetProperty("time").GetInt64());

        // While the gateway is away the value becomes a bad one: nobody knows when, so it wakes nobody.
        await gateway.StopAsync();
        await PublishAsync(mosquitto, "90");
        await gateway.StartAgainAsync();
        await UntilHeardAsync(gateway);
        await Until.TrueAsync(async () => (await OvenAsync(gateway)).GetProperty("value").GetDouble() == 90, "the changed value");
        Assert.True((await OvenAsync(gateway)).GetProperty("lastKnown").GetBoolean());
        Assert.Empty((await gateway.GetAsync("/api/alerts")).EnumerateArray());

        // The same value, said live, does.
        await PublishAsync(mosquitto, "90");
        await Until.TrueAsync(async () => (await gateway.GetAsync("/api/alerts")).GetArrayLength() == 1, "the alert");
    }

    // Without a session, so that each start gets the retained value, and nothing but that.
    private static string Brokers(Mosquitto mosquitto) =>
        string.Create(CultureInfo.InvariantCulture, $$"""[{ name: site, url: "mqtt://127.0.0.1:{{mosquitto.Address.Port}}", session_expiry: 0s }]""");

    private static async Task PublishAsync(Mosquitto mosquitto, string payload)
    {
        var topic = payload[0] == '{' ? "oven" : "oven/temperature";
        var (code, output) = await RunningProgram.RunAsync("mosquitto_pub", [
            "-h", "127.0.0.1", "-p", mosquitto.Address.Port.ToString(CultureInfo.InvariantCulture), "-q", "1", "-r", "-t", topic, "-m", payload]);
        Assert.True(code == 0, output);
    }

    private static async Task UntilHeardAsync(GatewayProcess gateway)
    {
        await Until.TrueAsync(
            async () => (await gateway.GetAsync("/api/status")).GetProperty("adapters").EnumerateArray()
                .Any(adapter => adapter.GetProperty("name").GetString() == "site" && adapter.GetProperty("messages").GetInt64() > 0),
            "the retained message");
        await Until.TrueAsync(async () => (await gateway.GetAsync("/api/devices")).GetArrayLength() == 1, "the device");
    }

    private static async Task<JsonElement> OvenAsync(GatewayProcess gateway) =>
        (await gateway.GetAsync("/api/devices/oven")).GetProperty("metrics").EnumerateArray()
            .Single(metric => metric.GetProperty("metric").GetString() == "temperature");
}
