using System.Globalization;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>Two real series of weeks, moved so that they end a few minutes ago: a history that a gateway takes for one of its own.</summary>
/// <remarks>The values and the distances of the times stay as they were recorded; both series end at the same time.</remarks>
internal sealed class NabHistory
{
    private static readonly (string Device, string File)[] Sources =
        [("cpu", "nab/ec2_cpu_utilization_825cc2.csv"), ("road", "nab/speed_7578.csv")];

    private readonly List<(string Device, string File)> _files = [];

    /// <summary>Writes the moved series into a folder.</summary>
    public NabHistory(TestFolder folder)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var end = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc).AddMinutes(-3);
        foreach (var (device, source) in Sources)
        {
            var rows = File.ReadLines(Checkout.Data(source)).Skip(1).Select(line => line.Split(','))
                .Select(row => (At: DateTime.Parse(row[0], CultureInfo.InvariantCulture), Value: row[1])).ToList();
            var shift = end - rows[^1].At;
            Count += rows.Count;
            _files.Add((device, folder.Write($"{device}.csv", "timestamp,value\n" + string.Concat(rows.Select(row =>
                $"{(row.At + shift).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},{row.Value}\n")))));
        }
    }

    /// <summary>How many readings there are.</summary>
    public int Count { get; }

    /// <summary>Publishes all of it with its own times, and waits until it is in the gateway's history.</summary>
    public async Task PublishAsync(GatewayProcess gateway)
    {
        foreach (var (device, file) in _files)
        {
            var (code, output) = await RunningProgram.RunAsync(
                Checkout.Simulator, ["replay", file, "--device", device, "--mqtt", $"127.0.0.1:{gateway.MqttPort}"], TimeSpan.FromMinutes(3));
            Assert.True(code == 0, output);
        }

        await gateway.UntilStoredAsync();
    }
}
