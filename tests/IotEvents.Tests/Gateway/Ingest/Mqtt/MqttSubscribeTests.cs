using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

/// <summary>What subscribers get: all that they asked for, within their limits.</summary>
public sealed class MqttSubscribeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Subscribe_PublisherWithDup_EverySubscriberGetsItWithoutDup(int qos)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var subscriber = await broker.ConnectAsync("s");
        await subscriber.SendAsync(RawClient.Subscribe("a/+", qos));
        Assert.Equal([0x90, 3, 0, 1, (byte)qos], await subscriber.ReadAsync());
        using var client = await broker.ConnectAsync("p");
        await client.SendAsync(RawClient.Publish("a/b", "hello", 2, 9, flags: 8));
        var received = await subscriber.ReadAsync();
        Assert.Equal(0x30 | qos << 1, received[0]);
        Assert.EndsWith("hello", System.Text.Encoding.UTF8.GetString(received), StringComparison.Ordinal);
        Assert.Equal([0x50, 2, 0, 9], await client.ReadAsync());
    }

    [Fact]
    public async Task Subscribe_MixedQos_AnswersInTheOrderOfTheFilters()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await broker.ConnectAsync("s");
        await client.SendAsync(RawClient.Packet(0x82, [0, 1, .. RawClient.Text("a"), 0, .. RawClient.Text("b"), 2, .. RawClient.Text("c"), 1]));
        Assert.Equal([0x90, 5, 0, 1, 0, 2, 1], await client.ReadAsync());
    }

    [Fact]
    public async Task Subscribe_BeyondTheLimit_IsRefusedAndTheRestStands()
    {
        await using var broker = await RunningBroker.StartAsync(options: new MqttBrokerOptions { SubscriptionsMax = 2 });
        using var client = await broker.ConnectAsync("s", 5);
        byte[] codes = [0, 0, 0x97];
        for (ushort id = 1; id <= 3; id++)
        {
            await client.SendAsync(RawClient.Subscribe($"f/{id}", 0, id, 5));
            Assert.Equal([0x90, 4, 0, (byte)id, 0, codes[id - 1]], await client.ReadAsync());
        }
    }

    [Fact]
    public async Task Retain_LaterSubscriber_GetsTheLastValue()
    {
        await using var broker = await RunningBroker.StartAsync(options: new MqttBrokerOptions { RetainedMax = 1 });
        using var client = await broker.ConnectAsync("p");
        await client.SendAsync(
            RawClient.Publish("a", "first", flags: 1), RawClient.Publish("a", "last", flags: 1), RawClient.Publish("b", "beyond", flags: 1));
        await client.PingAsync();
        await broker.Broker.PublishAsync("iotevents/alerts/x", "on"u8.ToArray(), retain: true);
        using var subscriber = await broker.ConnectAsync("s");
        await subscriber.SendAsync(RawClient.Subscribe("#"));
        byte[][] received = [await subscriber.ReadAsync(), await subscriber.ReadAsync(), await subscriber.ReadAsync()];
        Assert.Contains(received, packet => packet.AsSpan().SequenceEqual(RawClient.Publish("a", "last", flags: 1)));
        Assert.Contains(received, packet => packet.AsSpan().SequenceEqual(RawClient.Publish("iotevents/alerts/x", "on", flags: 1)));
        Assert.Empty((await subscriber.PingAsync())!);
        Assert.Equal(1, broker.Status.RetainedStripped);
        Assert.DoesNotContain(broker.Inbox.Messages, message => message.Topic.StartsWith("iotevents", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Subscriber_NeverAcknowledges_IsBoundedAndDisconnected()
    {
        await using var broker = await RunningBroker.StartAsync(options: new MqttBrokerOptions { PendingMax = 10 });
        using var subscriber = await broker.ConnectAsync("s");
        await subscriber.SendAsync(RawClient.Subscribe("#", 1));
        await subscriber.ReadAsync();
        using var client = await broker.ConnectAsync("p");
        await client.SendAsync([.. Enumerable.Range(1, 100).Select(id => RawClient.Publish("a", "x", 1, (ushort)id))]);
        await broker.WaitForClosedAsync(MqttCloseReason.SlowSubscriber);
        Assert.InRange(broker.Status.SubscriberDrops, 1, 100);
        Assert.Equal(100, (await client.PingAsync())!.Count);
    }
}
