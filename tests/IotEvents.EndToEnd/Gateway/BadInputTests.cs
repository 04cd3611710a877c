using System.Globalization;
using System.Text;
using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using IotEvents.Tests.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>Whatever comes in, it is counted under its reason, and nothing else suffers.</summary>
public class BadInputTests
{
    private static readonly (string Reason, int Times, string Payload)[] Payloads =
    [
        ("malformed", 1, """{"temperature":21.5,"""),
        ("malformed", 1, """{"temperature":21.5}}"""),
        ("wrong-type", 1, """{"temperature":"warm","humidity":40}"""),
        ("wrong-type", 1, """{"temperature":null,"humidity":41}"""),
        ("not-finite", 1, """{"temperature":NaN,"humidity":42}"""),
        ("not-finite", 1, """{"temperature":1e999,"humidity":43}"""),
        ("absurd-time", 2, """{"ts":"2126-01-01T00:00:00Z","temperature":21.5,"humidity":44}"""),
        ("absurd-time", 1, """{"ts":"yesterday","humidity":45}"""),
        ("unknown-unit", 1, """{"temperature":{"value":3,"unit":"parsecs"},"humidity":46}"""),
        ("empty", 1, "{}"),
    ];

    [Fact]
    public async Task Payload_OfEveryBadKind_IsCountedUnderItsReasonAndTheRestIsStored()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        using var well = await RawClient.ConnectAsync(gateway.Mqtt, "well");
        var expected = (await CountersAsync(gateway)).ToDictionary();

        for (var i = 0; i < Payloads.Length; i++)
        {
            var (reason, times, payload) = Payloads[i];
            await gateway.PublishAsync("odd/telemetry", payload);
            expected[reason] += times;
            await UntilCountedAsync(gateway, expected, payload);
            await well.SendAsync(RawClient.Publish("well/number", $"{i}"));
        }

