using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

/// <summary>The broker as a whole: too large packets, wills, stopping.</summary>
public sealed class MqttBrokerTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Send_LargerThanAllowed_ClosesAndCounts(int version)
    {
        await using var broker = await RunningBroker.StartAsync(options: new MqttBrokerOptions { MaxPacketSize = 8192 });
        using var client = await broker.ConnectAsync("d", version);
        var overhead = RawClient.Publish("a", "", version: version).Length + 1; // One length byte more.
        await client.SendAsync(RawClient.Publish("a", new string('x', 8192 - overhead), version: version));
        Assert.NotNull(await client.PingAsync());
        await client.SendAsync(RawClient.Publish("a", new string('x', 8193 - overhead), version: version));
        Assert.Equal(version == 5 ? [0xE0, 1, 0x95] : [], await client.ReadAsync());
        await broker.WaitForClosedAsync(MqttCloseReason.Oversize);
        Assert.Equal(1, broker.Inbox.Refused(RejectReason.Oversize));
        Assert.Single(broker.Inbox.Messages);
    }

    [Fact]
    public async Task Will_ConnectionBreaks_IsPostedAndDistributed()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var subscriber = await broker.ConnectAsync("s");
        await subscriber.SendAsync(RawClient.Subscribe("gone/#"));
        await subscriber.ReadAsync();
        foreach (var clean in new[] { true, false })
        {
            using var client = await RawClient.OpenAsync(broker.EndPoint);
            await client.SendAsync(RawClient.Packet(0x10,
                [0, 4, .. "MQTT"u8, 4, 0x06, 0, 60, .. RawClient.Text($"w{clean}"), .. RawClient.Text($"gone/{clean}"), .. RawClient.Text("bye")]));
            await client.ReadAsync();
            if (clean)
            {
                await client.SendAsync([0xE0, 0]);
                Assert.Empty(await client.ReadAsync());
            }
        }

        Assert.Equal(RawClient.Publish("gone/False", "bye"), await subscriber.ReadAsync());
        Assert.Equal("gone/False", Assert.Single(broker.Inbox.Messages).Topic);
    }

    [Fact]
    public async Task Stop_MessagesOwed_AreAcknowledgedFirst()
    {
        var broker = await RunningBroker.StartAsync(new TestInbox { Holds = true });
        using var client = await broker.ConnectAsync("d", 5);
        await client.SendAsync(RawClient.Publish("a", "1", 1, 1, 5));
        await broker.Inbox.WaitForAsync(1);
        var stopping = broker.StopAsync();
        broker.Inbox.Commit();
        Assert.Equal([0x40, 2, 0, 1], await client.ReadAsync());
        Assert.Equal([0xE0, 1, 0x8B], await client.ReadAsync());
        Assert.Empty(await client.ReadAsync());
        await stopping;
    }
}
