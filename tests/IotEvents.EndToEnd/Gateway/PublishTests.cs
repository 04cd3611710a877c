using System.Globalization;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>From mosquitto's own client to the API and the live events.</summary>
public class PublishTests
{
    [Theory]
    [InlineData("311", 0)]
    [InlineData("311", 1)]
    [InlineData("311", 2)]
    [InlineData("5", 0)]
    [InlineData("5", 1)]
    [InlineData("5", 2)]
    public async Task Publish_EveryVersionAndQoS_IsReadingAndEvent(string version, int qos)
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        await using var events = RunningProgram.Start("curl", ["-sN", new Uri(gateway.Http, "/api/events?type=iotevents.reading").ToString()]);
        await Until.TrueAsync(() => Task.FromResult(events.Output.Contains(':', StringComparison.Ordinal)), "the event stream");

        var (code, output) = await RunningProgram.RunAsync("mosquitto_pub",
        [
            "-V", version, "-q", qos.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-p", gateway.MqttPort.ToString(CultureInfo.InvariantCulture),
            "-t", "site/kitchen/telemetry", "-m", """{"temperature":21.5,"humidity":40}""",
        ]);

        Assert.True(code == 0, output);
        var points = await Until.NotNullAsync(
            async () => await gateway.ReadingsAsync("site/kitchen/temperature") is { Count: > 0 } found ? found : null, "the reading");
        Assert.Equal(21.5, Assert.Single(points).Value);
        await Until.TrueAsync(
            () => Task.FromResult(events.Output.Contains("/devices/site/kitchen", StringComparison.Ordinal) && events.Output.Contains("21.5", StringComparison.Ordinal)),
            "the event");
    }

    [Fact]
    public async Task Publish_TemperatureChange_RaisesAndEndsAndReachesTheWebhook()
    {
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            folder,
            rules: """
                rules:
                  - id: jump
                    match: { device: "site/*", metric: temperature }
                    raise: change > 5 °C
                    clear: change < 1 °C
                    notify: [ops]
                """,
            alerts: webhook.AsChannel());

        foreach (var value in new[] { "20", "21", "27", "27.5" })
        {
            await RunningProgram.RunAsync("mosquitto_pub",
            [
                "-q", "1", "-h", "127.0.0.1", "-p", gateway.MqttPort.ToString(CultureInfo.InvariantCulture),
                "-t", "site/kitchen/telemetry", "-m", $$"""{"temperature":{{value}}}""",
            ]);
        }

        await Until.TrueAsync(() => Task.FromResult(webhook.Received.Count >= 2), "both notifications");
        Assert.Equal(2, webhook.Received.Select(received => received.Key).Distinct().Count());
        var alert = Assert.Single((await gateway.GetAsync("/api/alerts")).EnumerateArray().ToList());
        Assert.Equal("ended", alert.GetProperty("state").GetString());
        Assert.Equal("recovered", alert.GetProperty("endReason").GetString());
    }
}
