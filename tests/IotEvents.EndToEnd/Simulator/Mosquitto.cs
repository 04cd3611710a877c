using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Simulator;

/// <summary>A real broker of its own on a free port of loopback, and a real subscriber that counts.</summary>
internal sealed class Mosquitto : IDisposable
{
    private readonly Process _broker;

    private Mosquitto(Process broker, IPEndPoint address) => (_broker, Address) = (broker, address);

    public IPEndPoint Address { get; }

    public static async Task<Mosquitto> StartAsync(CancellationToken stop, int port = 0)
    {
        var address = new IPEndPoint(IPAddress.Loopback, port == 0 ? FreePort.Next() : port);
        // By default mosquitto acknowledges to the publisher what it then drops for a subscriber 1000 messages behind.
        var settings = Path.GetTempFileName();
        await File.WriteAllLinesAsync(
            settings, [$"listener {address.Port} 127.0.0.1", "allow_anonymous true", "max_queued_messages 0", "log_type error"], stop);
        var broker = Start("mosquitto", "-c", settings);
        while (!await AnswersAsync(address, stop))
        {
            Assert.False(broker.HasExited, "mosquitto ended at once");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop);
        }

        File.Delete(settings);
        return new Mosquitto(broker, address);
    }

    /// <summary>Subscribes and gives all lines once so many came, or what came until the limit.</summary>
    public async Task<Func<Task<string[]>>> SubscribeAsync(string filter, int count, CancellationToken stop)
    {
        // -d tells of the SUBACK: only after it may anything be sent that must be seen. stdbuf, or the pipe would keep it back.
        var subscriber = Start("stdbuf", "-oL", "mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", $"{Address.Port}", "-q", "1", "-t", filter,
            "-C", $"{count}", "-W", "30", "-F", "> %t %p");
        while (await subscriber.StandardOutput.ReadLineAsync(stop) is { } line && !line.Contains("SUBACK", StringComparison.Ordinal))
        {
        }

        return async () =>
        {
            var text = await subscriber.StandardOutput.ReadToEndAsync(stop);
            await subscriber.WaitForExitAsync(stop);
            subscriber.Dispose();
            return [.. text.Split('\n').Where(l => l.StartsWith("> ", StringComparison.Ordinal)).Select(l => l[2..])];
        };
    }

    public void Dispose()
    {
        _broker.Kill();
        _broker.WaitForExit();
        _broker.Dispose();
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["PATH"] += ":/usr/sbin";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
    }

    private static async Task<bool> AnswersAsync(IPEndPoint address, CancellationToken stop)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
