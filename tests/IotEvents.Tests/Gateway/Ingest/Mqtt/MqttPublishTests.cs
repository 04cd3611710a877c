using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

/// <summary>What a publisher is promised: acknowledged after the commit, in order, stored once.</summary>
public sealed class MqttPublishTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Publish_EachQos_ArrivesInTheInboxAndIsAcknowledged(int version)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await broker.ConnectAsync("device-1", version);
        await client.SendAsync(
            RawClient.Publish("a/b", "0", version: version),
            RawClient.Publish("a/b", "1", 1, 7, version),
            RawClient.Publish("a/b", "2", 2, 8, version));
        Assert.Equal([0x40, 2, 0, 7], await client.ReadAsync());
        Assert.Equal([0x50, 2, 0, 8], await client.ReadAsync());
        await client.SendAsync([0x62, 2, 0, 8]);
        Assert.Equal([0x70, 2, 0, 8], await client.ReadAsync());
        Assert.Equal(["0", "1", "2"], broker.Inbox.Messages.Select(message => message.Payload));
        Assert.All(broker.Inbox.Messages, message => Assert.Equal("a/b", message.Topic));
        Assert.Equal([1, 1, 1], broker.Status.Messages);
    }

    [Fact]
    public async Task Publish_CommitIsHeld_NothingIsAcknowledgedBeforeIt()
    {
        await using var broker = await RunningBroker.StartAsync(new TestInbox { Holds = true });
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawClient.Publish("a", "1", 1, 1), RawClient.Publish("a", "2", 2, 2));
        await broker.Inbox.WaitForAsync(2);
        Assert.Empty((await client.PingAsync())!);
        Assert.Equal(2, broker.Status.AcknowledgementsOwed);
        broker.Inbox.Commit();
        Assert.Equal([0x40, 2, 0, 1], await client.ReadAsync());
        Assert.Equal([0x50, 2, 0, 2], await client.ReadAsync());
        Assert.Equal(0, broker.Status.AcknowledgementsOwed);
    }

    [Fact]
    public async Task Publish_InboxSettlesAtOnce_IsAcknowledgedAtOnce()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawClient.Publish("a", "1", 1, 1));
        Assert.Equal([0x40, 2, 0, 1], Assert.Single((await client.PingAsync())!));
    }

    [Fact]
    public async Task Publish_SettledInReverse_IsAcknowledgedInOrder()
    {
        await using var broker = await RunningBroker.StartAsync(new TestInbox { Holds = true });
        using var client = await broker.ConnectAsync();
        await client.SendAsync([.. Enumerable.Range(1, 1000).Select(id => RawClient.Publish("a", "x", 1, (ushort)id))]);
        await broker.Inbox.WaitForAsync(1000);
        broker.Inbox.Commit(waiting => waiting.Reverse());
        for (var id = 1; id <= 1000; id++)
        {
            Assert.Equal([0x40, 2, (byte)(id >> 8), (byte)id], await client.ReadAsync());
        }
    }

    [Fact]
    public async Task Publish_MoreThanMayWait_StopsReadingAndGoesOnAfterTheCommit()
    {
        var options = new MqttBrokerOptions { MaxOutstanding = 3 };
        await using var broker = await RunningBroker.StartAsync(new TestInbox { Holds = true }, options);
        using var client = await broker.ConnectAsync();
        await client.SendAsync([.. Enumerable.Range(1, 5).Select(id => RawClient.Publish("a", "x", 1, (ushort)id))]);
        await broker.Inbox.WaitForAsync(3);
        Assert.Equal(3, broker.Inbox.Messages.Count);
        broker.Inbox.Commit();
        await broker.Inbox.WaitForAsync(5);
        broker.Inbox.Commit();
        for (byte id = 1; id <= 5; id++)
        {
            Assert.Equal([0x40, 2, 0, id], await client.ReadAsync());
        }
    }

    [Fact]
    public async Task Publish_InboxIsFull_WaitsForRoomAndLosesNothing()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Inbox.SetFull(true);
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawClient.Publish("a", "0"), RawClient.Publish("a", "1", 1, 1), RawClient.Publish("a", "2", 2, 2));
        await broker.AssertServesAsync();
        Assert.Empty(broker.Inbox.Messages);
        broker.Inbox.SetFull(false);
        Assert.Equal([0x40, 2, 0, 1], await client.ReadAsync());
        Assert.Equal([0x50, 2, 0, 2], await client.ReadAsync());
        Assert.Equal(["0", "1", "2"], broker.Inbox.Messages.Select(message => message.Payload));
    }

    [Fact]
    public async Task Publish_StoreFails_ClosesWithoutAcknowledging()
    {
        await using var broker = await RunningBroker.StartAsync(new TestInbox { Outcome = DeliveryOutcome.Failed });
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawClient.Publish("a", "1", 1, 1));
        Assert.Empty(await client.ReadAsync());
        await broker.WaitForClosedAsync(MqttCloseReason.StoreFailed);
    }

    [Fact]
    public async Task Publish_Malformed_IsAcknowledgedSoThatItIsNotRepeated()
    {
        await using var broker = await RunningBroker.StartAsync(new TestInbox { Outcome = DeliveryOutcome.Malformed });
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawClient.Publish("a", "1", 1, 1));
        Assert.Equal([0x40, 2, 0, 1], await client.ReadAsync());
    }

    [Fact]
    public async Task Publish_Qos2ThreeTimesBeforePubRel_IsStoredOnce()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        for (var time = 0; time < 3; time++)
        {
            await client.SendAsync(RawClient.Publish("a", "1", 2, 5, flags: time > 0 ? 8 : 0));
            Assert.Equal([0x50, 2, 0, 5], await client.ReadAsync());
        }

        Assert.Single(broker.Inbox.Messages);
        await client.SendAsync([0x62, 2, 0, 5], RawClient.Publish("a", "2", 2, 5));
        Assert.Equal([0x70, 2, 0, 5], await client.ReadAsync());
        Assert.Equal([0x50, 2, 0, 5], await client.ReadAsync());
        Assert.Equal(["1", "2"], broker.Inbox.Messages.Select(message => message.Payload));
    }

    [Fact]
    public async Task Publish_Qos2RepeatedAfterReconnect_IsStoredOnce()
    {
        await using var broker = await RunningBroker.StartAsync();
        using (var first = await broker.ConnectAsync("d", clean: false))
        {
            await first.SendAsync(RawClient.Publish("a", "1", 2, 5));
            Assert.Equal([0x50, 2, 0, 5], await first.ReadAsync());
        }

        using var second = await broker.ConnectAsync("d", clean: false);
        await second.SendAsync(RawClient.Publish("a", "1", 2, 5, flags: 8));
        Assert.Equal([0x50, 2, 0, 5], await second.ReadAsync());
        Assert.Single(broker.Inbox.Messages);
    }

    [Fact]
    public async Task Publish_Qos2NewMessageUnderAnIdLeftOpen_IsStored()
    {
        await using var broker = await RunningBroker.StartAsync();
        using (var first = await broker.ConnectAsync("d"))
        {
            await first.SendAsync(RawClient.Publish("a", "old", 2, 1));
            Assert.Equal([0x50, 2, 0, 1], await first.ReadAsync());
        }

        using var second = await broker.ConnectAsync("d");
        await second.SendAsync(RawClient.Publish("a", "new", 2, 1));
        Assert.Equal([0x50, 2, 0, 1], await second.ReadAsync());
        Assert.Equal(["old", "new"], broker.Inbox.Messages.Select(message => message.Payload));
    }

    [Fact]
    public async Task Publish_Qos2NeverReleased_IsBounded()
    {
        await using var broker = await RunningBroker.StartAsync(options: new MqttBrokerOptions { MaxOutstanding = 4 });
        using var client = await broker.ConnectAsync("d", 5);
        await client.SendAsync([.. Enumerable.Range(1, 5).Select(id => RawClient.Publish("a", "x", 2, (ushort)id, 5))]);
        var packets = new List<byte[]>();
        while (await client.ReadAsync() is { Length: > 0 } packet)
        {
            packets.Add(packet);
        }

        Assert.Equal([0xE0, 1, 0x93], packets[^1]);
        Assert.Equal(4, broker.Inbox.Messages.Count);
    }

    [Fact]
    public async Task Publish_Qos1WithDup_IsMarkedAsPossibleDuplicateAndStored()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawClient.Publish("a", "1", 1, 1, flags: 8));
        Assert.Equal([0x40, 2, 0, 1], await client.ReadAsync());
        Assert.Equal(MessageTraits.PossibleDuplicate, Assert.Single(broker.Inbox.Messages).Traits);
    }

    [Theory]
    [InlineData(4, new byte[] { 0x40, 2, 0, 1 })]
    [InlineData(5, new byte[] { 0x40, 3, 0, 1, 0x90 })]
    public async Task Publish_InvalidTopic_IsRefusedAndNeitherStoredNorDistributed(int version, byte[] answer)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var subscriber = await broker.ConnectAsync("s", version);
        await subscriber.SendAsync(RawClient.Subscribe("#", version: version));
        await subscriber.ReadAsync();
        using var client = await broker.ConnectAsync("p", version);
        await client.SendAsync(RawClient.Publish("a/\r\nINFO", "1", 1, 1, version), RawClient.Publish("$SYS/x", "2", 0, 0, version));
        Assert.Equal(answer, await client.ReadAsync());
        Assert.NotNull(await client.PingAsync());
        Assert.Empty((await subscriber.PingAsync())!);
        Assert.Empty(broker.Inbox.Messages);
        Assert.Equal(2, broker.Inbox.Refused(RejectReason.InvalidTopic));
    }
}
