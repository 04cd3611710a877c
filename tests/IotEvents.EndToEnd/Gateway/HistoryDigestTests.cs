using System.Globalization;
using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>A sensor that was out of reach sends what it buffered since yesterday: that is history, and wakes nobody.</summary>
public sealed class HistoryDigestTests
{
    private const int Excursions = 10;

    private const string Rules = """
        rules:
          - id: too-warm
            match: { device: oven, metric: temperature }
            raise: value > 80
            severity: critical
            notify: [ops]
        """;

    private static readonly DateTimeOffset Yesterday = Hour(TimeProvider.System.GetUtcNow().AddDays(-1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_OfYesterdaysBuffer_IsToldInOneDigest(bool kill)
    {
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(folder, webhook, historicalAfter: "3s");
        await gateway.PublishAsync("oven/telemetry", """{"temperature":20}""");

        await ImportAsync(gateway);
        await UntilAlertsAsync(gateway);
        if (kill)
        {
            await gateway.KillAsync();
            await gateway.StartAgainAsync();
        }

        await Until.TrueAsync(() => Task.FromResult(!webhook.Received.IsEmpty), "the digest");
        // A live alert that follows goes out behind whatever waits: with it here, nothing more was to come.
        await gateway.PublishAsync("oven/telemetry", """{"temperature":95}""");
        await Until.TrueAsync(() => Task.FromResult(webhook.Received.Select(one => one.Key).Distinct().Count() >= 2), "the live page");

        var told = webhook.Received.DistinctBy(one => one.Key).Select(one => one.Body).ToList();
        Assert.Equal(["historical", "raised"], told.Select(body => Text(body, "transition")));
        Assert.Equal(["info", "critical"], told.Select(body => Text(body, "severity")));
        Assert.Equal(Excursions, told[0].GetProperty("raised").GetInt32());
        Assert.Equal(Excursions, told[0].GetProperty("rules").GetProperty("too-warm").GetInt32());
        Assert.False(told[0].TryGetProperty("alert", out _));

        var listed = (await gateway.GetAsync("/api/alerts?historical=true")).EnumerateArray().ToList();
        Assert.Equal(Starts().Reverse(), listed.Select(alert => DateTimeOffset.FromUnixTimeMilliseconds(alert.GetProperty("raisedAt").GetInt64())));
        Assert.All(listed, alert => Assert.Equal("recovered", Text(alert, "endReason")));
        Assert.Single((await gateway.GetAsync("/api/alerts?historical=false")).EnumerateArray());
        var (code, output) = await gateway.CommandAsync("alerts", "list", "--historical");
        Assert.True(code == 0, output);
        Assert.All(Starts(), at => Assert.Contains(Written(at), output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Import_CountedAsLive_PagesForEach()
    {
        // The control: the very same messages, where a day is not long ago.
        using var folder = new TestFolder();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(folder, webhook, historicalAfter: "48h");

        await ImportAsync(gateway);

        await Until.TrueAsync(() => Task.FromResult(webhook.Received.Count >= 2 * Excursions), "the pages");
        var told = webhook.Received.Select(one => one.Body).ToList();
        Assert.Equal(Excursions, told.Count(body => Text(body, "transition") == "raised"));
        Assert.All(told, body => Assert.Equal("critical", Text(body, "severity")));
        Assert.Empty((await gateway.GetAsync("/api/alerts?historical=true")).EnumerateArray());
    }

    private static Task<GatewayProcess> StartAsync(TestFolder folder, WebhookReceiver webhook, string historicalAfter) =>
        GatewayProcess.StartAsync(
            folder, $$"""
            linux: { host: false }
            rules: { historical_after: {{historicalAfter}} }
            """, Rules, webhook.AsChannel());

    /// <summary>A reading a minute, and every twenty minutes five that are too warm.</summary>
    private static async Task ImportAsync(GatewayProcess gateway)
    {
        foreach (var minutes in Enumerable.Range(0, Excursions * 20).Chunk(50))
        {
            var records = minutes.Select(minute => string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"ts":{{{Yesterday.AddMinutes(minute).ToUnixTimeMilliseconds()}}},"temperature":{{{Warmth(minute)}}}}"""));
            await gateway.PublishAsync("oven/telemetry", $"[{string.Join(',', records)}]");
        }
    }

    private static int Warmth(int minute) => minute % 20 is >= 10 and < 15 ? 90 : 20;

    private static Task UntilAlertsAsync(GatewayProcess gateway) => Until.TrueAsync(
        async () => (await gateway.GetAsync("/api/alerts?historical=true")).EnumerateArray().Count(alert => Text(alert, "state") == "ended") == Excursions,
        "the historical alerts");

    private static IEnumerable<DateTimeOffset> Starts() => Enumerable.Range(0, Excursions).Select(i => Yesterday.AddMinutes((i * 20) + 10));

    private static string Written(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement body, string member) => body.GetProperty(member).GetString();

    private static DateTimeOffset Hour(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerHour));
}
