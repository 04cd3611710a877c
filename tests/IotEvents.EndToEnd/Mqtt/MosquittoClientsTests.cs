using System.Globalization;
using IotEvents.Tests.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.EndToEnd.Mqtt;

/// <summary>The embedded broker with mosquitto's own clients.</summary>
public sealed class MosquittoClientsTests
{
    public static TheoryData<string, int> VersionsAndQos => new()
    {
        { "311", 0 }, { "311", 1 }, { "311", 2 }, { "5", 0 }, { "5", 1 }, { "5", 2 },
    };

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Publish_WithASubscriber_BothGetIt(string version, int qos)
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var subscriber = PeerProcess.Start("mosquitto_sub", Arguments(broker, version, qos, "-t", "site/#", "-v", "-d", "-C", "1"));
        await subscriber.WaitForLineAsync("Subscribed");
        Assert.Equal(0, await PeerProcess.RunAsync("mosquitto_pub", Arguments(broker, version, qos, "-t", "site/dev", "-m", "21.5")));
        await subscriber.WaitForLineAsync("site/dev 21.5");
        Assert.Equal(0, await subscriber.WaitForExitAsync());
        var message = Assert.Single(broker.Inbox.Messages);
        Assert.Equal(("site/dev", "21.5"), (message.Topic, message.Payload));
        Assert.Equal(1, broker.Status.Messages[qos]);
    }

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Publish_ManyLinesInOneConnection_AllArriveInOrder(string version, int qos)
    {
        const int Count = 2_000;
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(
                file, Enumerable.Range(0, Count).Select(n => n.ToString(CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);
            await using var broker = await RunningBroker.StartAsync();
            await using var publisher = PeerProcess.Start("sh", "-c",
                $"mosquitto_pub -h 127.0.0.1 -p {broker.EndPoint.Port} -V {version} -q {qos} -t a -l < {file}");
            Assert.Equal(0, await publisher.WaitForExitAsync());
            await broker.Inbox.WaitForAsync(Count);
            Assert.Equal(Enumerable.Range(0, Count), broker.Inbox.Messages.Select(m => int.Parse(m.Payload, CultureInfo.InvariantCulture)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task Retain_SubscriberThatComesLater_GetsIt(string version)
    {
        await using var broker = await RunningBroker.StartAsync();
        Assert.Equal(0, await PeerProcess.RunAsync("mosquitto_pub", Arguments(broker, version, 1, "-t", "a", "-m", "kept", "-r")));
        await using var subscriber = PeerProcess.Start("mosquitto_sub", Arguments(broker, version, 1, "-t", "a", "-C", "1", "-F", "%r %p"));
        await subscriber.WaitForLineAsync("1 kept");
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task Will_ClientIsKilled_IsPosted(string version)
    {
        await using var broker = await RunningBroker.StartAsync();
        await using (var device = PeerProcess.Start("mosquitto_sub",
            Arguments(broker, version, 0, "-t", "x", "-d", "--will-topic", "dev/state", "--will-payload", "gone", "--will-qos", "1")))
        {
            await device.WaitForLineAsync("Subscribed");
        }

        await broker.Inbox.WaitForAsync(1);
        Assert.Equal(("dev/state", "gone"), broker.Inbox.Messages.Select(m => (m.Topic, m.Payload)).Single());
    }

    [Fact]
    public async Task Connect_OldProtocol_IsPolitelyRefused()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var old = PeerProcess.Start("mosquitto_pub", Arguments(broker, "mqttv31", 0, "-t", "a", "-m", "x"));
        await old.WaitForLineAsync("unacceptable protocol version");
        Assert.NotEqual(0, await old.WaitForExitAsync());
        Assert.Empty(broker.Inbox.Messages);
    }

    [Fact]
    public async Task Publish_CommitIsHeld_ThePublisherWaits()
    {
        await using var broker = await RunningBroker.StartAsync(new TestInbox { Holds = true });
        await using var publisher = PeerProcess.Start("mosquitto_pub", Arguments(broker, "5", 1, "-t", "a", "-m", "x", "-d"));
        await publisher.WaitForLineAsync("sending PUBLISH");
        await broker.Inbox.WaitForAsync(1);
        Assert.Equal(1, broker.Status.AcknowledgementsOwed);
        broker.Inbox.Commit();
        await publisher.WaitForLineAsync("received PUBACK");
        Assert.Equal(0, await publisher.WaitForExitAsync());
    }

    private static string[] Arguments(RunningBroker broker, string version, int qos, params string[] more) =>
    [
        "-h", "127.0.0.1", "-p", broker.EndPoint.Port.ToString(CultureInfo.InvariantCulture),
        "-V", version, "-q", qos.ToString(CultureInfo.InvariantCulture), .. more,
    ];
}