        var humidity = await UntilReadingsAsync(gateway, "odd/humidity", 7);
        Assert.Equal([40, 41, 42, 43, 44, 45, 46], humidity.Select(point => point.Value));
        Assert.All(humidity, point => Assert.InRange(point.At, Now() - 60_000, Now() + 1_000));
        Assert.Equal([21.5], (await gateway.ReadingsAsync("odd/temperature")).Select(point => point.Value));
        var fine = await UntilReadingsAsync(gateway, "well/number", Payloads.Length);
        Assert.Equal(Enumerable.Range(0, Payloads.Length).Select(i => (double)i), fine.Select(point => point.Value));
        Assert.NotNull(await well.PingAsync());
    }

    [Fact]
    public async Task Message_OversizeOrWithABadTopic_IsCountedAndOnlyItsSenderIsCutOff()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        using var well = await RawClient.ConnectAsync(gateway.Mqtt, "well");
        var expected = (await CountersAsync(gateway)).ToDictionary();

        var notUtf8 = Path.Combine(folder.Path, "not-utf8");
        await File.WriteAllBytesAsync(
            notUtf8, [.. "{\"temperature\":21,\"name\":\""u8, 0xFF, 0xFE, .. "\"}"u8], TestContext.Current.CancellationToken);
        await gateway.TryPublishAsync("odd/telemetry", ["-f", notUtf8, "-q", "1"]);
        expected["bad-utf8"]++;
        await UntilCountedAsync(gateway, expected, "bytes that are not UTF-8");

        var large = folder.Write("large", new string('9', 300 * 1024));
        await gateway.TryPublishAsync("odd/telemetry", ["-f", large, "-q", "0"]);
        expected["oversize"]++;
        await UntilCountedAsync(gateway, expected, "a packet over the limit");

        byte[][] topics =
        [
            [.. "odd/+/telemetry"u8], [.. "odd/\u0001"u8], [.. "odd/"u8, 0xC3, 0x28], Encoding.ASCII.GetBytes(new string('x', 257)),
        ];
        foreach (var topic in topics)
        {
            using var odd = await RawClient.ConnectAsync(gateway.Mqtt, "odd");
            await odd.SendAsync(RawClient.Publish(topic, "1", qos: 1, id: 7));
            expected["invalid-topic"]++;
            await UntilCountedAsync(gateway, expected, Convert.ToHexString(topic));
        }

        await well.SendAsync(RawClient.Publish("well/number", "1"));
        await UntilReadingsAsync(gateway, "well/number", 1);
        Assert.NotNull(await well.PingAsync());
        var series = (await gateway.GetAsync("/api/series")).EnumerateArray();
        Assert.Equal(["well/number"], series.Select(one => one.GetProperty("series").GetString()));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    public async Task Configuration_WithSeveralMistakes_IsRefusedWithPlaceAndMendOfEach(string command)
    {
        using var folder = new TestFolder();
        WriteMistakes(folder);

        string[] data = command == "run" ? ["--data", "data"] : [];
        var (code, output) = await RunningProgram.RunAsync(
            Checkout.Gateway, [command, "--config", "config", .. data], folder: folder.Path);

        Assert.True(code == 1, $"exit code {code}:\n{output}");
        foreach (var expected in new[]
        {
            "config/gateway.yaml:1:", "http.listen", "config/gateway.yaml:2:", "mqtt.broker.lisen",
            "config/rules/bad.yaml:4:", "parsecs", "mend:", "3 things to mend",
        })
        {
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(folder.Path, "data")), "a refused start must not touch the data");
    }

    [Fact]
    public async Task Rule_ThatCannotFire_IsWarnedOfByCheckStartAndReload()
    {
        const string Warning = "never.yaml:4:12 rules[0].raise: warning: ";
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        folder.Write("config/rules/never.yaml", """
            rules:
              - id: never
                match: { metric: temperature }
                raise: value > 5 and value < 3
            """);

        var (code, said) = await RunningProgram.RunAsync(Checkout.Gateway, ["check", "--config", "config"], folder: folder.Path);
        Assert.True(code == 0, said);
        Assert.Contains($"config/rules/{Warning}", said, StringComparison.Ordinal);
        Assert.Contains("Fine: 1 rule, 0 devices described, 1 warning.", said, StringComparison.Ordinal);
        var (_, _, printed) = await RunningProgram.RunAsync(
            Checkout.Gateway, ["check", "--json", "--config", "config"], folder: folder.Path);
        using var json = JsonDocument.Parse(printed);
        Assert.Equal("warning", Assert.Single(json.RootElement.EnumerateArray()).GetProperty("severity").GetString());

        var reload = await gateway.CommandAsync("reload");
        Assert.True(reload.ExitCode == 0, reload.Output);
        Assert.Contains(Warning, reload.Output, StringComparison.Ordinal);
        await gateway.StopAsync();
        await gateway.StartAgainAsync();
        Assert.Contains("never.yaml:4:12: rules[0].raise: No value", gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_AsJson_NamesFileLineColumnKeyAndMend()
    {
        using var folder = new TestFolder();
        WriteMistakes(folder);

        var (code, output, printed) = await RunningProgram.RunAsync(
            Checkout.Gateway, ["check", "--json", "--config", "config"], folder: folder.Path);

        Assert.Equal(1, code);
        using var json = JsonDocument.Parse(printed);
        var mistakes = json.RootElement.EnumerateArray().ToList();
        Assert.Equal(3, mistakes.Count);
        Assert.All(mistakes, mistake => Assert.NotEqual("", mistake.GetProperty("mend").GetString()));
        var rule = mistakes.Single(mistake => mistake.GetProperty("file").GetString() == "config/rules/bad.yaml");

        // The caret stands under the number with its unit inside the expression, not at the expression's beginning.
        Assert.Equal((4, Mistakes.Rule.Split('\n')[3].IndexOf("80 parsecs", StringComparison.Ordinal) + 1),
            (rule.GetProperty("line").GetInt32(), rule.GetProperty("column").GetInt32()));
    }

    [Theory]
    [InlineData("run", "--bogus")]
    [InlineData("walk")]
    [InlineData("demo", "--for", "soon")]
    public async Task CommandLine_Wrong_ExitsWithTwoAndSaysWhat(params string[] arguments)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Gateway, arguments);

        Assert.True(code == 2, $"exit code {code}:\n{output}");
        Assert.Contains(arguments[^1], output, StringComparison.Ordinal);
    }

    private static void WriteMistakes(TestFolder folder)
    {
        folder.Write("config/gateway.yaml", Mistakes.Gateway);
        folder.Write("config/rules/bad.yaml", Mistakes.Rule);
    }

    private static async Task<Dictionary<string, long>> CountersAsync(GatewayProcess gateway) =>
        (await gateway.GetAsync("/api/status")).GetProperty("refused").EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value.GetInt64());

    /// <summary>All counters stand as expected, in status and in the metrics: the right one moved, and no other.</summary>
    private static async Task UntilCountedAsync(
        GatewayProcess gateway, Dictionary<string, long> expected, string what)
    {
        var counted = new Dictionary<string, long>();
        try
        {
            await Until.TrueAsync(
                async () => (counted = await CountersAsync(gateway)).Values.Sum() >= expected.Values.Sum(),
                what, TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            // The difference says more than the waiting.
        }

        Assert.True(Text(expected) == Text(counted), $"{what}: expected {Text(expected)}, counted {Text(counted)}");
        var metrics = await gateway.GetTextAsync("/metrics");
        Assert.All(expected, one => Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"iotevents_refused_total{{reason=\"{one.Key}\"}} {one.Value}\n"),
            metrics, StringComparison.Ordinal));
    }

    private static string Text(Dictionary<string, long> counters) => string.Join(
        ", ", counters.Where(one => one.Value > 0).OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"));

    private static Task<List<(long At, double Value)>> UntilReadingsAsync(
        GatewayProcess gateway, string series, int count) => Until.NotNullAsync(
            async () => await gateway.ReadingsAsync(series) is { } found && found.Count >= count ? found : null,
            $"{count} readings of {series}");

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static class Mistakes
    {
        public const string Gateway = """
            http: { listen: "127.0.0.1:99999" }
            mqtt: { broker: { lisen: "127.0.0.1:0" } }
            """;

        public const string Rule = """
            rules:
              - id: far
                match: { metric: level }
                raise: value > 80 parsecs
            """;
    }
}
