using System.Net.Sockets;
using System.Text;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Packaging;

/// <summary>What the service manager hears of the gateway, by sd_notify(3).</summary>
public class WatchdogTests
{
    [Fact]
    public async Task Run_UnderAServiceManager_SaysReadyThenPingsThenStopping()
    {
        using var folder = new TestFolder();
        folder.Write("config/gateway.yaml", """
            http: { listen: "127.0.0.1:0" }
            mqtt: { broker: { listen: "127.0.0.1:0" } }
            linux: { host: false }
            """);
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var path = Path.Combine(folder.Path, "notify");
        manager.Bind(new UnixDomainSocketEndPoint(path));
        await using var gateway = RunningProgram.Start(
            Checkout.Gateway, ["run", "--config", Path.Combine(folder.Path, "config"), "--data", Path.Combine(folder.Path, "data")],
            folder.Path, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "400000" });

        Assert.Equal("READY=1", await HearAsync(manager, gateway));
        for (var ping = 0; ping < 5; ping++)
        {
            Assert.Equal("WATCHDOG=1", await HearAsync(manager, gateway));
        }

        await gateway.SignalAsync("TERM");
        var last = await HearAsync(manager, gateway);
        while (last == "WATCHDOG=1")
        {
            last = await HearAsync(manager, gateway);
        }

        Assert.Equal("STOPPING=1", last);
        Assert.Equal(0, await gateway.EndAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, manager.Available);
    }

    private static async Task<string> HearAsync(Socket manager, RunningProgram gateway)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new byte[256];
        try
        {
            return Encoding.UTF8.GetString(buffer, 0, await manager.ReceiveAsync(buffer, limit.Token));
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The gateway said nothing for 30 s. It wrote:\n{gateway.Output}");
        }
    }
}
