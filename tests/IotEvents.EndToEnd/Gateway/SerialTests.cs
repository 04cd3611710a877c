using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>A simulated device behind a pseudo-terminal, read by the gateway as a serial line.</summary>
public class SerialTests
{
    [Theory]
    [InlineData("json", "decoder: json")]
    [InlineData("csv", "decoder: csv, columns: [\"temperature [Cel]\", humidity]")]
    [InlineData("kv", "decoder: kv")]
    public async Task SerialLine_UnpluggedAndPluggedInAgain_ReadsOn(string payload, string decoder)
    {
        using var folder = new TestFolder();
        var port = Path.Combine(folder.Path, "port");
        await using var gateway = await GatewayProcess.StartAsync(folder, $$"""
            linux: { host: false, hwmon: false, iio: false, onewire: false }
            serial: [ { name: meter, port: "{{port}}", baud: 115200, {{decoder}} } ]
            """);

        // The line is not there yet: the gateway waits for it, as for one that was never plugged in.
        foreach (var (round, temperature) in new[] { (1, 21.5), (2, -4.25), (3, 30) })
        {
            var scenario = folder.Write($"round-{round}.yaml", FormattableString.Invariant($$"""
                name: line
                devices:
                  - id: meter
                    transport: serial
                    interval: 100ms
                    payload: {{payload}}
                    time: none
                    metrics:
                      temperature: { value: {{temperature}}, unit: Cel }
                      humidity: { value: {{40 + round}} }
                """));
            await using var device = RunningProgram.Start(Checkout.Simulator, ["serial", scenario, "--link", port]);

            await UntilValueAsync(gateway, "meter/temperature", temperature, device);
            await UntilValueAsync(gateway, "meter/humidity", 40 + round, device);

            // Pulled out without a word.
            await device.KillAsync();
        }

        var read = (await gateway.ReadingsAsync("meter/temperature")).Select(point => point.Value).ToList();
        Assert.Equal([21.5, -4.25, 30], read.Distinct());
        var series = (await gateway.GetAsync("/api/series")).EnumerateArray()
            .Single(one => one.GetProperty("series").GetString() == "meter/temperature");
        Assert.Equal("Cel", series.GetProperty("unit").GetString());
    }

    private static Task UntilValueAsync(GatewayProcess gateway, string series, double value, RunningProgram device) => Until.TrueAsync(
        async () => device.HasExited
            ? throw new InvalidOperationException(device.Output)
            : (await gateway.ReadingsAsync(series)).Any(point => point.Value == value),
        $"{value} of {series}");
}
