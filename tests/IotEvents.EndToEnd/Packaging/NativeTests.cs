using System.Globalization;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Packaging;

/// <summary>The form that ships does what the form that is developed does.</summary>
public class NativeTests(NativePublish native) : IClassFixture<NativePublish>
{
    [Fact]
    public void Publish_ForThisComputer_SucceedsWithoutAWarning()
    {
        Assert.True(native.ExitCode == 0, native.Output);
        Assert.DoesNotContain("warning", native.Output, StringComparison.OrdinalIgnoreCase);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(native.Program)!, "wwwroot", "index.html")), native.Output);
    }

    [Fact]
    public async Task Demo_HalfAMinute_RaisesAndEndsAlertsAndExitsWithZero()
    {
        using var folder = new TestFolder();

        var (code, output) = await RunningProgram.RunAsync(
            native.Program, ["demo", "--for", "30s", "--http", "0", "--mqtt", "0", "--data", Path.Combine(folder.Path, "data")],
            TimeSpan.FromMinutes(2), folder.Path);

        Assert.True(code == 0, output);
        Assert.Contains("Front door discovered", output, StringComparison.Ordinal);
        Assert.Contains("freezer-too-warm", output, StringComparison.Ordinal);
        Assert.Contains("recovered", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnePublish_IsAReadingAnAlertANotificationAndAnEventOfTheConsole()
    {
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            folder,
            rules: """
                rules:
                  - id: warm
                    match: { device: "site/*", metric: temperature }
                    raise: value > 8.0e1 °F
                    notify: [ops]
                """,
            alerts: webhook.AsChannel(),
            program: native.Program);

        var (code, output) = await RunningProgram.RunAsync("mosquitto_pub",
        [
            "-V", "5", "-q", "1", "-h", "127.0.0.1", "-p", gateway.MqttPort.ToString(CultureInfo.InvariantCulture),
            "-t", "site/kitchen/telemetry", "-m", """{"temperature":27.5}""",
        ]);

        Assert.True(code == 0, output);
        await Until.TrueAsync(async () => (await gateway.ReadingsAsync("site/kitchen/temperature")).Count == 1, "the reading");
        await Until.TrueAsync(() => Task.FromResult(!webhook.Received.IsEmpty), "the notification");
        Assert.Equal("warm", Assert.Single((await gateway.GetAsync("/api/alerts")).EnumerateArray().ToList()).GetProperty("rule").GetString());
        foreach (var path in new[] { "/", "/metrics", "/openapi/v1.json", "/api/status", "/api/rules", "/api/devices", "/healthz/ready" })
        {
            Assert.NotEmpty(await gateway.GetTextAsync(path));
        }

        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Check_WrongSettings_SaysWhereAndHowToMendIt()
    {
        using var folder = new TestFolder();
        folder.Write("config/gateway.yaml", "mqtt: { broker: { lisen: 1883 } }\n");

        var (code, output) = await RunningProgram.RunAsync(native.Program, ["check", "--config", Path.Combine(folder.Path, "config")]);

        Assert.Equal(1, code);
        Assert.Contains("gateway.yaml:1:", output, StringComparison.Ordinal);
        Assert.Contains("mend:", output, StringComparison.Ordinal);
    }
}
