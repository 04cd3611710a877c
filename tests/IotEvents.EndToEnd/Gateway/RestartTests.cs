using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>Stopping, starting again, and what stands in the way of a start.</summary>
public class RestartTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Terminate_UnderLoad_EndsInOrderAndKeepsWhatWasAcknowledged()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        await using var load = LoadProgram.Start(
            folder, gateway, "--count", "100000", "--rate", "500", "--devices", "20", "--connections", "4");
        await load.UntilAcknowledgedAsync(500);

        var began = TimeProvider.System.GetTimestamp();
        var code = await gateway.StopAsync();
        var took = TimeProvider.System.GetElapsedTime(began);
        await load.KillAsync();

        Assert.True(code == 0, $"exit code {code}:\n{gateway.Output}");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await gateway.StartAgainAsync();
        await gateway.UntilStoredAsync();
        Assert.Empty(load.Ledger().Except(await gateway.StoredSequencesAsync(20)));
    }

    [Fact]
    public async Task Start_OnAFolderInUse_IsRefusedWithTheHoldersId()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder);

        var (code, output) = await RunSecondAsync(folder, FreePort.Next(), FreePort.Next(), "data");

        Assert.True(code == 1, $"exit code {code}:\n{output}");
        Assert.Contains($"in use by process {gateway.Id}", output, StringComparison.Ordinal);
        Assert.Equal(1, output.Count(letter => letter == '\n'));
        Assert.True((await gateway.ReadyAsync()).IsReady);
    }

    [Theory]
    [InlineData(true, "http.listen")]
    [InlineData(false, "mqtt.broker.listen")]
    public async Task Start_OnATakenPort_IsRefusedWithTheMend(bool http, string setting)
    {
        using var folder = new TestFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (code, output) = await RunSecondAsync(
            folder, http ? port : FreePort.Next(), http ? FreePort.Next() : port, "data");

        Assert.True(code == 1, $"exit code {code}:\n{output}");
        var said = output.Split('\n').Where(line => line.StartsWith("iotevents: ", StringComparison.Ordinal)).ToList();
        Assert.True(said.Count == 1, output);
        Assert.Contains($"127.0.0.1:{port}", said[0], StringComparison.Ordinal);
        Assert.Contains(setting, said[0], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_WhilePendingAndWhileFiring_FiresAtItsTimeAndIsToldOnce()
    {
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            folder, rules: """
                rules:
                  - id: too-warm
                    match: { device: oven, metric: temperature }
                    raise: value > 80
                    for: 20s
                    notify: [ops]
                """,
            alerts: webhook.AsChannel());

        await gateway.PublishAsync("oven/temperature", "90");
        var crossed = Assert.Single(await UntilOneAsync(gateway)).At;
        await gateway.KillAsync();
        await gateway.StartAgainAsync();
        Assert.Empty((await gateway.GetAsync("/api/alerts")).EnumerateArray());

        await Until.TrueAsync(() => Task.FromResult(!webhook.Received.IsEmpty), "the notification");
        var raised = Assert.Single((await gateway.GetAsync("/api/alerts")).EnumerateArray());
        Assert.Equal(crossed, raised.GetProperty("since").GetInt64());
        Assert.Equal(crossed + (long)Hold.TotalMilliseconds, raised.GetProperty("raisedAt").GetInt64());
        var id = raised.GetProperty("id").GetString()!;
        await Until.TrueAsync(
            async () => (await gateway.GetAsync($"/api/alerts/{id}")).GetProperty("notifications").GetArrayLength() == 0,
            "the delivery to be recorded");

        await gateway.KillAsync();
        await gateway.StartAgainAsync();
        var firing = Assert.Single((await gateway.GetAsync("/api/alerts?state=active")).EnumerateArray());
        Assert.Equal(id, firing.GetProperty("id").GetString());

        await gateway.PublishAsync("oven/temperature", "91");
        await gateway.PublishAsync("oven/temperature", "20");
        await Until.TrueAsync(() => Task.FromResult(webhook.Received.Count >= 2), "the notification of the end");
        var told = webhook.Received.Select(one => one.Body.GetProperty("transition").GetString());
        Assert.Equal(["raised", "ended"], told);
        Assert.All(webhook.Received, one => Assert.Equal(id, one.Body.GetProperty("alert").GetString()));
    }

    [Fact]
    public async Task Disk_Full_AcknowledgementsAreWithheldUntilThereIsSpaceAgain()
    {
        using var folder = new TestFolder();
        await using var disk = await MemoryDisk.MountAsync(folder, "data", "16m");
        await using var gateway = await GatewayProcess.StartAsync(folder);
        Assert.True((await gateway.ReadyAsync()).IsReady);
        await using var load = LoadProgram.Start(
            folder, gateway,
            "--count", "3000", "--rate", "300", "--devices", "20", "--connections", "2", "--patience", "2m");
        await load.UntilAcknowledgedAsync(300);

        disk.FillUp();
        await Until.TrueAsync(
            async () => !(await gateway.ReadyAsync()).IsReady, "the gateway to say that it cannot store", TimeSpan.FromMinutes(1));
        var acknowledged = load.Ledger().Count;
        for (var asked = 0; asked < 20; asked++)
        {
            // It lives, says what is wrong and how to mend it, and promises nothing meanwhile.
            Assert.Equal("live", (await gateway.GetAsync("/healthz/live")).GetProperty("status").GetString());
            Assert.Contains("Free space", (await gateway.ReadyAsync()).Body, StringComparison.Ordinal);
        }

        Assert.Equal(acknowledged, load.Ledger().Count);
        Assert.InRange(acknowledged, 300, 2999);
        disk.Clear();

        await load.EndAsync(TimeSpan.FromMinutes(2));
        await Until.TrueAsync(async () => (await gateway.ReadyAsync()).IsReady, "the gateway to be ready again");
        await gateway.UntilStoredAsync();
        Assert.Equal(3000, load.Ledger().Count);
        Assert.Empty(load.Ledger().Except(await gateway.StoredSequencesAsync(20)));
    }

    private static Task<List<(long At, double Value)>> UntilOneAsync(GatewayProcess gateway) => Until.NotNullAsync(
        async () => await gateway.ReadingsAsync("oven/temperature") is { Count: > 0 } found ? found : null, "the reading");

    private static Task<EndedProgram> RunSecondAsync(
        TestFolder folder, int http, int mqtt, string data)
    {
        folder.Write("second/gateway.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            http: { listen: "127.0.0.1:{{http}}" }
            mqtt: { broker: { listen: "127.0.0.1:{{mqtt}}" } }
            linux: { host: false, hwmon: false, iio: false, onewire: false }
            """));
        return RunningProgram.RunAsync(
            Checkout.Gateway,
            ["run", "--config", Path.Combine(folder.Path, "second"), "--data", Path.Combine(folder.Path, data)],
            TimeSpan.FromSeconds(30));
    }
}
