using System.Diagnostics;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

public sealed class MqttBrokerTests
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
    public async Task Connect_SameClientId_TakesOver()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var first = await broker.ConnectAsync("same", 5);
        using var second = await broker.ConnectAsync("same", 5);
        Assert.Equal(0x8E, (await first.ReadAsync())[2]);
        Assert.Empty(await first.ReadAsync());
        Assert.NotNull(await second.PingAsync());
        await broker.WaitForClosedAsync(MqttCloseReason.TakenOver);
    }

    [Theory]
    [InlineData("a#")]
    [InlineData("+")]
    [InlineData("../x")]
    [InlineData("a\nb")]
    public async Task Connect_HostileClientId_IsRefused(string id)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await RawClient.OpenAsync(broker.EndPoint);
        await client.SendAsync(RawClient.Connect(id));
        Assert.Equal([0x20, 2, 0, 2], await client.ReadAsync());
        Assert.Empty(await client.ReadAsync());
        await broker.WaitForClosedAsync(MqttCloseReason.Refused);
    }

    [Theory]
    [InlineData("100c00044d5154540402003c0000", new byte[] { 0x20, 2, 0, 0 })] // 3.1.1, clean, no id
    [InlineData("100c00044d5154540400003c0000", new byte[] { 0x20, 2, 0, 2 })] // 3.1.1, not clean, no id
    [InlineData("100e00064d514973647003020 03c0000", new byte[] { 0x20, 2, 0, 1 })] // 3.1
    public async Task Connect_WithoutId_DependsOnCleanSession(string hex, byte[] answer)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await RawClient.OpenAsync(broker.EndPoint);
        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(answer, await client.ReadAsync());
    }

    [Fact]
    public async Task Connect_Users_OnlyTheyMayConnect()
    {
        var options = new MqttBrokerOptions { Users = [new MqttUser("alice", MqttUser.Hash("secret"))] };
        await using var broker = await RunningBroker.StartAsync(options: options);
        foreach (var (user, password, code) in new[] { ("alice", "secret", 0), ("alice", "wrong", 4), ("bob", "secret", 4), ("alice", "secret", 0) })
        {
            using var client = await RawClient.OpenAsync(broker.EndPoint);
            await client.SendAsync(RawClient.Packet(0x10,
                [0, 4, .. "MQTT"u8, 4, 0xC2, 0, 60, .. RawClient.Text("id"), .. RawClient.Text(user), .. RawClient.Text(password)]));
            Assert.Equal([0x20, 2, 0, (byte)code], await client.ReadAsync());
        }

        using var anonymous = await RawClient.OpenAsync(broker.EndPoint);
        await anonymous.SendAsync(RawClient.Connect("id"));
        Assert.Equal([0x20, 2, 0, 5], await anonymous.ReadAsync());
    }

    [Fact]
    public async Task Connect_NothingComes_IsCutAfterTheTimeout()
    {
        var options = new MqttBrokerOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) };
        await using var broker = await RunningBroker.StartAsync(options: options);
        using var client = await RawClient.OpenAsync(broker.EndPoint);
        await client.SendAsync([0x10]);
        var started = Stopwatch.GetTimestamp();
        Assert.Empty(await client.ReadAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.05, 5);
        await broker.AssertServesAsync();
    }

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
    public async Task Connect_HugeHeaders_AllocateNothing()
    {
        await using var broker = await RunningBroker.StartAsync();
        await broker.AssertServesAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 1000; round++)
        {
            using var client = await RawClient.OpenAsync(broker.EndPoint);
            await client.SendAsync([0x10, 0xFF, 0xFF, 0xFF, 0x7F, 0]);
            Assert.Empty(await client.ReadAsync());
        }

        await broker.WaitForClosedAsync(MqttCloseReason.Oversize, 1000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20 << 20);
        await broker.AssertServesAsync();
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosedAtOnce()
    {
        await using var broker = await RunningBroker.StartAsync(options: new MqttBrokerOptions { MaxConnections = 2 });
        using var first = await broker.ConnectAsync("1");
        using var second = await broker.ConnectAsync("2");
        using var third = await RawClient.OpenAsync(broker.EndPoint);
        Assert.Empty(await third.ReadAsync());
        Assert.Equal(1, broker.Status.Closed[(int)MqttCloseReason.ConnectionLimit]);
        Assert.NotNull(await first.PingAsync());
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
