using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>A sensor that is unplugged while its alert is active, and plugged in again.</summary>
public class SilenceTests
{
    private const string Rules = """
        rules:
          - id: too-warm
            match: { device: oven, metric: temperature }
            raise: value > 80 °C
            missing: ok
            missing_after: 3s
            notify: [ops]
          - id: still-warm
            match: { device: oven, metric: temperature }
            raise: value > 80 °C
            notify: [ops]
          - { id: silent, kind: absence, match: { device: oven }, after: 3s, notify: [ops] }
        """;

    [Fact]
    public async Task Unplugged_EndsAsWentSilentAndIsNeverToldAsRecovered()
    {
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(folder, rules: Rules, alerts: webhook.AsChannel());
        await gateway.PublishAsync("oven/temperature", "90");

        await Until.TrueAsync(() => Task.FromResult(Told(webhook, "silent").Count == 1), "the alert about the silence");
        await Until.TrueAsync(() => Task.FromResult(Told(webhook, "too-warm").Count == 2), "the end of the alert");
        Assert.Equal(["raised", "went-silent"], Told(webhook, "too-warm"));
        Assert.Equal(["raised"], Told(webhook, "still-warm"));
        Assert.Equal(["raised"], Told(webhook, "silent"));
        var (code, listed) = await gateway.CommandAsync("alerts", "list");
        Assert.True(code == 0, listed);
        Assert.Contains("oven: nothing since", listed, StringComparison.Ordinal);
        Assert.Contains("went-silent", listed, StringComparison.Ordinal);

        await gateway.PublishAsync("oven/temperature", "20");
        await Until.TrueAsync(() => Task.FromResult(Told(webhook, "silent").Count == 2), "the end of the silence");
        await Until.TrueAsync(() => Task.FromResult(Told(webhook, "still-warm").Count == 2), "the recovery");
        Assert.Equal(["raised", "recovered"], Told(webhook, "silent"));
        Assert.Equal(["raised", "recovered"], Told(webhook, "still-warm"));
        Assert.Equal(["raised", "went-silent"], Told(webhook, "too-warm"));
        Assert.Contains("oven: back after a silence of", (await gateway.CommandAsync("alerts", "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task GatewayThatHeardNobody_TellsOfNoDeviceThatIsBack(string signal)
    {
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            folder, "rules: { reconnect: 2s }",
            "rules: [ { id: silent, kind: absence, match: { device: \"*\", metric: temperature }, after: 8s, notify: [ops] } ]", webhook.AsChannel());
        await gateway.PublishAsync("cellar/temperature", "12");
        await gateway.PublishAsync("oven/temperature", "20");
        await Until.TrueAsync(async () => (await gateway.ReadingsAsync("oven/temperature")).Count == 1, "the reading");
        var heard = TimeProvider.System.GetTimestamp();
        await gateway.SignalAsync(signal);
        await Until.TrueAsync(() => Task.FromResult(TimeProvider.System.GetElapsedTime(heard) > TimeSpan.FromSeconds(12)), "a silence by all clocks");
        await (signal == "KILL" ? gateway.StartAgainAsync() : gateway.SignalAsync("CONT"));

        // The oven is back, the cellar is not: of that one must be told.
        await Until.TrueAsync(
            async () =>
            {
                await gateway.PublishAsync("oven/temperature", "20");
                return !webhook.Received.IsEmpty;
            },
            "the alert about the cellar");
        Assert.Equal(["cellar"], webhook.Received.Select(one => one.Body.GetProperty("device").GetString()));
        var (code, listed) = await gateway.CommandAsync("alerts", "list");
        Assert.True(code == 0, listed);
        Assert.DoesNotContain("oven", listed, StringComparison.Ordinal);
    }

    // In the order of the transitions; which channel call comes first is not promised.
    private static List<string> Told(WebhookReceiver webhook, string rule) =>
        [.. webhook.Received.Select(one => one.Body).Where(body => body.GetProperty("rule").GetString() == rule)
            .Select(body => body.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String
                ? reason.GetString()! : body.GetProperty("transition").GetString()!)];
}
